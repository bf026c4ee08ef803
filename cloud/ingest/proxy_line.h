// The line in which a front end says whose connection it hands on. Pure.
//
//   Source   The PROXY protocol, version 1 (HAProxy, section 2.1): what nginx' stream module writes.
//   Errors   Code::invalid: it is no such line.
#pragma once

#include <optional>
#include <string_view>

#include "base/expected.h"
#include "base/ip_address.h"

namespace platen::cloud {

inline constexpr std::size_t longest_proxy_line = 107;  // octets, the line's end included

// `line`: with its CR LF. Nothing: "UNKNOWN", the front end speaks for itself. An IPv4 address mapped into IPv6 is IPv4.
[[nodiscard]] Expected<std::optional<IpAddress>> proxied_address(std::string_view line);
[[nodiscard]] IpAddress unmapped(const IpAddress& address);  // ::ffff:192.0.2.7 is 192.0.2.7

}  // namespace platen::cloud
