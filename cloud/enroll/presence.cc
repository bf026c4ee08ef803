#include "cloud/enroll/presence.h"

#include <algorithm>

namespace platen::enroll {

std::optional<std::string> Presence::spoke(const std::string& agent, const std::string& instance,
                                           const std::string& address, MonotonicTime now) {
  if (instance.empty() || (agents_.size() >= most_agents && agents_.count(agent) == 0)) return std::nullopt;
  Agent& known = agents_[agent];
  std::vector<Process>& all = known.processes;
  auto speaker = std::find_if(all.begin(), all.end(), [&](const Process& each) { return each.instance == instance; });
  if (speaker == all.end()) {
    if (all.size() == 2) all.erase(all.begin());
    all.push_back({instance, address, now, now});
    return std::nullopt;
  }
  speaker->address = address;
  speaker->last = now;
  const Process& other = speaker == all.begin() ? all.back() : all.front();
  const bool two = other.instance != instance && other.began > speaker->began && now - other.began >= settled &&
                   now - other.last <= recent;
  if (!two || (known.said && now - *known.said < said_again)) return std::nullopt;
  known.said = now;
  return "two hosts speak under this name at once (from " + address + " and " + other.address +
         "): the identity was copied";
}

}  // namespace platen::enroll
