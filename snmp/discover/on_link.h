// Which addresses are neighbours on a network of this machine, so that the kernel must resolve each one (ARP).
//
//   Source   the IPv4 routing table by rtnetlink (rtnetlink(7)): a route without a gateway, not on loopback.
//            The size of the neighbour table: gc_thresh3 of net.ipv4.neigh.default, for all network namespaces together.
//   Errors   a routing table that cannot be read makes everything a neighbour: slow, never lossy. Where gc_thresh3
//            cannot be read (inside a network namespace), the kernel's own default is assumed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ip_address.h"
#include "snmp/engine/pace.h"

namespace platen::snmp {

struct Route {
  std::uint32_t network = 0;  // host order
  int prefix = 0;             // length
  bool neighbours = false;    // reached directly, by address resolution
};

class OnLink {
 public:
  // `entries` of the kernel's neighbour table may be used by everybody on this machine together.
  explicit OnLink(std::vector<Route> routes, double entries = kPace.neighbour_entries);
  [[nodiscard]] static OnLink of_this_machine();
  // The longest prefix that fits decides. Loopback and IPv6 (never a range) are not on-link.
  [[nodiscard]] bool holds(const IpAddress& address) const;
  // How many neighbours may newly be asked in a second, so that the silent ones among them fit the table.
  [[nodiscard]] double asks_a_second() const { return kPace.on_link_a_second(entries_); }

 private:
  std::vector<Route> routes_;  // longest prefix first
  double entries_;
};

}  // namespace platen::snmp
