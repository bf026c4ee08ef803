// scan.targets and scan.exclude as addresses, when a sweep begins: names are asked for anew each time.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/schedule/rounds.h"
#include "base/ip_address.h"

namespace platen::agent {

using Resolve = std::function<Expected<std::vector<IpAddress>>(const std::string& name, const std::stop_token& stop)>;

// A name without an address just now leaves the answer incomplete; a name of a forbidden address (loopback, multicast
// …) is left out. Both are logged. An excluded name that has no address now excludes nothing, so nothing is asked that
// sweep.
[[nodiscard]] schedule::Targets targets_of(const config::Scan& scan, const Resolve& resolve,
                                           const std::stop_token& stop);

}  // namespace platen::agent
