// The two clocks. Wall time is stored and shown, never used for intervals or order; monotonic time drives every
// interval.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

// The cloud's clock, as it was heard.
struct CloudTime {
  WallTime said{};
  MonotonicTime heard{};
};

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall() const = 0;
  [[nodiscard]] virtual MonotonicTime monotonic() const = 0;
};

[[nodiscard]] const Clock& system_clock();

// "2026-11-21T02:10:45.123Z" (RFC 3339, UTC, milliseconds).
[[nodiscard]] std::string to_rfc3339(WallTime time);
// Accepts what to_rfc3339 writes, with or without the fraction. Errors: Code::invalid.
[[nodiscard]] Expected<WallTime> from_rfc3339(std::string_view text);

// A clock that a test sets by hand.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override { return wall_; }
  [[nodiscard]] MonotonicTime monotonic() const override { return monotonic_; }
  void advance(std::chrono::milliseconds by) { wall_ += by, monotonic_ += by; }
  void step_wall(std::chrono::milliseconds by) { wall_ += by; }

 private:
  WallTime wall_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
  MonotonicTime monotonic_{};
};

}  // namespace platen
