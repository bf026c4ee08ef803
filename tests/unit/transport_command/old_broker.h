// What stands in front of a real broker and lets only one version of MQTT through, as brokers do that know no other.
#pragma once

#include <poll.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/transport_command/mosquitto.h"

namespace platen {

class OldBroker {
 public:
  enum Manner { hangs_up, refuses_as_3_1_1, refuses_as_5 };
  OldBroker(std::uint16_t behind, Manner how) : behind_(behind), manner_(how) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port = ntohs(at.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~OldBroker() {
    thread_ = {};
    ::close(listener_);
  }
  OldBroker(const OldBroker&) = delete;
  OldBroker& operator=(const OldBroker&) = delete;

  std::uint16_t port = 0;
  std::atomic<int> speaks = 4;           // protocol level (MQTT 3.1.1 §3.1.2.2)
  std::array<std::atomic<int>, 6> came;  // CONNECTs by level

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET, at.sin_port = htons(port), at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }
  static bool readable(int fd) {
    pollfd one{fd, POLLIN, 0};
    return ::poll(&one, 1, 20) > 0;
  }
  // One connection at a time: there is one agent.
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!readable(listener_)) continue;
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client >= 0) talk(client, stop), ::close(client);
    }
  }
  void talk(int client, const std::stop_token& stop) {
    std::string hello;
    while (hello.size() < 9 && !stop.stop_requested()) {
      if (readable(client) && !move(client, hello)) return;
    }
    if (hello.size() < 9) return;
    // Fixed head of two or three octets, then 0 4 M Q T T and the level.
    const int level = hello[hello.find("MQTT") + 4];
    ++came.at(static_cast<std::size_t>(level));
    if (level != speaks) return refuse(client);
    const int broker = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in at = loopback(behind_);
    if (::connect(broker, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) {
      (void)!::write(broker, hello.data(), hello.size());
      carry(client, broker, stop);
    }
    ::close(broker);
  }
  void refuse(int client) const {
    const std::string answers[] = {"", {"\x20\x02\x00\x01", 4}, {"\x20\x03\x00\x84\x00", 5}};
    const std::string& answer = answers[manner_];
    (void)!::write(client, answer.data(), answer.size());
  }
  static bool move(int from, std::string& into) {
    std::array<char, 4096> octets{};
    const ssize_t count = ::read(from, octets.data(), octets.size());
    if (count > 0) into.append(octets.data(), static_cast<std::size_t>(count));
    return count > 0;
  }
  static void carry(int client, int broker, const std::stop_token& stop) {
    const std::array<std::pair<int, int>, 2> ways = {{{client, broker}, {broker, client}}};
    while (!stop.stop_requested()) {
      std::array<pollfd, 2> both = {{{client, POLLIN, 0}, {broker, POLLIN, 0}}};
      if (::poll(both.data(), both.size(), 20) == 0) continue;
      for (std::size_t i = 0; i < ways.size(); ++i) {
        std::string octets;
        if (both.at(i).revents == 0) continue;
        if (!move(ways.at(i).first, octets)) return;
        (void)!::write(ways.at(i).second, octets.data(), octets.size());
      }
    }
  }

  const std::uint16_t behind_;
  const Manner manner_;
  int listener_ = -1;
  std::jthread thread_;
};

}  // namespace platen
