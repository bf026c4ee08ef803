// Which addresses to ask: addresses, ranges, CIDR; exclusions likewise. Pure; names are resolved by the caller.
//
//   Shapes   "192.0.2.7", "192.0.2.1-192.0.2.40", "192.0.2.1-40", "192.0.2.0/24" (a CIDR block of /30 or shorter leaves
//   out
//            its network and broadcast address), "2001:db8::7" (one address, never a range).
//   Errors   Code::invalid, one sentence that names the target and the way out: reversed range, prefix beyond /32 or
//   wider
//            than /12 ("10.0.0.0/0"), "::/0" or any IPv6 range, multicast, broadcast, 0.0.0.0/8; loopback unless
//            allowed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/ip_address.h"

namespace platen::snmp {

struct TargetOptions {
  bool allow_loopback = false;
  std::uint64_t max_addresses = 1U << 20U;
};

// Overlaps are asked once; the order is interleaved over the given targets so that no subnet gets a burst.
[[nodiscard]] Expected<std::vector<IpAddress>> expand_targets(std::span<const std::string> targets,
                                                              std::span<const std::string> excluded,
                                                              const TargetOptions& options);
// True when `text` is written like an address, a range or CIDR (valid or not), so it is not a host name.
[[nodiscard]] bool looks_like_address(std::string_view text);

}  // namespace platen::snmp
