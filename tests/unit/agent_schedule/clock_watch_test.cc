#include "agent/schedule/clock_watch.h"

#include <doctest/doctest.h>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::ClockWatch;

namespace {

const WallTime built = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};

struct Site {
  ManualClock clock;
  ClockWatch watch{built};
  std::optional<CloudTime> cloud;

  std::string_view after(std::chrono::milliseconds time, std::chrono::milliseconds step = 0ms) {
    clock.advance(time);
    clock.step_wall(step);
    return watch.look(clock.wall(), clock.monotonic(), cloud).suspect_because;
  }
  void hear(std::chrono::milliseconds offset) { cloud = CloudTime{clock.wall() + offset, clock.monotonic()}; }
};

}  // namespace

TEST_CASE("without a cloud a clock is suspect before the build and for a day after a jump") {
  Site site;
  CHECK(site.after(0ms).empty());
  CHECK(site.after(24h).empty());
  CHECK(site.after(1s, 59s).empty());  // NTP pulls it
  CHECK(site.after(1s, -2min) == "jumped");
  CHECK(site.after(23h) == "jumped");
  CHECK(site.after(2h).empty());
  for (const auto step : {24h, -24h, 87600h, -87600h}) {
    Site other;
    CHECK(other.after(1h).empty());
    CHECK(other.after(1s, step) == (step == -87600h ? "before-build" : "jumped"));
    CHECK_FALSE(other.after(1s, -step).empty());  // back again, but who knows
    CHECK(other.after(25h).empty());
  }
}

TEST_CASE("the cloud's clock decides, while it was heard lately") {
  Site site;
  site.hear(4min);
  CHECK(site.after(1min).empty());
  CHECK(site.watch.look(site.clock.wall(), site.clock.monotonic(), site.cloud).cloud_offset == 4min);
  CHECK(site.after(1min, -87600h) == "off-the-cloud");
  CHECK(site.watch.look(site.clock.wall(), site.clock.monotonic(), site.cloud).cloud_offset == 87600h + 4min);
  CHECK(site.after(1min, 87600h).empty());  // the step is explained
  CHECK(site.after(40min).empty());
  CHECK_FALSE(site.watch.look(site.clock.wall(), site.clock.monotonic(), site.cloud).cloud_offset);
  site.hear(-6min);
  CHECK(site.after(1s) == "off-the-cloud");
}
