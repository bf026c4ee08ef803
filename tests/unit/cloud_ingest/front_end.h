// A connection from an address of this host, and a front end that writes whose connection it hands on.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <utility>

#include "cloud/ingest/address.h"

namespace platen::ingest_test {

inline sockaddr_in loopback(std::uint32_t last, std::uint16_t port) {
  sockaddr_in place{};
  place.sin_family = AF_INET, place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl((127U << 24U) + last);
  return place;
}

// A connection from 127.0.0.`from` to 127.0.0.1.
class Caller {
 public:
  explicit Caller(std::uint16_t port, std::uint32_t from = 1) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in here = loopback(from, 0), there = loopback(1, port);
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0);
    REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0);
    sockaddr_in mine{};
    socklen_t size = sizeof mine;
    REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&mine), &size) == 0);
    own_port = std::to_string(ntohs(mine.sin_port));
  }
  ~Caller() { ::close(fd); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void say(std::string_view octets) const {
    REQUIRE(::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size()));
  }
  // Until the other side closes, or ten seconds.
  [[nodiscard]] bool is_hung_up_on() const {
    pollfd waiting{fd, POLLIN, 0};
    char octet = 0;
    return ::poll(&waiting, 1, 10'000) == 1 && ::recv(fd, &octet, 1, 0) <= 0;
  }

  int fd;
  std::string own_port;
};

// As nginx: takes one connection, writes the line to ingest, and carries the octets.
class FrontEnd {
 public:
  FrontEnd(std::uint16_t ingest, std::string line) : ingest_(ingest), line_(std::move(line)) {
    const auto listening = cloud::listen_at("127.0.0.1:0").value();
    listener_ = listening.fd, port = listening.port;
    thread_ = std::jthread([this](const std::stop_token& stop) { carry(stop); });
  }
  ~FrontEnd() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
  }
  FrontEnd(const FrontEnd&) = delete;
  FrontEnd& operator=(const FrontEnd&) = delete;

  std::uint16_t port = 0;

 private:
  void carry(const std::stop_token& stop) const {
    int outside = -1;
    while (outside < 0 && !stop.stop_requested()) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 50) == 1) outside = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    }
    if (outside < 0) return;
    const Caller inside(ingest_);
    inside.say(line_);
    bool over = false;
    while (!over && !stop.stop_requested()) {
      std::array<pollfd, 2> both = {{{outside, POLLIN, 0}, {inside.fd, POLLIN, 0}}};
      ::poll(both.data(), both.size(), 50);
      for (std::size_t i = 0; i < both.size() && !over; ++i)
        over = both.at(i).revents != 0 && !move(both.at(i).fd, both.at(1 - i).fd);
    }
    ::close(outside);
  }
  static bool move(int from, int to) {
    std::array<char, 16'384> some{};
    const ssize_t count = ::recv(from, some.data(), some.size(), 0);
    return count > 0 && ::send(to, some.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
  }

  const std::uint16_t ingest_;
  const std::string line_;
  int listener_ = -1;
  std::jthread thread_;
};

}  // namespace platen::ingest_test
