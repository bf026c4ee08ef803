#include "agent/main/targets.h"

#include <unordered_set>

#include "agent/host/resolve.h"
#include "base/log.h"

namespace platen::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto resolver_patience = 10s;

// Candidates first: they have said that they are there.
void add_candidates(const config::Discovery& discovery, const snmp::Surroundings& around, const Lookup& lookup,
                    const std::stop_token& stop, schedule::Targets& out) {
  const auto reach = snmp::reach_of(around);
  if (!reach) return log::error("target.refused", {{"why", reach.error().text}});
  out.allowed = [reach = *reach](const IpAddress& address) { return reach.holds(address); };
  const auto found = lookup.candidates({discovery.mdns, discovery.wsd, discovery.slp}, around, stop);
  if (!found) return log::warn("candidates.none", {{"why", found.error().text}});
  std::unordered_set<IpAddress> known(out.addresses.begin(), out.addresses.end());
  std::vector<IpAddress> all;
  for (const IpAddress& address : found->addresses) {
    if (known.insert(address).second) all.push_back(address);
  }
  log::info("candidates", {{"answers", found->answers},
                           {"addresses", found->addresses.size()},
                           {"new", all.size()},
                           {"outside", found->outside}});
  all.insert(all.end(), out.addresses.begin(), out.addresses.end());
  out.addresses = std::move(all);
}

}  // namespace

Lookup system_lookup(const Clock& clock) {
  return {.resolve = [](std::span<const std::string> names,
                        const std::stop_token& stop) { return host::resolve_all(names, resolver_patience, stop); },
          .candidates =
              [&clock](const snmp::Sources& sources, const snmp::Surroundings& around, const std::stop_token& stop) {
                return snmp::find_candidates(sources, around, clock, stop);
              }};
}

schedule::Targets targets_of(const config::Scan& scan, const config::Discovery& discovery, const Lookup& lookup,
                             const std::stop_token& stop) {
  const auto resolve = [&](std::span<const std::string> names) { return lookup.resolve(names, stop); };
  const auto say = [](const std::vector<Error>& missing) {
    for (const Error& each : missing) log::warn("target.unresolved", {{"why", each.text}});
    return missing.empty();
  };
  auto excluded = config::with_addresses(scan.exclude, snmp::Use::exclude, resolve);
  if (!say(excluded.missing)) return {.addresses = {}, .complete = false};
  auto wanted = config::with_addresses(scan.targets, snmp::Use::ask, resolve);
  schedule::Targets out;
  out.complete = say(wanted.missing);
  const snmp::TargetOptions options{.allow_loopback = scan.allow_loopback};
  std::erase_if(wanted.addresses, [&](const std::string& item) {
    const auto fine = snmp::check_target(item, snmp::Use::ask, options);
    if (!fine) log::warn("target.refused", {{"why", fine.error().text}});
    return !fine;
  });
  auto all = snmp::expand_targets(wanted.addresses, excluded.addresses, options);
  if (!all) log::error("target.refused", {{"why", all.error().text}});
  if (all) out.addresses = std::move(*all);
  if (!discovery.any()) return out;
  const snmp::Surroundings around{std::move(wanted.addresses), discovery.within, std::move(excluded.addresses),
                                  options};
  add_candidates(discovery, around, lookup, stop, out);
  return out;
}

TargetFinder::TargetFinder(config::Scan scan, config::Discovery discovery, Lookup lookup)
    : scan_(std::move(scan)), discovery_(std::move(discovery)), lookup_(std::move(lookup)) {}

std::optional<schedule::Targets> TargetFinder::take() {
  {
    const std::lock_guard hold(mutex_);
    if (found_) return std::exchange(found_, std::nullopt);
    if (std::exchange(looking_, true)) return std::nullopt;
  }
  worker_ = std::jthread([this](const std::stop_token& stop) {
    schedule::Targets found = targets_of(scan_, discovery_, lookup_, stop);
    const std::lock_guard hold(mutex_);
    found_ = std::move(found);
    looking_ = false;
  });
  return std::nullopt;
}

}  // namespace platen::agent
