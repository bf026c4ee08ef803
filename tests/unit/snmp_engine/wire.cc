#include "wire.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "snmp/engine/udp_socket.h"

namespace platen::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::pair<int, snmp::Peer> open_at(const IpAddress& host) {
  snmp::SocketAddress address{};
  socklen_t length = snmp::to_socket_address({host, 0}, address);
  const int fd = ::socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(fd, &address.any, length) == 0);
  REQUIRE(::getsockname(fd, &address.any, &length) == 0);
  return {fd, snmp::to_peer(address)};
}

}  // namespace

Responder::Responder(const IpAddress& address) { std::tie(fd_, peer_) = open_at(address); }
Responder::~Responder() { ::close(fd_); }

void Responder::serve() {
  std::array<std::uint8_t, 65536> buffer;
  while (true) {
    snmp::SocketAddress from{};
    socklen_t length = sizeof(from);
    const ssize_t octets = ::recvfrom(fd_, buffer.data(), buffer.size(), 0, &from.any, &length);
    if (octets < 0) return;
    ++asked_;
    for (const Octets& reply : answer(Octets(buffer.begin(), buffer.begin() + octets)))
      send_to(snmp::to_peer(from), reply);
  }
}

void Responder::send_to(const snmp::Peer& to, const Octets& octets) const {
  snmp::SocketAddress address{};
  const socklen_t length = snmp::to_socket_address(to, address);
  CHECK(::sendto(fd_, octets.data(), octets.size(), 0, &address.any, length) == static_cast<ssize_t>(octets.size()));
}

snmp::Peer loopback(std::uint16_t port) { return {IpAddress::v4(0x7F000001), port}; }

bool has_ipv6_loopback() {
  snmp::SocketAddress address{};
  const socklen_t length = snmp::to_socket_address({IpAddress::parse("::1").value(), 0}, address);
  const int fd = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool bound = fd >= 0 && ::bind(fd, &address.any, length) == 0;
  if (fd >= 0) ::close(fd);
  return bound;
}

std::uint16_t free_port() {
  const auto [fd, peer] = open_at(loopback(0).address);
  ::close(fd);
  return peer.port;
}

bool settle(snmp::Engine& engine, Responder* device) {
  const auto end = steady_clock::now() + std::chrono::seconds(20);
  while (engine.step(milliseconds(device != nullptr ? 1 : 50))) {
    if (device != nullptr) device->serve();
    if (steady_clock::now() > end) return false;
  }
  return true;
}

snmp::Answer ask(snmp::Engine& engine, const snmp::Peer& peer, const snmp::Credential& credential,
                 const snmp::Ask& question, const snmp::Patience& patience, Responder* device) {
  std::optional<snmp::Answer> got;
  engine.ask(peer, credential, question, patience, [&](const snmp::Answer& answer) {
    CHECK_FALSE(got);
    got = answer;
  });
  CHECK(settle(engine, device));
  REQUIRE(got);
  return *got;
}

}  // namespace platen::test
