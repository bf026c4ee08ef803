// Random lives of a counter: whatever happens to it, no bill is too high, and nothing that was read is lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/meter/usage.h"

using namespace platen;         // NOLINT: a test
using namespace platen::meter;  // NOLINT
using namespace std::chrono_literals;

namespace {

const WallTime start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
constexpr std::uint64_t two32 = std::uint64_t{1} << 32U;

struct Life {
  std::vector<Sample> samples;
  std::vector<std::uint64_t> printed;  // the truth at each sample
};

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }

  // A counter with events that lose no page between two readings: resets and board swaps to 0, wraps; and values that
  // are read wrong now and then.
  Life life(bool with_glitches) {
    Life life;
    const bool wraps = below(2) == 0;  // near a wrap a reset looks like one
    std::uint64_t printed = wraps ? two32 - below(500) : below(100'000), lost = 0;
    Who who{.serial = "SERIAL1234", .engine_id = "", .macs = {"0A0B0C0D0E0F"}};
    for (Order order = 1, count = 2 + below(40); order <= count; ++order) {
      const bool plain_to_see = !wraps && printed - lost >= 1000;  // a fall from little to little tells nothing
      const std::uint64_t event = plain_to_see ? below(30) : 30;
      if (event == 0) lost = printed;  // reset
      if (event == 1) who.macs = {std::to_string(100'000 + order)}, lost = printed;
      printed += below(200);
      std::uint64_t raw = (printed - lost) % two32;
      if (with_glitches && below(15) == 0) raw = below(2) == 0 ? 0 : random_() % (two32 * 2);
      life.samples.push_back({order, {raw, clock(order)}, below(4) == 0 ? Who{} : who});
      life.printed.push_back(printed);
    }
    return life;
  }

 private:
  std::optional<WallTime> clock(Order order) {
    if (below(10) == 0) return std::nullopt;
    return start + std::chrono::hours(order);
  }
  std::mt19937_64 random_;
};

Usage whole(const History& history) { return usage_between(history, start, start + 10000h); }

// As often as confirming brings forth something new to confirm.
History all_confirmed(const std::vector<Sample>& samples) {
  History history = replay(samples, {});
  for (std::vector<Decision> decisions; decisions.size() < history.series.epochs().size();) {
    decisions.clear();
    for (const Epoch& epoch : history.series.epochs()) decisions.push_back({epoch.began, true, {}});
    history = replay(samples, decisions);
  }
  return history;
}

}  // namespace

TEST_CASE("nothing is billed that was not printed while nobody has confirmed anything") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    const Life life = Maker(seed).life(false);
    const History history = replay(life.samples, {});
    CHECK(whole(history).counted.value_or(0) <= life.printed.back() - life.printed.front());
  }
}

TEST_CASE("confirmed, every page between two readings is counted, and counted once") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    const Life life = Maker(seed).life(false);
    const History confirmed = all_confirmed(life.samples);
    const Usage usage = whole(confirmed);
    if (!usage.from) continue;
    const std::uint64_t truth = life.printed[usage.to->order - 1] - life.printed[usage.from->order - 1];
    CHECK(usage.counted.value_or(0) == truth);
  }
}

TEST_CASE("in an epoch values never fall, usage is never negative, and a trusted chain never goes down") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    Maker maker(seed);
    const Life life = maker.life(true);
    History history = replay(life.samples, {});
    std::vector<Decision> some;
    for (const Epoch& epoch : history.series.epochs()) {
      if (maker.below(2) == 0) some.push_back({epoch.began, maker.below(3) != 0, {}});
    }
    history = replay(life.samples, some);
    const auto& epochs = history.series.epochs();
    std::vector<std::uint64_t> seen(epochs.size());
    for (const Placed& placed : history.samples) {
      CHECK(placed.sample.value.count >= seen[placed.epoch]);
      seen[placed.epoch] = placed.sample.value.count;
    }
    for (const Epoch& epoch : epochs) CHECK(acceptable(epoch, epoch.carry));
    CHECK(whole(history).counted.value_or(0) < std::uint64_t{1} << 62U);
  }
}

TEST_CASE("raw values are kept, in whichever order and however often they arrive, and make the same epochs") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const Life life = Maker(seed).life(true);
    const History history = replay(life.samples, {});
    REQUIRE(history.samples.size() == life.samples.size());
    for (std::size_t i = 0; i < life.samples.size(); ++i)
      CHECK(history.samples[i].sample.value.count == life.samples[i].value.count);

    std::vector<Sample> shuffled = life.samples;
    shuffled.insert(shuffled.end(), life.samples.begin(), life.samples.begin() + 1 + seed % 2);
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
    const History again = replay(shuffled, {});
    REQUIRE(again.samples.size() == history.samples.size());
    for (std::size_t i = 0; i < again.samples.size(); ++i) CHECK(again.samples[i].epoch == history.samples[i].epoch);

    Series one_by_one;
    for (const Sample& sample : life.samples) (void)one_by_one.take(sample);
    REQUIRE(one_by_one.epochs().size() == history.series.epochs().size());
    for (std::size_t i = 0; i < one_by_one.epochs().size(); ++i)
      CHECK(one_by_one.epochs()[i].standing == history.series.epochs()[i].standing);
  }
}

TEST_CASE("a usage of parts is never more than the usage of the whole") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const Life life = Maker(seed).life(true);
    const History history = all_confirmed(life.samples);
    const WallTime end = start + 10000h, middle = start + std::chrono::hours(1 + seed % 40);
    const auto sum = usage_between(history, start, middle).counted.value_or(0) +
                     usage_between(history, middle, end).counted.value_or(0);
    CHECK(sum <= whole(history).counted.value_or(0));
  }
}
