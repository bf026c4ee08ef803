// The engine over a port and a clock that the test holds in its hand.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "octets.h"
#include "snmp/engine/ber_peek.h"
#include "snmp/engine/engine.h"

namespace platen::test {

using namespace platen::snmp;
using namespace std::chrono_literals;

inline const Octets descr_ber{0x2B, 6, 1, 2, 1, 1, 1, 0};
inline const Octets name_ber{0x2B, 6, 1, 2, 1, 1, 5, 0};
inline const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0};
inline const Oid sys_name{1, 3, 6, 1, 2, 1, 1, 5, 0};
inline const Ask descr{PduType::get, {sys_descr}, 0, 0};
inline const Credential community{};
inline const Credential v3_user{
    .version = Version::v3, .user = "mps", .auth = Auth::sha1, .auth_pass = Secret("maplesyrup")};
inline const Octets engine_id{0x80, 0, 0x1F, 0x88, 4, 1, 2, 3};

// Each in a subnet of its own, so that no budget holds a test back.
inline Peer at(std::uint32_t host) { return {IpAddress::v4(0x0A000001 + (host << 8U)), 161}; }

struct Sent {
  Peer to;
  Octets octets;
  MonotonicTime when;
  [[nodiscard]] std::uint32_t id() const { return peek(octets).value().id; }
};

class FakePort final : public DatagramPort {
 public:
  explicit FakePort(ManualClock& clock) : clock_(clock) {}
  std::size_t hand_over(std::span<const OutDatagram> out) override {
    const std::size_t taken = std::min(out.size(), accepts);
    for (const OutDatagram& one : out.first(taken)) {
      sent.push_back({one.to, {one.octets.begin(), one.octets.end()}, clock_.monotonic()});
    }
    return taken;
  }
  std::span<const InDatagram> receive() override {
    batch_.clear();
    held_ = std::exchange(arriving_, {});
    for (const auto& [from, octets] : held_) batch_.push_back({from, octets});
    for (InDatagram& note : notes) batch_.push_back(std::move(note));
    notes.clear();
    return batch_;
  }
  void wait(std::chrono::milliseconds longest, bool) override { clock_.advance(longest); }
  [[nodiscard]] std::size_t receive_buffer() const override { return 300'000; }
  [[nodiscard]] std::size_t send_buffer() const override { return 300'000; }
  [[nodiscard]] std::uint64_t dropped() const override { return lost; }

  void arrive(const Peer& from, Octets octets) { arriving_.emplace_back(from, std::move(octets)); }

  std::vector<Sent> sent;
  std::vector<InDatagram> notes;
  std::size_t accepts = 1'000'000;
  std::uint64_t lost = 0;

 private:
  ManualClock& clock_;
  std::vector<std::pair<Peer, Octets>> arriving_, held_;
  std::vector<InDatagram> batch_;
};

struct Bench {
  explicit Bench(std::size_t window = 0) {
    auto owned = std::make_unique<FakePort>(clock);
    port = owned.get();
    engine = Engine::open(std::move(owned), {window}, clock).value();
  }
  void ask(const Peer& peer, const Ask& question = descr, const Credential& credential = community,
           Patience patience = {}) {
    engine->ask(peer, credential, question, patience, [this](const Answer& answer) { answers.push_back(answer); });
  }
  void settle() {
    while (engine->step(1h)) {
    }
  }
  // Steps without letting time pass.
  void poll() {
    for (int i = 0; i < 3; ++i) static_cast<void>(engine->step(0ms));
  }
  ManualClock clock;
  FakePort* port;
  std::unique_ptr<Engine> engine;
  std::vector<Answer> answers;
};

inline Octets good(std::uint32_t id) { return message({.id = id, .varbinds = varbind(descr_ber, text("a printer"))}); }

inline Octets pdu(std::uint8_t tag, std::uint32_t id, const Octets& varbinds) {
  return tlv(tag, joined({number(id), number(0), number(0), tlv(0x30, varbinds)}));
}

// The Report that answers discovery: usmStatsUnknownEngineIDs
inline Octets unknown_engine() { return pdu(0xA8, 0, varbind({0x2B, 6, 1, 6, 3, 15, 1, 1, 4, 0}, number(1, 0x41))); }

inline std::vector<long> times(const std::vector<Sent>& sent) {
  std::vector<long> out;
  for (const Sent& one : sent) out.push_back(one.when.time_since_epoch().count());
  return out;
}

}  // namespace platen::test
