// A non-blocking, unconnected UDP socket of one family, bound to a port that the kernel picks.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <span>
#include <string>

#include "base/expected.h"
#include "snmp/engine/datagram_port.h"

namespace platen::snmp {

inline constexpr std::size_t slot_octets =
    65'536;  // smaller slots lost every answer of an agent that fills its datagrams

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// Fills `into` for `peer`; returns its length.
socklen_t to_socket_address(const Peer& peer, SocketAddress& into);
[[nodiscard]] Peer to_peer(const SocketAddress& address);

class UdpSocket {
 public:
  // Takes what the kernel grants of the receive buffer. Errors: Code::unavailable.
  [[nodiscard]] static Expected<UdpSocket> open(int family, std::size_t receive_buffer = wanted_receive_buffer);
  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&&) = delete;
  ~UdpSocket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] std::size_t receive_buffer() const;
  [[nodiscard]] std::size_t send_buffer() const;
  void set(int level, int option, int value) const;  // best effort

 private:
  [[nodiscard]] std::size_t granted(int option) const;
  explicit UdpSocket(int fd) : fd_(fd) {}
  int fd_;
};

// True when the error in errno means "later", false when it belongs to the datagram or to the network.
[[nodiscard]] bool would_block(int error);
[[nodiscard]] std::string reason_of(int error);
// Bits: of which of `fds` an error waits. With IP_RECVERR poll() returns at once until somebody has taken it.
unsigned wait_for(std::span<const int> fds, std::chrono::milliseconds longest, bool want_send);

}  // namespace platen::snmp
