// A fleet that lost its broker comes back slowly enough, whatever the outage.
#include "transport/command/pause.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "transport/command/channel.h"

using namespace platen::channel;
using std::chrono::milliseconds;

namespace {

// The most agents that are let in within one second, of `agents` that lost the broker at 0 and find it again after `outage`.
std::size_t busiest_second(std::size_t agents, milliseconds outage, unsigned seed) {
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

}  // namespace

TEST_CASE("at most 2 % of a fleet come back within a second") {
  for (const int outage : {0, 1, 30, 60, 100, 119, 121, 180, 600, 3'600}) {
    for (const unsigned seed : {1U, 2U, 3U}) {
      CAPTURE(outage);
      CHECK(busiest_second(5'000, std::chrono::seconds(outage), seed) <= 100);
    }
  }
}

TEST_CASE("the bounds of a wait") {
  using std::chrono::seconds;
  CHECK(pause_before(seconds(120), seconds(180), 0, 0) == seconds(0));
  CHECK(pause_before(seconds(120), seconds(180), 0, 0.5) == seconds(60));
  CHECK(pause_before(seconds(120), seconds(180), 1, 0) == seconds(60));
  CHECK(pause_before(seconds(120), seconds(180), 90, 0.5) == seconds(120));
  CHECK(pause_before(seconds(1), seconds(5), 3, 0) == seconds(0));  // never negative
  CHECK(pause_before(seconds(5), seconds(2), 3, 0.5) == seconds(2));
}
