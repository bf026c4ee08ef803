// Host names become addresses, without keeping a stop waiting: resolvers can take half a minute to give up.
//
//   Errors   Code::not_found (no such name), Code::unavailable (no name server answered in time), Code::cancelled.
//   Effects  asks the system's resolver on threads of its own; those that are given up on end by themselves later.
#pragma once

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/ip_address.h"

namespace platen::host {

// Every address of the name, IPv4 first. `localhost` and what ends so is this host: nobody is asked (RFC 6761 §6.3).
[[nodiscard]] Expected<std::vector<IpAddress>> resolve(const std::string& name, std::chrono::milliseconds patience,
                                                       const std::stop_token& stop);
// One answer for each name, in their order: several are asked for at a time, and all within `patience`.
[[nodiscard]] std::vector<Expected<std::vector<IpAddress>>> resolve_all(std::span<const std::string> names,
                                                                        std::chrono::milliseconds patience,
                                                                        const std::stop_token& stop);

}  // namespace platen::host
