// Every limit on what a scan puts on the wire, in one place.
//
//   Source   docs/adr/0004-discovery-and-reading.md. A silent address on the own network holds an entry of the kernel's
//            neighbour table for 3 s; Linux has 1,024 of them by default and drops what exceeds them.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace platen::snmp {

struct Pace {
  double probes_a_second = 20'000;  // datagrams of a sweep, in all
  double probe_burst = 40;          // 2 ms worth
  double on_link_a_second = 170;    // addresses of the own networks newly asked: 510 unresolved at once
  double on_link_burst = 10;
  std::chrono::milliseconds device{20'000};  // from the first ask of a device to its outcome
  std::chrono::milliseconds floor{500};      // no read waits less than this for an answer
  std::chrono::milliseconds progress{100};   // between two reports of progress
};
inline constexpr Pace kPace{};

class TokenBucket {
 public:
  TokenBucket(double a_second, double most, MonotonicTime now)
      : a_second_(a_second), most_(most), tokens_(most), at_(now) {}

  void refill(MonotonicTime now) {
    const auto passed = std::chrono::duration<double>(now - at_).count();
    tokens_ = std::min(most_, tokens_ + passed * a_second_);
    at_ = now;
  }
  [[nodiscard]] bool has(double tokens) const { return tokens_ >= std::min(tokens, most_); }
  void take(double tokens) { tokens_ -= tokens; }

 private:
  double a_second_, most_, tokens_;
  MonotonicTime at_;
};

}  // namespace platen::snmp
