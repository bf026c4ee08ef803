// Asks many addresses whether anybody speaks SNMP there, without a record for each: ids are keyed hashes of the
// address, one number an address says what was heard.
//
//   Shapes   Rounds: in each, every address that is not settled gets every question. They begin half a timeout apart
//            (a late answer still counts), after the last one a whole timeout passes.
//   Effects  sends and receives on its own port; never waits.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "snmp/discover/on_link.h"
#include "snmp/discover/pace.h"
#include "snmp/engine/engine.h"
#include "snmp/engine/probe.h"

namespace platen::snmp {

struct Question {
  SweepTemplate datagram;
  Version version;          // of its answers
  bool last_round = false;  // asked once only, of those that are silent to everything else
  RequestIds ids{};         // of its own, so that an answer tells what was asked
};

class Sweep {
 public:
  static constexpr std::size_t most_questions = 24;
  struct Heard {
    std::size_t target;
    Peer from;
    std::optional<std::size_t> question;  // none: ICMP says that nobody listens
  };
  using OnHeard = std::function<void(const Heard&)>;

  Sweep(DatagramPort& port, std::span<const IpAddress> targets, std::uint16_t udp_port, std::vector<Question> questions,
        const Patience& patience, const OnLink& on_link, MonotonicTime now);

  // Takes what has arrived and sends what the pace allows.
  void pump(MonotonicTime now, const OnHeard& on_heard);
  void settle(std::size_t target);  // it needs no more questions
  [[nodiscard]] bool finished(MonotonicTime now) const;
  [[nodiscard]] MonotonicTime due(MonotonicTime now) const;  // when pump has something to do, if nothing arrives
  [[nodiscard]] std::uint32_t heard(std::size_t target) const { return marks_[target] & ((1U << most_questions) - 1); }
  [[nodiscard]] bool settled(std::size_t target) const { return (marks_[target] & kSettled) != 0; }
  [[nodiscard]] std::size_t asked() const { return asked_; }  // addresses asked at least once
  [[nodiscard]] const EngineCounts& counts() const { return counts_; }

 private:
  static constexpr std::uint32_t kSettled = 1U << 31U, kOnLink = 1U << 30U;
  static constexpr std::size_t kBatch = 64;

  void receive(const OnHeard& on_heard);
  void take(const InDatagram& datagram, std::size_t target, const OnHeard& on_heard);
  void fill(MonotonicTime now);
  bool fill_from(std::size_t& at, std::uint32_t kind, TokenBucket* extra);
  void stage(std::size_t target);
  void flush();
  void next_round(MonotonicTime now);
  [[nodiscard]] bool round_sent() const;
  [[nodiscard]] std::optional<std::size_t> find(const IpAddress& address) const;

  DatagramPort& port_;
  std::span<const IpAddress> targets_;
  std::uint16_t udp_port_;
  std::vector<Question> questions_;
  std::chrono::milliseconds timeout_;
  int rounds_;

  std::vector<std::uint32_t> marks_;   // of each target: questions answered, settled, on-link
  std::vector<std::uint32_t> sorted_;  // targets by address
  std::size_t unsettled_;
  int round_ = 0;
  std::size_t questions_this_round_ = 0;
  std::size_t routed_at_ = 0, on_link_at_ = 0, asked_ = 0;
  MonotonicTime round_began_, last_sent_;
  TokenBucket all_, on_link_;
  std::vector<std::uint8_t> slots_;
  std::vector<OutDatagram> batch_;
  std::size_t batch_sent_ = 0, slot_ = 0;
  EngineCounts counts_;
};

}  // namespace platen::snmp
