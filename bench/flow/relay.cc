#include "bench/flow/relay.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace platen::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void check(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::exit(1);
}

// Until either side closes.
void copy(int from, int to, std::atomic<std::uint64_t>& count) {
  std::array<char, 65'536> buffer{};
  for (;;) {
    const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    count += static_cast<std::uint64_t>(got);
    for (ssize_t sent = 0; sent < got;) {
      const ssize_t some = ::send(to, buffer.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
      if (some <= 0) break;
      sent += some;
    }
  }
  ::shutdown(from, SHUT_RDWR);
  ::shutdown(to, SHUT_RDWR);
}

}  // namespace

Relay::Relay(std::uint16_t to) : to_(to), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in here = loopback(0);
  socklen_t size = sizeof here;
  auto* address = reinterpret_cast<sockaddr*>(&here);
  check(::bind(listening_, address, size) == 0 && ::listen(listening_, 8) == 0, "relay: listen");
  ::getsockname(listening_, address, &size);
  port_ = ntohs(here.sin_port);
  accepting_ = std::jthread([this] { accept_all(); });
}

Relay::~Relay() {
  over_ = true;
  ::shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  copying_.clear();  // whoever uses the relay has gone by now
  ::close(listening_);
}

void Relay::accept_all() {
  while (!over_) {
    const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in there = loopback(to_);
    const int yes = 1;
    for (const int each : {client, server}) ::setsockopt(each, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    check(::connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0, "relay: connect");
    copying_.emplace_back([this, client, server] { copy(client, server, up_); });
    copying_.emplace_back([this, client, server] { copy(server, client, down_); });
  }
}

}  // namespace platen::bench
