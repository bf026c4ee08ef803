// Every limit on what is put on the wire, in one place.
//
//   Source   docs/adr/0004-discovery-and-reading.md, docs/adr/0015-credentials-and-pace.md. A silent address on the own
//            network holds an entry of the kernel's neighbour table for 3 s; what exceeds the table (gc_thresh3, 1,024
//            by default) is dropped without a word, so half of it is the most that may be unresolved at once.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace platen::snmp {

struct Pace {
  double all_a_second = 35'000;      // datagrams, in all
  double all_burst = 350;            // 10 ms worth
  double subnet_a_second = 5'000;    // datagrams to one subnet; a setting
  double subnet_burst = 50;          // 10 ms worth
  double neighbour_entries = 1'024;  // where gc_thresh3 cannot be read
  double neighbour_share = 0.5;      // of them, unresolved at once
  double neighbour_seconds = 3;      // that a silent one holds its entry
  double on_link_burst = 10;
  double held_octets = 1'024;    // what a datagram to an unresolved neighbour takes of the send buffer until then
  double answer_octets = 1'024;  // what a small answer takes of the receive buffer
  double away_seconds = 0.02;    // that a busy machine may keep a sweep from looking at its answers
  std::chrono::milliseconds device{20'000};  // from the first ask of a device to its outcome
  std::chrono::milliseconds floor{500};      // no less than this is waited for an answer
  int later = 8;                             // nor less than so many times the slowest answer that came
  std::chrono::milliseconds progress{100};   // between two reports of progress
  std::chrono::milliseconds nap{3};          // of a sweep, until its buckets hold more: shorter than any burst
  // A device that answers `slower` times later than its quickest answer, and later than `slow`, is left alone for as
  // long as it was late, but no longer than `longest_rest`.
  int slower = 4;
  std::chrono::milliseconds slow{100};
  std::chrono::milliseconds longest_rest{1'000};

  [[nodiscard]] constexpr std::chrono::milliseconds wait_after(std::chrono::microseconds slowest) const {
    return std::max(floor, std::chrono::duration_cast<std::chrono::milliseconds>(slowest * later));
  }
  // Datagrams to the own networks in a second, so that the silent ones among them never fill the send buffer: that
  // would hold up everybody else.
  [[nodiscard]] constexpr double held_a_second(std::size_t send_buffer) const {
    return static_cast<double>(send_buffer) / held_octets / neighbour_seconds;
  }
  // Answers that a sweep provokes at most: half of the receive buffer holds what comes while it does not look.
  [[nodiscard]] constexpr double answers_at_once(std::size_t receive_buffer) const {
    return std::max(static_cast<double>(receive_buffer) / answer_octets / 2, 1.0);
  }
  [[nodiscard]] constexpr double answers_a_second(std::size_t receive_buffer) const {
    return answers_at_once(receive_buffer) / away_seconds;
  }
  // Addresses of the own networks newly asked in a second.
  [[nodiscard]] constexpr double on_link_a_second(double entries) const {
    return entries * neighbour_share / neighbour_seconds;
  }
};
inline constexpr Pace kPace{};

class TokenBucket {
 public:
  TokenBucket(double a_second, double most) : a_second_(a_second), most_(most), tokens_(most) {}

  [[nodiscard]] double a_second() const { return a_second_; }
  void set(double a_second, double most) {
    a_second_ = a_second;
    most_ = most;
    tokens_ = std::min(tokens_, most);
  }
  void refill(MonotonicTime now) {
    const auto passed = std::chrono::duration<double>(now - at_).count();
    tokens_ = std::min(most_, tokens_ + std::max(passed, 0.0) * a_second_);
    at_ = now;
  }
  [[nodiscard]] bool has_one() const { return tokens_ >= 1; }
  void take(double tokens) { tokens_ -= tokens; }  // also more than there are: it is paid back by waiting

 private:
  double a_second_, most_, tokens_;
  MonotonicTime at_{};
};

}  // namespace platen::snmp
