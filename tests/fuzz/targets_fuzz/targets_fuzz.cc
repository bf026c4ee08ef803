// Targets and exclusions as a person might type them: one a line, exclusions start with '!'.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "snmp/mib/targets.h"

namespace {
void demand(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> targets, excluded;
  std::string line;
  for (const char c : std::string_view(reinterpret_cast<const char*>(data), size)) {
    if (c != '\n') {
      line += c;
      continue;
    }
    (line.starts_with('!') ? excluded : targets).push_back(line.substr(line.starts_with('!') ? 1 : 0));
    line.clear();
  }
  const platen::snmp::TargetOptions options{.allow_loopback = false, .max_addresses = 4096};
  const auto all = platen::snmp::expand_targets(targets, excluded, options);
  for (const std::string& target : targets) (void)platen::snmp::looks_like_address(target);
  const auto reach = platen::snmp::Reach::of({}, targets, excluded, options);
  if (!all) {
    demand(all.error().code == platen::Code::invalid);
    return 0;
  }
  demand(all->size() <= options.max_addresses);
  demand(std::set<platen::IpAddress>(all->begin(), all->end()).size() == all->size());
  for (const platen::IpAddress& address : *all) demand(!address.is_loopback() && !address.is_multicast());
  demand(reach.has_value());  // what may be asked may be a place for candidates, too
  for (const platen::IpAddress& address : *all) demand(reach->holds(address));
  return 0;
}
