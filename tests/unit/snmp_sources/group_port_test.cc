// Real sockets, on loopback alone.
#include "snmp/sources/group_port.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

using namespace platen;
using namespace platen::snmp;

namespace {

OwnNetwork loopback() {
  const auto all = own_networks(true);
  const auto four = std::find_if(
      all.begin(), all.end(), [](const OwnNetwork& one) { return one.address.is_loopback() && one.address.is_v4(); });
  REQUIRE(four != all.end());
  return *four;
}

// Somebody in the group on loopback, at a port that the system picks.
class Member {
 public:
  Member() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    ::sockaddr_in any = {};
    any.sin_family = AF_INET;
    REQUIRE(::bind(fd_, reinterpret_cast<const ::sockaddr*>(&any), sizeof any) == 0);
    ::ip_mreqn group = {};
    group.imr_multiaddr.s_addr = htonl(0xE00000FB);
    group.imr_ifindex = static_cast<int>(loopback().index);
    REQUIRE(::setsockopt(fd_, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0);
    const int on = 1;
    REQUIRE(::setsockopt(fd_, IPPROTO_IP, IP_RECVTTL, &on, sizeof on) == 0);
    const ::timeval patience = {10, 0};
    REQUIRE(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member() { ::close(fd_); }

  [[nodiscard]] std::uint16_t port() const {
    ::sockaddr_in own = {};
    ::socklen_t length = sizeof own;
    ::getsockname(fd_, reinterpret_cast<::sockaddr*>(&own), &length);
    return ntohs(own.sin_port);
  }
  // Hears one question and sends it back. Its time to live.
  [[nodiscard]] int echo() const {
    std::array<char, 1500> slot{};
    alignas(::cmsghdr) std::array<char, 64> control{};
    ::sockaddr_in from = {};
    ::iovec part = {slot.data(), slot.size()};
    ::msghdr message = {&from, sizeof from, &part, 1, control.data(), control.size(), 0};
    const ssize_t count = ::recvmsg(fd_, &message, 0);
    REQUIRE(count > 0);
    int ttl = -1;
    if (const ::cmsghdr* first = CMSG_FIRSTHDR(&message); first != nullptr && first->cmsg_type == IP_TTL) {
      std::copy_n(CMSG_DATA(first), sizeof ttl, reinterpret_cast<unsigned char*>(&ttl));
    }
    REQUIRE(::sendto(fd_, slot.data(), static_cast<std::size_t>(count), 0, reinterpret_cast<const ::sockaddr*>(&from),
                     sizeof from) == count);
    return ttl;
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("a question reaches the group on its network, goes no further, and the answer is heard") {
  const Member member;
  const OwnNetwork networks[] = {loopback()};
  const Source sources[] = {Source::mdns, Source::slp};
  auto port = open_group_port(networks, sources).value();
  const std::vector<std::uint8_t> question = {1, 2, 3};
  port->ask(Source::slp, {IpAddress::v4(0xE00000FB), member.port()}, question);
  CHECK(member.echo() == 1);
  port->wait(std::chrono::seconds(10));
  const auto arrival = port->receive();
  REQUIRE(arrival);
  CHECK(arrival->source == Source::slp);
  CHECK(arrival->from.port == member.port());
  CHECK(arrival->from.address.is_loopback());
  CHECK(arrival->interface == networks[0].index);
  CHECK(std::equal(arrival->octets.begin(), arrival->octets.end(), question.begin(), question.end()));
  CHECK_FALSE(port->receive());
}

TEST_CASE("without a network there is nobody to ask, and that is said") {
  const Source sources[] = {Source::mdns};
  const auto none = open_group_port({}, sources);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Code::unavailable);
  CHECK(none.error().text.find("none that is up") != std::string::npos);
}
