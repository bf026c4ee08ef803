// One datagram a call: what every system with UDP sockets can do.
#include <array>
#include <cerrno>
#include <memory>

#include "snmp/engine/datagram_port.h"
#include "snmp/engine/udp_socket.h"

namespace platen::snmp {
namespace {

class PlainPort final : public DatagramPort {
 public:
  explicit PlainPort(UdpSocket v4) { sockets_.push_back(std::move(v4)); }
  void add_v6(UdpSocket v6) { sockets_.push_back(std::move(v6)); }

  std::size_t hand_over(std::span<const OutDatagram> out) override {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!send_one(out[i])) return i;
    }
    return out.size();
  }

  std::span<const InDatagram> receive() override {
    batch_ = std::exchange(failures_, {});
    std::size_t slot = 0;
    for (const UdpSocket& socket : sockets_) {
      while (slot < slots && receive_one(socket, slot)) ++slot;
    }
    return batch_;
  }

  void wait(std::chrono::milliseconds longest, bool want_send) override {
    std::array<int, 2> fds{};
    for (std::size_t i = 0; i < sockets_.size(); ++i) fds[i] = sockets_[i].fd();
    static_cast<void>(wait_for(std::span(fds).first(sockets_.size()),
                               failures_.empty() ? longest : std::chrono::milliseconds(0), want_send));
  }

  [[nodiscard]] std::size_t receive_buffer() const override { return sockets_.front().receive_buffer(); }
  [[nodiscard]] std::size_t send_buffer() const override { return sockets_.front().send_buffer(); }
  [[nodiscard]] std::uint64_t dropped() const override { return 0; }  // nobody tells

 private:
  static constexpr std::size_t slots = 16;

  // False: would block.
  bool send_one(const OutDatagram& datagram) {
    const std::size_t family = datagram.to.address.is_v4() ? 0 : 1;
    if (family >= sockets_.size()) {
      failures_.push_back({datagram.to, {}, false, reason_of(EAFNOSUPPORT)});
      return true;
    }
    SocketAddress to{};
    const socklen_t length = to_socket_address(datagram.to, to);
    while (::sendto(sockets_[family].fd(), datagram.octets.data(), datagram.octets.size(), 0, &to.any, length) < 0) {
      if (errno == EINTR) continue;
      if (would_block(errno)) return false;
      failures_.push_back({datagram.to, {}, false, reason_of(errno)});
      return true;
    }
    return true;
  }

  bool receive_one(const UdpSocket& socket, std::size_t slot) {
    SocketAddress from{};
    socklen_t length = sizeof(from);
    std::uint8_t* place = memory_.get() + slot * slot_octets;
    const ssize_t octets = ::recvfrom(socket.fd(), place, slot_octets, 0, &from.any, &length);
    if (octets < 0) return false;
    batch_.push_back({to_peer(from), {place, static_cast<std::size_t>(octets)}});
    return true;
  }

  std::vector<UdpSocket> sockets_;  // IPv4, then IPv6 where there is one
  std::unique_ptr<std::uint8_t[]> memory_ = std::make_unique_for_overwrite<std::uint8_t[]>(slots * slot_octets);
  std::vector<InDatagram> batch_, failures_;
};

}  // namespace

Expected<std::unique_ptr<DatagramPort>> open_plain_port() {
  auto v4 = UdpSocket::open(AF_INET);
  if (!v4) return fail(v4.error());
  auto port = std::make_unique<PlainPort>(*std::move(v4));
  if (auto v6 = UdpSocket::open(AF_INET6)) port->add_v6(*std::move(v6));
  return port;
}

}  // namespace platen::snmp
