// How many asks may wait for an answer at once: halved when the kernel loses datagrams, growing back by one a windowful
// of answers.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace platen::snmp {

class Window {
 public:
  static constexpr std::size_t octets_an_answer =
      3'000;  // measured: what one queued answer costs of the receive buffer
  static constexpr std::size_t smallest_start = 64;
  static constexpr std::size_t floor = 8;

  explicit Window(std::size_t most) : most_(most), now_(most) {}
  [[nodiscard]] static std::size_t fitting(std::size_t receive_buffer) {
    return std::max(smallest_start, receive_buffer / octets_an_answer);
  }

  [[nodiscard]] std::size_t size() const { return now_; }

  void answered() {
    if (now_ == most_ || ++answers_ < now_) return;
    ++now_;
    answers_ = 0;
  }
  // `total` is the kernel's counter. One burst of losses is one halving.
  void lost(std::uint64_t total, MonotonicTime at) {
    if (total == lost_) return;
    lost_ = total;
    if (at < calm_) return;
    now_ = std::min(now_, std::max(floor, now_ / 2));
    answers_ = 0;
    calm_ = at + std::chrono::milliseconds(250);
  }

 private:
  std::size_t most_, now_;
  std::size_t answers_ = 0;
  std::uint64_t lost_ = 0;
  MonotonicTime calm_{};
};

}  // namespace platen::snmp
