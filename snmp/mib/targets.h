// Which addresses to ask: addresses, ranges, CIDR; exclusions likewise. Pure but for the names of network interfaces;
// host names are resolved by the caller.
//
//   Shapes   "192.0.2.7", "192.0.2.1-192.0.2.40", "192.0.2.1-40", "192.0.2.0/24" (a CIDR block of /30 or shorter leaves
//            out its network and broadcast address), "2001:db8::7", "fe80::7%eth0" (one address, never a range).
//   Errors   Code::invalid, one sentence that names the target and the way out: reversed range, prefix beyond /32 or
//            wider than /12 ("10.0.0.0/0"), "::/0" or any IPv6 range, multicast, broadcast, 0.0.0.0/8; loopback unless
//            allowed.
#pragma once

#include <cstdint>
#include <memory>
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

// What a target is for: those that are left out, or within which others may name candidates, may be of any width and
// be IPv6 networks too.
enum class Use { ask, exclude, within };

// One target by itself.
[[nodiscard]] Expected<void> check_target(std::string_view target, Use use, const TargetOptions& options);

// Overlaps are asked once. The order goes round the subnets (/24, /64), one address of each, so that none gets a burst.
[[nodiscard]] Expected<std::vector<IpAddress>> expand_targets(std::span<const std::string> targets,
                                                              std::span<const std::string> excluded,
                                                              const TargetOptions& options);

// What may be asked at all: addresses that others name (an answer to a multicast question, a neighbour's table) are
// asked only when they are in here.
class Reach {
 public:
  Reach();  // nothing
  // Everything in `targets` and `within`, without `excluded` and without what may never be asked.
  [[nodiscard]] static Expected<Reach> of(std::span<const std::string> targets, std::span<const std::string> within,
                                          std::span<const std::string> excluded, const TargetOptions& options);
  [[nodiscard]] bool holds(const IpAddress& address) const;
  [[nodiscard]] bool excludes(const IpAddress& address) const;  // it was left out on purpose

 private:
  struct Blocks;
  std::shared_ptr<const Blocks> blocks_;
};

// True when `text` is written like an address, a range or CIDR (valid or not), so it is not a host name.
[[nodiscard]] bool looks_like_address(std::string_view text);
// RFC 1123 §2.1: letters, digits, hyphens and dots; underscores are met, too.
[[nodiscard]] bool is_host_name(std::string_view text);

}  // namespace platen::snmp
