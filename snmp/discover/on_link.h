// Which addresses are neighbours on a network of this machine, so that the kernel must resolve each one (ARP).
//
//   Source   the IPv4 routing table by rtnetlink (rtnetlink(7)): a route without a gateway, not on loopback.
//   Errors   a table that cannot be read makes everything a neighbour: slow, never lossy.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ip_address.h"

namespace platen::snmp {

struct Route {
  std::uint32_t network = 0;  // host order
  int prefix = 0;             // length
  bool neighbours = false;    // reached directly, by address resolution
};

class OnLink {
 public:
  explicit OnLink(std::vector<Route> routes);
  [[nodiscard]] static OnLink of_this_machine();
  // The longest prefix that fits decides. Loopback and IPv6 (never a range) are not on-link.
  [[nodiscard]] bool holds(const IpAddress& address) const;

 private:
  std::vector<Route> routes_;  // longest prefix first
};

}  // namespace platen::snmp
