// What the engine's tests share: an engine stepped until it is idle, and a UDP socket that answers with canned octets.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "octets.h"
#include "snmp/engine/engine.h"

namespace platen::test {

// A device under the test's control: hands every datagram to `answer` and sends what comes back.
class Responder {
 public:
  explicit Responder(const IpAddress& address = IpAddress::v4(0x7F000001));
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  std::function<std::vector<Octets>(const Octets&)> answer;
  void serve();  // everything that has arrived, without waiting
  [[nodiscard]] snmp::Peer peer() const { return peer_; }
  [[nodiscard]] std::size_t asked() const { return asked_; }
  void send_to(const snmp::Peer& to, const Octets& octets) const;

 private:
  int fd_;
  snmp::Peer peer_;
  std::size_t asked_ = 0;
};

[[nodiscard]] snmp::Peer loopback(std::uint16_t port);
[[nodiscard]] bool has_ipv6_loopback();
[[nodiscard]] std::uint16_t free_port();  // nobody listens there now

// Steps until nothing is pending, serving `device` in between; at most 20 s. False: the time was over.
[[nodiscard]] bool settle(snmp::Engine& engine, Responder* device = nullptr);

// One question, its answer.
[[nodiscard]] snmp::Answer ask(snmp::Engine& engine, const snmp::Peer& peer, const snmp::Credential& credential,
                               const snmp::Ask& question, const snmp::Patience& patience = {},
                               Responder* device = nullptr);

}  // namespace platen::test
