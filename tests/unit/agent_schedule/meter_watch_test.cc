#include "agent/schedule/meter_watch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::MeterWatch;
using schedule::Moment;

namespace {

Reading printer(const std::string& serial, std::uint64_t total, Reading::Kind kind = Reading::Kind::full) {
  Reading made;
  made.kind = kind;
  made.address = "192.0.2." + std::to_string(serial.back() - '0');
  made.identity.serial = serial;
  CounterPoint point;
  point.value = total;
  point.evidence = {"prtMarkerLifeCount.1.1", "1.3.6.1.2.1.43.10.2.1.4.1.1", std::to_string(total), 'A'};
  made.counters = {point};
  return made;
}

std::vector<std::string> flags_of(MeterWatch& watch, const Reading& reading, const Moment& moment) {
  return watch.took(reading, moment).flags;
}

// A site whose printers answer when they are on; lives minute by minute.
struct Site {
  ManualClock clock;
  MeterWatch watch;
  std::set<std::string> off;
  std::vector<std::pair<WallTime, std::string>> reads;

  explicit Site(const char* zone = "Europe/Berlin", std::chrono::milliseconds interval = 24h)
      : watch("agent-7", Zone::load(zone).value(), interval) {}
  [[nodiscard]] Moment moment() const { return {clock.wall(), clock.monotonic(), true}; }
  void read(const std::string& serial) {
    (void)watch.took(printer(serial, 100), moment());
    reads.emplace_back(clock.wall(), "192.0.2." + std::to_string(serial.back() - '0'));
  }
  void live(std::chrono::minutes length) {
    for (auto left = length; left > 0min; left -= 1min) {
      clock.advance(1min);
      for (const std::string& address : watch.due(moment())) {
        const std::string serial = "SERIAL" + address.substr(address.rfind('.') + 1);
        if (off.contains(serial))
          watch.failed(address, "snmp.timeout", "no answer", moment());
        else
          read(serial);
      }
    }
  }
};

std::vector<std::string> flags(std::uint64_t before, std::uint64_t now) {
  MeterWatch watch("agent-7", Zone::utc(), 24h);
  ManualClock clock;
  (void)watch.took(printer("SERIAL1", before), {clock.wall(), clock.monotonic(), true});
  clock.advance(15min);
  return flags_of(watch, printer("SERIAL1", now), {clock.wall(), clock.monotonic(), true});
}

}  // namespace

