// What a sweep is to ask: scan.targets without scan.exclude as addresses, and the candidates that [discovery] finds. Names
// are asked for anew each time.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "agent/config/config.h"
#include "agent/schedule/rounds.h"
#include "base/ip_address.h"
#include "snmp/sources/candidates.h"

namespace platen::agent {

// The ways out of this process that looking up needs.
struct Lookup {
  std::function<std::vector<Expected<std::vector<IpAddress>>>(std::span<const std::string>, const std::stop_token&)>
      resolve;
  std::function<Expected<snmp::Candidates>(const snmp::Sources&, const snmp::Surroundings&, const std::stop_token&)>
      candidates;
};
[[nodiscard]] Lookup system_lookup(const Clock& clock);

// A name without an address just now leaves the answer incomplete; a name of a forbidden address (loopback, multicast
// …) is left out. Both are logged. An excluded name that has no address now excludes nothing, so nothing is asked that
// sweep.
[[nodiscard]] schedule::Targets targets_of(const config::Scan& scan, const config::Discovery& discovery,
                                           const Lookup& lookup, const std::stop_token& stop);

// targets_of() on a thread of its own: resolvers and multicast questions take seconds, and SNMP must not wait for them.
//   Threads  take() is called from one thread. Destroying it stops what is under way, without waiting for resolvers.
class TargetFinder {
 public:
  TargetFinder(config::Scan scan, config::Discovery discovery, Lookup lookup);
  // The first call begins to look; nothing until all is found. Then the next call looks anew.
  [[nodiscard]] std::optional<schedule::Targets> take();

 private:
  config::Scan scan_;
  config::Discovery discovery_;
  Lookup lookup_;
  std::mutex mutex_;
  std::optional<schedule::Targets> found_;
  bool looking_ = false;
  std::jthread worker_;  // last: it ends before what it uses
};

}  // namespace platen::agent
