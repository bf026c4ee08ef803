// A port that only remembers what was sent, and where nobody answers but whom the test lets answer.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "snmp/discover/sweep.h"

namespace platen::snmp::test {

class DeafPort final : public DatagramPort {
 public:
  std::span<const InDatagram> receive() override {
    batch_.clear();
    held_ = std::exchange(arriving_, {});
    for (const auto& [from, octets] : held_) batch_.push_back({from, octets});
    return batch_;
  }
  void wait(std::chrono::milliseconds, bool) override {}
  [[nodiscard]] std::size_t receive_buffer() const override { return in_octets; }
  [[nodiscard]] std::size_t send_buffer() const override { return out_octets; }
  [[nodiscard]] std::uint64_t dropped() const override { return lost; }

  void arrive(const Peer& from, std::vector<std::uint8_t> octets) { arriving_.emplace_back(from, std::move(octets)); }

  struct Sent {
    Peer to;
    std::string octets;
  };
  std::size_t takes_at_once = 1000, total = 0, in_octets = 8U << 20U, out_octets = 8U << 20U;
  std::uint64_t lost = 0;
  std::map<IpAddress, int> sent;
  std::vector<Sent> datagrams;
  bool keeps_datagrams = false;

 private:
  std::size_t hand_over(std::span<const OutDatagram> out) override {
    const std::size_t taken = std::min(out.size(), takes_at_once);
    for (const OutDatagram& datagram : out.first(taken)) {
      ++sent[datagram.to.address];
      if (keeps_datagrams) datagrams.push_back({datagram.to, {datagram.octets.begin(), datagram.octets.end()}});
    }
    total += taken;
    return taken;
  }
  std::vector<std::pair<Peer, std::vector<std::uint8_t>>> arriving_, held_;
  std::vector<InDatagram> batch_;
};

inline std::vector<IpAddress> addresses(std::uint32_t from, std::uint32_t count) {
  std::vector<IpAddress> all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(IpAddress::v4(from + i));
  return all;
}

}  // namespace platen::snmp::test
