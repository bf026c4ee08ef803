#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "snmp/sources/group_port.h"

namespace platen::snmp {
namespace {

constexpr std::size_t most_sockets = 96, slot_octets = 9216;

union Address {
  ::sockaddr any;
  ::sockaddr_in four;
  ::sockaddr_in6 six;
};

::socklen_t to_socket_address(const Peer& peer, std::uint32_t interface, Address& into) {
  into = {};
  if (peer.address.is_v4()) {
    into.four.sin_family = AF_INET;
    into.four.sin_port = htons(peer.port);
    into.four.sin_addr.s_addr = htonl(peer.address.to_v4());
    return sizeof into.four;
  }
  into.six = {};
  into.six.sin6_family = AF_INET6;
  into.six.sin6_port = htons(peer.port);
  into.six.sin6_scope_id = interface;
  std::ranges::copy(peer.address.octets(), into.six.sin6_addr.s6_addr);
  return sizeof into.six;
}

Peer to_peer(const Address& address) {
  if (address.any.sa_family == AF_INET) {
    return {IpAddress::v4(ntohl(address.four.sin_addr.s_addr)), ntohs(address.four.sin_port)};
  }
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(address.six.sin6_addr.s6_addr, octets.begin());
  return {IpAddress::v6(octets).with_scope(address.six.sin6_scope_id), ntohs(address.six.sin6_port)};
}

// One socket: one source's questions on one network.
class Channel {
 public:
  Channel(Source source, const OwnNetwork& network)
      : source_(source), is_four_(network.address.is_v4()), interface_(network.index) {
    fd_ = ::socket(is_four_ ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ >= 0 && !(is_four_ ? prepare_four(network) : prepare_six(network))) close();
  }
  Channel(Channel&& other) noexcept
      : source_(other.source_),
        is_four_(other.is_four_),
        interface_(other.interface_),
        fd_(std::exchange(other.fd_, -1)) {}
  Channel& operator=(Channel&&) = delete;
  ~Channel() { close(); }

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] Source source() const { return source_; }
  [[nodiscard]] bool is_four() const { return is_four_; }
  [[nodiscard]] std::uint32_t interface() const { return interface_; }

  void send(const Peer& group, std::span<const std::uint8_t> octets) const {
    Address to{};
    const ::socklen_t length = to_socket_address(group, interface_, to);
    static_cast<void>(::sendto(fd_, octets.data(), octets.size(), 0, &to.any, length));
  }
  std::optional<std::pair<Peer, std::size_t>> receive(std::span<std::uint8_t> into) const {
    Address from{};
    ::socklen_t length = sizeof from;
    const ssize_t count = ::recvfrom(fd_, into.data(), into.size(), 0, &from.any, &length);
    if (count < 0) return std::nullopt;
    return std::pair(to_peer(from), static_cast<std::size_t>(count));
  }

 private:
  template <class Value>
  [[nodiscard]] bool set(int level, int option, const Value& value) const {
    return ::setsockopt(fd_, level, option, &value, sizeof value) == 0;
  }
  // Bound to the own address of this network, so that the question and its answer go that way.
  [[nodiscard]] bool prepare_four(const OwnNetwork& network) const {
    ::ip_mreqn way = {};
    way.imr_ifindex = static_cast<int>(interface_);
    Address own{};
    const ::socklen_t length = to_socket_address({network.address, 0}, 0, own);
    return set(IPPROTO_IP, IP_MULTICAST_IF, way) && set(IPPROTO_IP, IP_MULTICAST_TTL, 1) &&
           ::bind(fd_, &own.any, length) == 0;
  }
  [[nodiscard]] bool prepare_six(const OwnNetwork& network) const {
    Address own{};
    const ::socklen_t length = to_socket_address({network.address, 0}, interface_, own);
    return set(IPPROTO_IPV6, IPV6_V6ONLY, 1) && set(IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface_)) &&
           set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1) && ::bind(fd_, &own.any, length) == 0;
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  Source source_;
  bool is_four_;
  std::uint32_t interface_;
  int fd_ = -1;
};

class Sockets final : public GroupPort {
 public:
  explicit Sockets(std::vector<Channel> channels) : channels_(std::move(channels)) {}

  void ask(Source source, const Peer& group, std::span<const std::uint8_t> octets) override {
    for (const Channel& channel : channels_) {
      if (channel.source() == source && channel.is_four() == group.address.is_v4()) channel.send(group, octets);
    }
  }

  // Goes round the sockets, so that a flood on one keeps nobody else from being heard.
  std::optional<Arrival> receive() override {
    for (std::size_t tried = 0; tried < channels_.size(); ++tried) {
      const Channel& channel = channels_[next_++ % channels_.size()];
      if (const auto got = channel.receive(slot_)) {
        return Arrival{channel.source(), got->first, channel.interface(), std::span(slot_).first(got->second)};
      }
    }
    return std::nullopt;
  }

  void wait(std::chrono::milliseconds longest) override {
    std::vector<::pollfd> watched;
    watched.reserve(channels_.size());
    for (const Channel& channel : channels_) watched.push_back({channel.fd(), POLLIN, 0});
    static_cast<void>(::poll(watched.data(), watched.size(), static_cast<int>(longest.count())));
  }

 private:
  std::vector<Channel> channels_;
  std::array<std::uint8_t, slot_octets> slot_{};
  std::size_t next_ = 0;
};

// One network a link and family: its question is heard by all of them.
std::vector<OwnNetwork> links_of(std::span<const OwnNetwork> networks) {
  std::vector<OwnNetwork> out;
  for (const OwnNetwork& network : networks) {
    if (!network.address.is_v4() && !network.address.is_link_local() && !network.address.is_loopback()) continue;
    const bool known = std::any_of(out.begin(), out.end(), [&](const OwnNetwork& other) {
      return other.index == network.index && other.address.is_v4() == network.address.is_v4();
    });
    if (!known) out.push_back(network);
  }
  return out;
}

}  // namespace

Expected<std::unique_ptr<GroupPort>> open_group_port(std::span<const OwnNetwork> networks,
                                                     std::span<const Source> sources) {
  std::vector<Channel> channels;
  int fault = 0;
  for (const OwnNetwork& network : links_of(networks)) {
    for (const Source source : sources) {
      if (channels.size() == most_sockets) break;
      Channel channel(source, network);
      if (channel.fd() >= 0) {
        channels.push_back(std::move(channel));
      } else {
        fault = errno;
      }
    }
  }
  if (channels.empty()) {
    return fail(Code::unavailable,
                "no network to ask for printers on: " + (fault == 0 ? std::string("this machine has none that is up")
                                                                    : std::generic_category().message(fault)));
  }
  return std::make_unique<Sockets>(std::move(channels));
}

}  // namespace platen::snmp
