#include "base/meter/series.h"

#include <doctest/doctest.h>

#include "base/meter/usage.h"

using namespace platen;         // NOLINT: a test
using namespace platen::meter;  // NOLINT
using namespace std::chrono_literals;

namespace {

const WallTime start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
const Who case_one{.serial = "VNB3K12345", .engine_id = "", .macs = {"0A0B0C0D0E0F"}};
const Who other_board{.serial = "VNB3K12345", .engine_id = "", .macs = {"AABBCCDDEEFF"}};

// A reading every hour; the order is the position in the list.
std::vector<Sample> hourly(std::initializer_list<std::uint64_t> counts) {
  std::vector<Sample> out;
  for (const std::uint64_t count : counts)
    out.push_back({.order = out.size() + 1, .value = {count, start + std::chrono::hours(out.size())}, .who = case_one});
  return out;
}

std::string shape(const Series& series) {
  std::string out;
  for (const Epoch& epoch : series.epochs())
    out.append(out.empty() ? "" : " ").append(code_of(epoch.reason)).append(":").append(word_of(epoch.standing));
  return out;
}

Usage all_of(const History& history) { return usage_between(history, start, start + 1000h); }

}  // namespace

TEST_CASE("the epochs of a counter, and what may be counted before anybody has confirmed anything") {
  struct Row {
    const char* name;
    std::vector<Sample> samples;
    const char* epochs;
    std::optional<std::uint64_t> counted;
    std::size_t doubts;
  };
  const Row rows[] = {
      {"a quiet day", hourly({100, 100, 105, 130}), "first:trusted", 30, 0},
      {"a reset", hourly({5000, 5010, 3, 9}), "first:trusted reset:proposed", 10, 1},
      {"0 while it starts", hourly({5000, 0, 5002}), "first:trusted reset:withdrawn", 2, 0},
      {"0 twice while it starts", hourly({5000, 0, 0, 5002}), "first:trusted reset:withdrawn", 2, 0},
      {"nonsense for once", hourly({5000, 4'000'000'000, 5003}), "first:trusted jumped:withdrawn", 3, 0},
      {"a stale value", hourly({5000, 4997, 5004}), "first:trusted fell:withdrawn", 4, 0},
      {"after a reset it counts up past the old value, step by step",
       hourly({20, 1, 9, 15, 19, 23}),
       "first:trusted reset:proposed",
       {},
       1},
      {"a jump does not heal by waiting",
       hourly({5000, 5'000'000, 5'000'010, 5'000'020}),
       "first:trusted jumped:proposed",
       {},
       1},
      {"two resets", hourly({5000, 3, 900, 4, 8}), "first:trusted reset:proposed reset:proposed", {}, 1},
      {"one reading", hourly({5000}), "first:trusted", {}, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const History history = replay(row.samples, {});
    CHECK(shape(history.series) == row.epochs);
    CHECK(all_of(history).counted == row.counted);
    CHECK(all_of(history).why.size() == row.doubts);
  }
}

TEST_CASE("what a person decides") {
  const auto samples = hourly({5000, 5010, 3, 9, 20});
  struct Row {
    const char* name;
    std::vector<Decision> decisions;
    const char* epochs;
    std::uint64_t counted;
    std::size_t doubts;
  };
  const Row rows[] = {
      {"nothing", {}, "first:trusted reset:proposed", 10, 1},
      {"confirmed", {{3, true, {}}}, "first:trusted reset:trusted", 30, 0},
      {"confirmed, pages lost before the reset", {{3, true, 5017}}, "first:trusted reset:trusted", 37, 0},
      {"a carry that would give a negative bill", {{3, true, 5006}}, "first:trusted reset:proposed", 10, 1},
      {"rejected", {{3, false, {}}}, "first:trusted reset:rejected", 10, 1},
      {"of another reading", {{4, true, {}}}, "first:trusted reset:proposed", 10, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const History history = replay(samples, row.decisions);
    CHECK(shape(history.series) == row.epochs);
    CHECK(all_of(history).counted == row.counted);
    CHECK(all_of(history).why.size() == row.doubts);
  }
  CHECK(all_of(replay(samples, {})).why[0] ==
        "the counter went from 5010 to 3: it was reset, not confirmed, read 2026-11-01T02:00Z");
}

TEST_CASE("a jump that was real is confirmed with the carry 0") {
  const History history = replay(hourly({5000, 5'000'000, 5'000'010}), {{2, true, 0}});
  CHECK(all_of(history).counted == 4'995'010);
}

TEST_CASE("a rejected stretch is left out, and the counter goes on behind it") {
  const History history = replay(hourly({5000, 4'000'000'000, 4'000'000'001, 5003, 5009}), {{2, false, {}}});
  CHECK(shape(history.series) == "first:trusted jumped:rejected");
  CHECK(all_of(history).counted == 9);
}

TEST_CASE("another mainboard begins a new epoch even where the counter ran on") {
  auto samples = hourly({5000, 5010, 5020, 5030});
  samples[2].who = samples[3].who = other_board;
  const History history = replay(samples, {});
  CHECK(shape(history.series) == "first:trusted board-swapped:proposed");
  CHECK(all_of(history).counted == 10);
  CHECK(all_of(replay(samples, {{3, true, {}}})).counted == 30);
}

TEST_CASE("a reading that tells half of the identity changes nothing") {
  auto samples = hourly({5000, 5010, 5020, 5030});
  samples[1].who = {};
  samples[2].who = {.serial = "VNB3K12345", .engine_id = "", .macs = {}};
  CHECK(shape(replay(samples, {}).series) == "first:trusted");
  samples[3].who = other_board;
  CHECK(shape(replay(samples, {}).series) == "first:trusted board-swapped:proposed");
}

TEST_CASE("taken one by one: twice and late change nothing") {
  Series series;
  const auto samples = hourly({5000, 5010, 5020});
  CHECK(series.take(samples[0]) == Series::Took::ran_on);
  CHECK(series.take(samples[2]) == Series::Took::ran_on);
  CHECK(series.take(samples[2]) == Series::Took::twice);
  CHECK(series.take(samples[1]) == Series::Took::late);
  CHECK(series.epochs()[0].last.count == 5020);
}

TEST_CASE("the order is the ledger's, whatever the clocks say") {
  auto samples = hourly({5000, 5010, 5020, 5030});
  samples[1].value.at = start + 100000h;
  samples[2].value.at = std::nullopt;
  const History history = replay(samples, {});
  CHECK(shape(history.series) == "first:trusted");
  CHECK(usage_between(history, start, start + 3h).counted == 30);
  CHECK(usage_between(history, start, start + 3h).to->order == 4);
}

TEST_CASE("a period begins and ends at its readings, and says so when there are none") {
  const History history = replay(hourly({100, 110, 120, 130}), {});
  const Usage middle = usage_between(history, start + 90min, start + 150min);
  CHECK(middle.counted == 10);
  CHECK(middle.from->order == 2);
  CHECK(middle.to->order == 3);
  const Usage early = usage_between(history, start - 24h, start + 1h);
  CHECK(early.counted == 10);
  REQUIRE(early.why.size() == 1);
  CHECK(early.why[0] == "no reading at or before 2026-10-31T00:00Z: counted from the first one, 2026-11-01T00:00Z");
  CHECK_FALSE(usage_between(history, start - 48h, start - 24h).counted);
  CHECK_FALSE(usage_between(history, start + 10h, start + 20h).counted);
  CHECK(usage_between({}, start, start + 1h).why.size() == 1);
}

TEST_CASE("a period that begins or ends at a withdrawn reading loses no step") {
  const History history = replay(hourly({5000, 5010, 0, 5012, 5020}), {});
  CHECK(usage_between(history, start, start + 2h).counted == 10);
  const Usage after = usage_between(history, start + 2h, start + 4h);
  CHECK(after.counted == 10);
  CHECK(after.from->value.count == 5010);
  CHECK(after.why.empty());
  CHECK_FALSE(usage_between(history, start + 1h, start + 2h).why.empty());
}
