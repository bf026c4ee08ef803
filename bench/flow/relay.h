// A TCP relay on loopback that counts what passes: the octets of TLS and HTTP/2 as the network would carry them, without the
// headers of TCP and IP.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace platen::bench {

class Relay {
 public:
  explicit Relay(std::uint16_t to);  // ends the program when it cannot listen
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint64_t up() const { return up_; }
  [[nodiscard]] std::uint64_t down() const { return down_; }

 private:
  void accept_all();
  std::uint16_t to_, port_ = 0;
  int listening_ = -1;
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> up_ = 0, down_ = 0;
  std::vector<std::jthread> copying_;
  std::jthread accepting_;
};

}  // namespace platen::bench
