// A fleet that has lost its broker, simulated by the pauses alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "transport/command/channel.h"
#include "transport/command/pause.h"

namespace platen::channel {

// The most agents that are let in within one second, of `agents` that lost the broker at 0 and find it again after `outage`.
inline std::size_t busiest_second(std::size_t agents, std::chrono::milliseconds outage, unsigned seed) {
  using std::chrono::milliseconds;
  const Patience patience;
  std::minstd_rand random(seed);
  std::uniform_real_distribution<double> chance(0, 1);
  std::vector<std::size_t> seconds;
  for (std::size_t i = 0; i < agents; ++i) {
    milliseconds at{0};
    for (unsigned failures = 0; failures == 0 || at < outage; ++failures)
      at += pause_before(patience.spread, patience.longest, failures, chance(random));
    const auto second = static_cast<std::size_t>(std::max(at, outage) / milliseconds(1000));
    if (seconds.size() <= second) seconds.resize(second + 1);
    ++seconds[second];
  }
  return *std::max_element(seconds.begin(), seconds.end());
}

}  // namespace platen::channel
