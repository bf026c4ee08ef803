#include "snmp/engine/udp_socket.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace platen::snmp {

socklen_t to_socket_address(const Peer& peer, SocketAddress& into) {
  into = {};
  if (peer.address.is_v4()) {
    into.v4.sin_family = AF_INET;
    into.v4.sin_port = htons(peer.port);
    into.v4.sin_addr.s_addr = htonl(peer.address.to_v4());
    return sizeof(into.v4);
  }
  into.v6 = {};
  into.v6.sin6_family = AF_INET6;
  into.v6.sin6_port = htons(peer.port);
  std::ranges::copy(peer.address.octets(), into.v6.sin6_addr.s6_addr);
  into.v6.sin6_scope_id = peer.address.scope();
  return sizeof(into.v6);
}

Peer to_peer(const SocketAddress& address) {
  if (address.any.sa_family == AF_INET)
    return {IpAddress::v4(ntohl(address.v4.sin_addr.s_addr)), ntohs(address.v4.sin_port)};
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(address.v6.sin6_addr.s6_addr, octets.begin());
  return {IpAddress::v6(octets).with_scope(address.v6.sin6_scope_id), ntohs(address.v6.sin6_port)};
}

Expected<UdpSocket> UdpSocket::open(int family, std::size_t receive_buffer) {
  const int wanted_buffer = static_cast<int>(receive_buffer);
  const int fd = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(Code::unavailable, "no UDP socket for SNMP: " + reason_of(errno));
  UdpSocket made(fd);
  if (family == AF_INET6) made.set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
  constexpr int wanted_out = 4 << 20;              // datagrams to unresolved neighbours wait there
  made.set(SOL_SOCKET, SO_RCVBUF, wanted_buffer);  // up to net.core.rmem_max
  made.set(SOL_SOCKET, SO_SNDBUF, wanted_out);
#ifdef SO_RCVBUFFORCE
  made.set(SOL_SOCKET, SO_RCVBUFFORCE, wanted_buffer);  // beyond it, with CAP_NET_ADMIN
  made.set(SOL_SOCKET, SO_SNDBUFFORCE, wanted_out);
#endif
  SocketAddress any{};
  any.any.sa_family = static_cast<sa_family_t>(family);
  const socklen_t length = family == AF_INET6 ? sizeof(any.v6) : sizeof(any.v4);
  if (::bind(fd, &any.any, length) != 0) return fail(Code::unavailable, "no UDP port for SNMP: " + reason_of(errno));
  return made;
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) ::close(fd_);
}

std::size_t UdpSocket::granted(int option) const {
  int octets = 0;
  socklen_t length = sizeof(octets);
  if (::getsockopt(fd_, SOL_SOCKET, option, &octets, &length) != 0 || octets < 0) return 0;
  return static_cast<std::size_t>(octets);
}

std::size_t UdpSocket::receive_buffer() const { return granted(SO_RCVBUF); }
std::size_t UdpSocket::send_buffer() const { return granted(SO_SNDBUF); }

void UdpSocket::set(int level, int option, int value) const {
  static_cast<void>(::setsockopt(fd_, level, option, &value, sizeof(value)));
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS ||
         error == ENOMEM;  // NOLINT(misc-redundant-expression)
}

std::string reason_of(int error) { return std::generic_category().message(error); }

unsigned wait_for(std::span<const int> fds, std::chrono::milliseconds longest, bool want_send) {
  std::array<pollfd, 2> watched{};
  const std::size_t count = std::min(fds.size(), watched.size());
  const auto events = static_cast<short>(want_send ? POLLIN | POLLOUT : POLLIN);
  for (std::size_t i = 0; i < count; ++i) watched[i] = {fds[i], events, 0};
  static_cast<void>(::poll(watched.data(), static_cast<nfds_t>(count), static_cast<int>(longest.count())));
  unsigned errors = 0;
  for (std::size_t i = 0; i < count; ++i) errors |= (watched[i].revents & POLLERR) != 0 ? 1U << i : 0U;
  return errors;
}

}  // namespace platen::snmp
