#include "agent/main/targets.h"

#include "base/log.h"
#include "snmp/mib/targets.h"

namespace platen::agent {
namespace {

// `items` with each name replaced by its addresses. False when one had none.
bool resolve_names(std::vector<std::string>& items, const Resolve& resolve, const std::stop_token& stop) {
  bool complete = true;
  std::vector<std::string> out;
  for (const std::string& item : items) {
    if (snmp::looks_like_address(item)) {
      out.push_back(item);
      continue;
    }
    const auto addresses = resolve(item, stop);
    complete = complete && addresses;
    if (!addresses) log::warn("target.unresolved", {{"name", item}, {"why", addresses.error().text}});
    if (!addresses) continue;
    for (const IpAddress& address : *addresses) out.push_back(address.text());
  }
  items = std::move(out);
  return complete;
}

}  // namespace

schedule::Targets targets_of(const config::Scan& scan, const Resolve& resolve, const std::stop_token& stop) {
  const snmp::TargetOptions options{.allow_loopback = scan.allow_loopback};
  schedule::Targets out;
  std::vector<std::string> excluded = scan.exclude, wanted = scan.targets;
  if (!resolve_names(excluded, resolve, stop)) return {.addresses = {}, .complete = false};
  out.complete = resolve_names(wanted, resolve, stop);
  std::erase_if(wanted, [&](const std::string& item) {
    const std::string one[] = {item};
    const auto fine = snmp::expand_targets(one, {}, options);
    if (!fine) log::warn("target.refused", {{"why", fine.error().text}});
    return !fine;
  });
  auto all = snmp::expand_targets(wanted, excluded, options);
  if (!all) log::error("target.refused", {{"why", all.error().text}});
  if (all) out.addresses = std::move(*all);
  return out;
}

}  // namespace platen::agent
