#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <fstream>
#include <optional>

#include "base/descriptor.h"
#include "snmp/discover/on_link.h"

namespace platen::snmp {
namespace {

bool ask_for_routes(int fd) {
  struct {
    nlmsghdr header;
    rtmsg body;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.header.nlmsg_seq = 1;
  request.body.rtm_family = AF_INET;
  return ::send(fd, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request);
}

// The macros of linux/rtnetlink.h cast away alignment and sign; these walk the same records by copying.
template <class Header>
std::optional<Header> header_at(const char* at, const char* end) {
  if (end - at < static_cast<std::ptrdiff_t>(sizeof(Header))) return std::nullopt;
  Header header{};
  std::memcpy(&header, at, sizeof header);
  return header;
}
constexpr std::size_t aligned(std::size_t length) { return (length + 3U) & ~std::size_t{3}; }

std::optional<Route> read_route(const char* at, const char* end) {
  const auto body = header_at<rtmsg>(at, end);
  if (!body || body->rtm_family != AF_INET || body->rtm_type != RTN_UNICAST) return std::nullopt;
  Route route{0, body->rtm_dst_len, true};
  at += aligned(sizeof(rtmsg));
  while (const auto attribute = header_at<rtattr>(at, end)) {
    if (attribute->rta_len < sizeof(rtattr) || attribute->rta_len > end - at) break;
    const char* value = at + aligned(sizeof(rtattr));
    const bool four = attribute->rta_len >= aligned(sizeof(rtattr)) + 4;
    if (attribute->rta_type == RTA_DST && four) {
      std::uint32_t network = 0;
      std::memcpy(&network, value, sizeof network);
      route.network = ntohl(network);
    } else if (attribute->rta_type == RTA_OIF && four) {
      unsigned interface = 0;
      std::memcpy(&interface, value, sizeof interface);
      std::array<char, IF_NAMESIZE> name{};
      if (::if_indextoname(interface, name.data()) != nullptr && std::strcmp(name.data(), "lo") == 0) {
        route.neighbours = false;
      }
    } else if (attribute->rta_type == RTA_GATEWAY || attribute->rta_type == RTA_VIA) {
      route.neighbours = false;
    }
    at += std::min<std::size_t>(aligned(attribute->rta_len), static_cast<std::size_t>(end - at));
  }
  return route;
}

enum class Part { more, done, broken };

Part read_part(const char* at, const char* end, std::vector<Route>& routes) {
  while (const auto header = header_at<nlmsghdr>(at, end)) {
    if (header->nlmsg_type == NLMSG_DONE) return Part::done;
    if (header->nlmsg_type == NLMSG_ERROR || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > end - at) {
      return Part::broken;
    }
    if (header->nlmsg_type == RTM_NEWROUTE) {
      if (const auto route = read_route(at + sizeof(nlmsghdr), at + header->nlmsg_len)) routes.push_back(*route);
    }
    at += std::min<std::size_t>(aligned(header->nlmsg_len), static_cast<std::size_t>(end - at));
  }
  return Part::more;
}

double neighbour_entries() {
  double entries = 0;
  std::ifstream("/proc/sys/net/ipv4/neigh/default/gc_thresh3") >> entries;
  return entries >= 1 ? entries : kPace.neighbour_entries;
}

}  // namespace

OnLink OnLink::of_this_machine() {
  const double entries = neighbour_entries();
  OnLink everything({Route{0, 0, true}}, entries);
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (socket.get() < 0 || !ask_for_routes(socket.get())) return everything;
  std::vector<Route> routes;
  std::vector<char> buffer(64U << 10U);
  while (true) {
    const ssize_t got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) return everything;
    const Part part = read_part(buffer.data(), buffer.data() + got, routes);
    if (part == Part::broken) return everything;
    if (part == Part::done) return OnLink(std::move(routes), entries);
  }
}

}  // namespace platen::snmp
