// How fast the history goes after an outage. Pure.
//
//   Rules    `rate` records a second on average; each batch is followed by the pause that it earned, shortened or lengthened
//            by up to a quarter, so that a fleet of agents that came back together does not keep step. Nothing is saved up.
//   Time     monotonic, as an argument.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <string_view>

#include "base/clock.h"

namespace platen::uplink {

class Pace {
 public:
  Pace(std::size_t rate, std::string_view agent, MonotonicTime now)
      : rate_(static_cast<double>(rate)), due_(now), random_(std::hash<std::string_view>{}(agent)) {}

  [[nodiscard]] MonotonicTime due() const { return due_; }  // the next batch may go
  void sent(std::size_t records, MonotonicTime now) {
    owed_ += 1000 * static_cast<double>(records) / rate_ * std::uniform_real_distribution<double>(0.75, 1.25)(random_);
    const auto whole = std::chrono::milliseconds(static_cast<std::int64_t>(owed_));
    owed_ -= static_cast<double>(whole.count());
    due_ = std::max(due_, now) + whole;
  }

 private:
  double rate_, owed_ = 0;  // milliseconds
  MonotonicTime due_;
  std::minstd_rand random_;
};

}  // namespace platen::uplink
