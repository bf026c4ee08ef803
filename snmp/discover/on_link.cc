#include "snmp/discover/on_link.h"

#include <algorithm>

namespace platen::snmp {

OnLink::OnLink(std::vector<Route> routes, double entries) : routes_(std::move(routes)), entries_(entries) {
  std::stable_sort(routes_.begin(), routes_.end(), [](const Route& a, const Route& b) { return a.prefix > b.prefix; });
}

bool OnLink::holds(const IpAddress& address) const {
  if (!address.is_v4() || address.is_loopback()) return false;
  const std::uint32_t wanted = address.to_v4();
  for (const Route& route : routes_) {
    const std::uint32_t mask = route.prefix <= 0 ? 0 : ~0U << (32 - std::min(route.prefix, 32));
    if ((wanted & mask) == (route.network & mask)) return route.neighbours;
  }
  return false;
}

}  // namespace platen::snmp
