#include "snmp/discover/life.h"

#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "snmp/engine/udp_socket.h"

namespace platen::snmp {
namespace {

struct Attempt {
  Descriptor socket;
  bool echo;
};

int family_of(const IpAddress& address) { return address.is_v4() ? AF_INET : AF_INET6; }

// Connected, so that an answer can come from that host alone.
std::optional<Attempt> ping(const IpAddress& address) {
  constexpr std::uint8_t echo_request_v6 = 128;  // RFC 4443 §4.1
  const int protocol = address.is_v4() ? static_cast<int>(IPPROTO_ICMP) : static_cast<int>(IPPROTO_ICMPV6);
  Descriptor socket(::socket(family_of(address), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (socket.get() < 0) return std::nullopt;  // net.ipv4.ping_group_range keeps us out
  SocketAddress to{};
  const socklen_t length = to_socket_address({address, 0}, to);
  std::array<std::uint8_t, 8> request{};  // the kernel fills in identifier and checksum
  request[0] = address.is_v4() ? std::uint8_t{ICMP_ECHO} : echo_request_v6;
  if (::connect(socket.get(), &to.any, length) != 0) return std::nullopt;
  if (::send(socket.get(), request.data(), request.size(), 0) < 0) return std::nullopt;
  return Attempt{std::move(socket), true};
}

std::optional<Attempt> call(const IpAddress& address, std::uint16_t port) {
  Descriptor socket(::socket(family_of(address), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return std::nullopt;
  SocketAddress to{};
  const socklen_t length = to_socket_address({address, port}, to);
  if (::connect(socket.get(), &to.any, length) != 0 && errno != EINPROGRESS && errno != ECONNREFUSED)
    return std::nullopt;
  return Attempt{std::move(socket), false};
}

std::optional<Life> sign_of(const Attempt& attempt) {
  int error = 0;
  socklen_t length = sizeof(error);
  if (::getsockopt(attempt.socket.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) return std::nullopt;
  if (attempt.echo) return error == 0 ? std::optional(Life::echo) : std::nullopt;
  if (error == 0) return Life::web_open;
  return error == ECONNREFUSED ? std::optional(Life::web_closed) : std::nullopt;
}

}  // namespace

std::string_view text_of(Life sign) {
  switch (sign) {
    case Life::neighbour: return "it answers ARP";
    case Life::echo: return "it answers ping";
    case Life::web_open: return "its web page answers";
    case Life::web_closed: return "it refuses a TCP connection";
  }
  return "?";
}

std::set<IpAddress> resolved_neighbours() {
  constexpr unsigned complete = 0x02;  // ATF_COM (linux/if_arp.h)
  std::set<IpAddress> found;
  std::ifstream table("/proc/net/arp");
  std::string line;
  std::getline(table, line);  // the heads of the columns
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string address, type;
    unsigned flags = 0;
    words >> address >> type >> std::hex >> flags;
    if (const auto parsed = IpAddress::parse(address); parsed && (flags & complete) != 0) found.insert(*parsed);
  }
  return found;
}

std::optional<Life> look_for_life(const IpAddress& address, std::chrono::milliseconds patience) {
  if (address.is_loopback()) return std::nullopt;
  std::vector<Attempt> attempts;
  for (auto attempt :
       {ping, +[](const IpAddress& to) { return call(to, 443); }, +[](const IpAddress& to) { return call(to, 80); }}) {
    if (auto begun = attempt(address)) attempts.push_back(std::move(*begun));
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!attempts.empty()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    std::vector<pollfd> watched;
    watched.reserve(attempts.size());
    for (const Attempt& each : attempts)
      watched.push_back({each.socket.get(), static_cast<short>(each.echo ? POLLIN : POLLOUT), 0});
    if (left.count() <= 0 || ::poll(watched.data(), watched.size(), static_cast<int>(left.count())) <= 0) break;
    for (std::size_t i = watched.size(); i-- > 0;) {
      if (watched[i].revents == 0) continue;
      if (const auto sign = sign_of(attempts[i])) return sign;
      attempts.erase(attempts.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (resolved_neighbours().contains(address)) return Life::neighbour;
  return std::nullopt;
}

}  // namespace platen::snmp
