#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <bit>
#include <cstring>
#include <optional>

#include "base/handle.h"
#include "snmp/sources/own_networks.h"

namespace platen::snmp {
namespace {

struct Part {
  IpAddress address;
  int ones = 0;  // set bits, when it is a mask
};

std::optional<Part> part_of(const ::sockaddr* from) {
  if (from == nullptr) return std::nullopt;
  if (from->sa_family == AF_INET) {
    ::sockaddr_in four = {};
    std::memcpy(&four, from, sizeof four);
    const std::uint32_t host_order = ntohl(four.sin_addr.s_addr);
    return Part{IpAddress::v4(host_order), std::popcount(host_order)};
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  ::sockaddr_in6 six = {};
  std::memcpy(&six, from, sizeof six);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &six.sin6_addr, octets.size());
  Part part{IpAddress::v6(octets), 0};
  for (const std::uint8_t octet : octets) part.ones += std::popcount(octet);
  return part;
}

}  // namespace

std::vector<OwnNetwork> own_networks(bool with_loopback) {
  ::ifaddrs* raw = nullptr;
  if (::getifaddrs(&raw) != 0) return {};
  const Handle<::ifaddrs, ::freeifaddrs> list(raw);
  std::vector<OwnNetwork> out;
  for (const ::ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    const auto address = part_of(entry->ifa_addr);
    const auto mask = part_of(entry->ifa_netmask);
    const bool up = (entry->ifa_flags & IFF_UP) != 0, loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
    if (!address || !mask || !up || (loopback && !with_loopback)) continue;
    out.push_back({entry->ifa_name, ::if_nametoindex(entry->ifa_name), address->address, mask->ones});
  }
  return out;
}

}  // namespace platen::snmp
