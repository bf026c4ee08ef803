// Host names become addresses, without keeping a stop waiting: resolvers can take half a minute to give up.
//
//   Errors   Code::not_found (no such name), Code::unavailable (no name server answered in time), Code::cancelled.
//   Effects  asks the system's resolver on a thread of its own; one that is given up on ends by itself later.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/ip_address.h"

namespace platen::host {

// Every address of the name, IPv4 first.
[[nodiscard]] Expected<std::vector<IpAddress>> resolve(const std::string& name, std::chrono::milliseconds patience,
                                                       const std::stop_token& stop);

}  // namespace platen::host