TEST_CASE("what happened to a counter is a flag; a quiet one has none") {
  using Flags = std::vector<std::string>;
  CHECK(flags(100, 100).empty());
  CHECK(flags(100, 150).empty());
  CHECK(flags(48'210, 12) == Flags{"reset prtMarkerLifeCount.1.1"});
  CHECK(flags(48'210, 40'000) == Flags{"fell prtMarkerLifeCount.1.1"});
  CHECK(flags(100, 5'000'000) == Flags{"jumped prtMarkerLifeCount.1.1"});
  CHECK(flags(4'294'967'290, 3) == Flags{"wrapped-32 prtMarkerLifeCount.1.1"});
  CHECK(flags(2'147'483'640, 3) == Flags{"wrapped-31 prtMarkerLifeCount.1.1"});
}

TEST_CASE("another mainboard in the same case is a flag, another printer at the address is not") {
  Site site;
  Reading one = printer("SERIAL1", 100);
  one.identity.mac = "00:0B:0C:0D:0E:0F";
  CHECK(flags_of(site.watch, one, site.moment()).empty());
  one.identity.mac = "00:AA:BB:CC:DD:EE";
  CHECK(flags_of(site.watch, one, site.moment()) == std::vector<std::string>{"board-swapped"});
  CHECK(flags_of(site.watch, one, site.moment()).empty());
  Reading other = printer("OTHER1", 3);
  CHECK(flags_of(site.watch, other, site.moment()).empty());
}

TEST_CASE("a status read that tells no name belongs to who was last read at its address") {
  Site site;
  (void)site.watch.took(printer("SERIAL1", 5000), site.moment());
  Reading nameless = printer("SERIAL1", 3, Reading::Kind::status);
  nameless.identity.serial.reset();
  CHECK(flags_of(site.watch, nameless, site.moment()) == std::vector<std::string>{"reset prtMarkerLifeCount.1.1"});
  CHECK(site.watch.memories().size() == 1);
}

TEST_CASE("meters are read once a day, soon after the site's midnight, each printer in its own second") {
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"}) {
    CAPTURE(zone);
    Site site(zone);
    site.clock.advance(13h);  // away from midnight, in each of them
    for (int i = 1; i <= 9; ++i) site.read("SERIAL" + std::to_string(i));
    site.reads.clear();
    site.live(10 * 24h);
    CHECK(site.reads.size() == 90);
    for (const auto& [at, address] : site.reads) {
      const auto after = at - site.watch.zone().begin_of(site.watch.zone().day_of(at));
      CHECK(after <= 11min);
    }
    std::set<WallTime> moments;
    for (std::size_t i = 0; i < 9; ++i) moments.insert(site.reads[i].first);
    CHECK(moments.size() > 3);
  }
}

TEST_CASE("the first complete full read of a day is its meter read") {
  Site site;
  CHECK(site.watch.took(printer("SERIAL1", 100), site.moment()).meter_read);
  CHECK_FALSE(site.watch.took(printer("SERIAL1", 100), site.moment()).meter_read);
  site.clock.advance(24h);
  CHECK_FALSE(site.watch.took(printer("SERIAL1", 100, Reading::Kind::status), site.moment()).meter_read);
  Reading half = printer("SERIAL1", 100);
  half.complete = false;
  CHECK_FALSE(site.watch.took(half, site.moment()).meter_read);
  CHECK(site.watch.took(printer("SERIAL1", 100), site.moment()).meter_read);
}

TEST_CASE("a day of 23 or 25 hours has one meter read like any other") {
  Site site("Europe/Berlin");
  site.clock.step_wall(from_rfc3339("2027-03-26T12:00:00Z").value() - site.clock.wall());
  site.read("SERIAL1");
  site.reads.clear();
  site.live(5 * 24h);
  CHECK(site.reads.size() == 5);
  site.clock.step_wall(from_rfc3339("2027-10-29T12:00:00Z").value() - site.clock.wall());
  site.live(3h);
  site.reads.clear();
  site.live(5 * 24h);
  CHECK(site.reads.size() == 5);
}

TEST_CASE("a printer that was off at midnight is asked again soon, and read when it comes back") {
  Site site;
  site.read("SERIAL1");
  site.off = {"SERIAL1"};
  site.reads.clear();
  const WallTime midnight =
      site.watch.zone().begin_of(site.watch.zone().day_of(site.clock.wall()) + std::chrono::days(1));
  site.live(std::chrono::duration_cast<std::chrono::minutes>(midnight - site.clock.wall()) + 7h + 55min);
  CHECK(site.reads.empty());
  site.off.clear();
  site.live(60min);
  REQUIRE(site.reads.size() == 1);
  site.live(10h);
  CHECK(site.reads.size() == 1);
}

TEST_CASE("a step of the clock costs one read at most, and never a day") {
  for (const auto step : {24h, -24h, 87600h, -87600h, 1h, -1h}) {
    CAPTURE(step.count());
    Site site;
    site.read("SERIAL1");
    site.live(3 * 24h);
    site.reads.clear();
    site.clock.step_wall(step);
    MonotonicTime last = site.clock.monotonic() - 1h;  // 0:00 to 0:10 at the site, where it was 1:00 a moment ago
    for (int minute = 0; minute < 4 * 24 * 60; ++minute) {
      const std::size_t before = site.reads.size();
      site.live(1min);
      CHECK(site.clock.monotonic() - last <= 26h + 15min);
      if (site.reads.size() > before) last = site.clock.monotonic();
    }
    CHECK(site.reads.size() <= 5);
  }
}

TEST_CASE("while the clock cannot be trusted the interval and two hours decide") {
  Site site;
  site.read("SERIAL1");
  std::size_t reads = 0;
  for (int minute = 0; minute < 10 * 24 * 60; ++minute) {
    site.clock.advance(1min);
    const Moment moment{site.clock.wall(), site.clock.monotonic(), false};
    if (site.watch.due(moment).empty()) continue;
    ++reads;
    (void)site.watch.took(printer("SERIAL1", 100), moment);
  }
  CHECK(reads == 9);
}

TEST_CASE("other intervals are times, several days are midnights apart") {
  Site often("UTC", 90min);
  often.read("SERIAL1");
  often.reads.clear();
  often.live(24h);
  CHECK(often.reads.size() == 16);
  Site weekly("UTC", 7 * 24h);
  weekly.read("SERIAL1");
  weekly.reads.clear();
  weekly.live(28 * 24h + 15min);
  CHECK(weekly.reads.size() == 4);
}

TEST_CASE("over a restart the counts are remembered, and a midnight that was slept through is made up for") {
  Site site;
  site.read("SERIAL1");
  Site same;
  same.watch.remember(site.watch.memories(), same.moment());
  CHECK(flags_of(same.watch, printer("SERIAL1", 3, Reading::Kind::status), same.moment()) ==
        std::vector<std::string>{"reset prtMarkerLifeCount.1.1"});
  same.live(3h);
  CHECK(same.reads.empty());
  Site later;
  later.clock.advance(26h);
  later.watch.remember(site.watch.memories(), later.moment());
  later.live(1min);
  CHECK(later.reads.size() == 1);
}

TEST_CASE("who was silent for 90 days is forgotten") {
  Site site;
  site.read("SERIAL1");
  site.off = {"SERIAL1"};
  site.live(89 * 24h);
  CHECK(site.watch.memories().size() == 1);
  site.live(2 * 24h);
  CHECK(site.watch.memories().empty());
}
