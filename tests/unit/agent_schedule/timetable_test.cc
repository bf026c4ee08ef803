#include "agent/schedule/timetable.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::Beat;
using schedule::next_due;

namespace {

const MonotonicTime boot{};

// Runs a job whenever it is due over `length`, looked at after pauses that `pause` gives; the moments it ran.
template <class Pause>
std::vector<MonotonicTime> simulated(const Beat& beat, MonotonicTime from, std::chrono::milliseconds length,
                                     Pause pause) {
  std::vector<MonotonicTime> runs;
  MonotonicTime due = next_due(beat, std::nullopt);
  for (MonotonicTime now = from; now < from + length; now += pause(now)) {
    if (due <= now) runs.push_back(now), due = next_due(beat, now);
  }
  return runs;
}

}  // namespace

TEST_CASE("what never ran is due at once") { CHECK(next_due({7, 15min}, std::nullopt) <= boot - 100h); }

TEST_CASE("over a month nothing drifts and nothing runs twice") {
  for (const std::chrono::milliseconds interval :
       {std::chrono::milliseconds(5min), std::chrono::milliseconds(15min), std::chrono::milliseconds(6h)}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(interval.count());
      CAPTURE(seed);
      std::mt19937 random(static_cast<unsigned>(seed));
      const auto pause = [&](MonotonicTime) {
        return std::chrono::milliseconds(500 + random() % 60'000);
      };  // busy, now and then
      const auto runs = simulated({seed * 977, interval}, boot + std::chrono::hours(seed), 30 * 24h, pause);
      const auto slots = (30 * 24h) / interval;
      CHECK(static_cast<long>(runs.size()) >= slots - 1);
      CHECK(static_cast<long>(runs.size()) <= slots + 1);
      auto shortest = interval, longest = interval;
      for (std::size_t i = 2; i < runs.size(); ++i) {
        const auto gap = runs[i] - runs[i - 1];
        shortest = std::min(shortest, gap), longest = std::max(longest, gap);
      }
      CHECK(shortest > interval - interval / 20 - 61s);
      CHECK(longest < interval + interval / 20 + 61s);
      // The last run lies where the grid says, not where a month of late runs would have pushed it.
      if (runs.size() > 2)
        CHECK(runs[1] + (static_cast<long>(runs.size()) - 2) * interval - runs.back() < interval / 10 + 61s);
    }
  }
}

TEST_CASE("the first run does not make the second come too soon") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const MonotonicTime first = boot + std::chrono::seconds(seed * 37);
    const auto second = next_due({seed, 15min}, first);
    CHECK(second >= first + 450s);
    CHECK(second <= first + 900s * 3 / 2 + 45s);
  }
}

TEST_CASE("after a long suspend each job runs once") {
  const Beat beat{42, 15min};
  const auto asleep = [](MonotonicTime now) -> std::chrono::milliseconds { return now == boot + 1h ? 72h : 1s; };
  const auto runs = simulated(beat, boot, 80h, asleep);
  const auto woken = std::find_if(runs.begin(), runs.end(), [](MonotonicTime run) { return run >= boot + 73h; });
  REQUIRE(woken != runs.end());
  CHECK(*woken == boot + 73h);
  CHECK(*(woken + 1) - *woken >= 450s);
}

TEST_CASE("a job that takes longer than its interval runs back to back, at half the interval or more") {
  const auto runs = simulated({3, 10s}, boot, 1h, [](MonotonicTime) { return 35s; });
  for (std::size_t i = 1; i < runs.size(); ++i) CHECK(runs[i] - runs[i - 1] == 35s);
}

TEST_CASE("agents and printers are spread over the interval") {
  std::vector<int> tenths(10);
  for (int i = 0; i < 1000; ++i) {
    const Beat beat{schedule::stable_hash("192.0.2." + std::to_string(i), schedule::stable_hash("agent-7")), 15min};
    const auto due = next_due(beat, boot + 100h);
    const auto into = (due.time_since_epoch() % 15min);
    ++tenths[static_cast<std::size_t>(into / 90s)];
  }
  for (const int each : tenths) {
    CHECK(each > 60);
    CHECK(each < 150);
  }
}

TEST_CASE("the hash is FNV-1a on every machine") {
  CHECK(schedule::stable_hash("") == 0xcbf29ce484222325U);
  CHECK(schedule::stable_hash("a") == 0xaf63dc4c8601ec8cU);
  CHECK(schedule::stable_hash("foobar") == 0x85944171f73967e8U);
}
