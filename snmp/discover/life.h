// Is a host there, whatever it thinks of SNMP? Signs that need no privileges.
//
//   Effects  resolved_neighbours() reads the kernel's table. look_for_life() sends one ICMP echo request (where the
//            system lets everybody send them) and opens a TCP connection to the ports of web pages (443, 80), closed at
//            once; it waits for the first sign, at most `patience`.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string_view>

#include "base/ip_address.h"

namespace platen::snmp {

enum class Life { neighbour, echo, web_open, web_closed };
[[nodiscard]] std::string_view text_of(Life sign);  // "it answers ping"

// Addresses of the own networks whose hardware address the kernel knows just now. IPv4 only.
[[nodiscard]] std::set<IpAddress> resolved_neighbours();
// Nothing for an address of this machine: its own answers prove nothing.
[[nodiscard]] std::optional<Life> look_for_life(const IpAddress& address, std::chrono::milliseconds patience);

}  // namespace platen::snmp
