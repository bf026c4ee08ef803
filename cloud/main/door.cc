#include "cloud/main/door.h"

#include "base/log.h"

namespace platen::cloud {
namespace {

constexpr std::chrono::seconds look_every{1};

}  // namespace

Expected<void> Door::admit(const std::string& agent, const std::string& instance, const std::string& peer) {
  const MonotonicTime now = clock_.monotonic();
  const std::lock_guard hold(mutex_);
  look_up(now);
  if (removed_.count(agent) != 0) return fail(Code::denied, "this agent was removed from the cloud");
  if (const auto copied = presence_.spoke(agent, instance, peer, now)) {
    log::warn("identity.copied", {{"agent", agent}, {"why", *copied}});
    const auto kept = registry_.copied(agent, *copied, clock_.wall());
    if (!kept) log::warn("identity.not_kept", {{"agent", agent}, {"why", kept.error().text}});
  }
  return {};
}

void Door::look_up(MonotonicTime now) {
  if (looked_up_ != MonotonicTime::min() && now - looked_up_ < look_every) return;
  looked_up_ = now;
  auto removed = registry_.revoked();
  if (removed) removed_ = std::move(*removed);
  if (!removed) log::warn("identity.not_looked_up", {{"why", removed.error().text}});
}

}  // namespace platen::cloud
