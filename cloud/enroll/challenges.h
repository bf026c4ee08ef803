// Numbers used once, for proofs of a key: made here, taken back once, within two minutes. Pure but for the random numbers.
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
  static constexpr std::chrono::seconds valid{120};
  static constexpr std::size_t most = 4096;

  [[nodiscard]] std::string make(MonotonicTime now);  // 32 random octets
  [[nodiscard]] bool take(std::string_view nonce, MonotonicTime now);

 private:
  std::deque<std::pair<std::string, MonotonicTime>> waiting_;  // the oldest first
};

}  // namespace platen::enroll
