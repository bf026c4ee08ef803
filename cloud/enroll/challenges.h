// Numbers used once, for proofs of a key and for forms: made here, taken back once, in time. Pure but for the random numbers.
//
//   Bounds   4,096 wait at a time; the oldest goes first. An agent whose number is gone asks for another.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace platen::enroll {

class Challenges {
 public:
  static constexpr std::chrono::seconds short_life{120};
  static constexpr std::size_t most = 4096;

  explicit Challenges(std::chrono::seconds valid = short_life) : valid_(valid) {}

  [[nodiscard]] std::string make(MonotonicTime now);  // 128 random bits, 32 hex digits
  [[nodiscard]] bool take(std::string_view nonce, MonotonicTime now);

 private:
  const std::chrono::seconds valid_;
  std::deque<std::pair<std::string, MonotonicTime>> waiting_;  // the oldest first
};

}  // namespace platen::enroll
