// Time: what a device says is a function of its sysUpTime, and its clock stands still while somebody reads it.
#include "tests/zoo/moment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/unit/zoo/talk.h"
#include "tests/zoo/truth.h"

using namespace platen;
using namespace platen::zoo;
using namespace std::chrono_literals;

TEST_CASE("a device's clock stands still in a conversation and jumps when it is over") {
  Talk talk("bizhub C360i");
  const auto up_time = [&] { return talk.ask({.names = {sys_up_time}})->varbinds[0].value.number().value(); };
  const std::int64_t first = up_time();
  CHECK(first == first_ticks(talk.spec.number));
  for (int i = 0; i < 10; ++i) {
    talk.wait(999ms);
    CHECK(up_time() == first);
  }
  talk.wait(1000ms);
  CHECK(up_time() == first + 1099);
}

TEST_CASE("--speed makes time run faster") {
  Talk talk("bizhub C360i");
  talk.clock.speed = 3600;
  CHECK(talk.ask({.names = {sys_up_time}}));
  talk.wait(10s);
  CHECK(talk.ask({.names = {sys_up_time}})->varbinds[0].value.number() == first_ticks(talk.spec.number) + 10 * 360'000);
}

TEST_CASE("counters never fall, parts add up, and a day makes a difference") {
  const Fleet fleet = make_fleet({}).value();
  for (const DeviceSpec& device : fleet.devices) {
    CAPTURE(device.species->name);
    const Model& model = *device.species->model;
    const Who who = who_is(model, device.number, device.address);
    Pages before;
    for (std::uint32_t hour = 0; hour < 24 * 60; hour += 7) {
      const Pages p = moment_of(model, who, hour * 360'000).pages;
      for (const Count count : {&Pages::life, &Pages::total, &Pages::mono, &Pages::color, &Pages::print,
                                &Pages::print_mono, &Pages::print_color, &Pages::copy, &Pages::copy_mono,
                                &Pages::copy_color, &Pages::fax, &Pages::duplex, &Pages::scan, &Pages::power_on}) {
        CHECK(p.*count >= before.*count);
      }
      CHECK(p.print + p.copy + p.fax == p.total);
      CHECK(p.mono + p.color == p.total);
      CHECK(p.print_mono + p.copy_mono + p.fax == p.mono);
      CHECK(p.life >= p.total);
      before = p;
    }
    CHECK(before.total > moment_of(model, who, 0).pages.total);
  }
}

TEST_CASE("levels stay within what they may say, and low supplies and open covers come and go as alerts") {
  std::set<std::int32_t> codes;
  std::size_t without_alert = 0;
  const Fleet fleet = make_fleet({.name = "printers"}).value();
  for (const DeviceSpec& device : fleet.devices) {
    const Model& model = *device.species->model;
    const Who who = who_is(model, device.number, device.address);
    for (std::uint32_t hour = 0; hour < 24 * 40; hour += 9) {
      const Moment now = moment_of(model, who, hour * 360'000);
      for (std::size_t i = 0; i < model.supplies.size(); ++i) {
        const std::int64_t level = now.supplies[i];
        CHECK((level == -2 || level == -3 || (level >= 0 && level <= model.supplies[i].max + model.supplies[i].above)));
      }
      for (const ActiveAlert& alert : now.alerts) {
        CHECK(alert.since <= now.ticks);
        codes.insert(alert.code);
      }
      if (now.alerts.empty()) ++without_alert;
      CHECK(std::is_sorted(now.alerts.begin(), now.alerts.end(),
                           [](const auto& a, const auto& b) { return a.index < b.index; }));
    }
  }
  CHECK(codes == std::set<std::int32_t>{1, 3, 808, 1104, 1105, 1107, 1108, 1111});
  CHECK(without_alert > 100);
}

TEST_CASE("ten thousand devices: no serial, MAC or name twice") {
  const auto fleet = make_fleet({.name = "printers", .count = 10'000}).value();
  std::set<std::string> serials, macs, names;
  for (const DeviceSpec& device : fleet.devices) {
    const Who who = who_is(*device.species->model, device.number, device.address);
    serials.insert(device.species->name + who.serial);
    macs.insert(who.macs.begin(), who.macs.end());
    names.insert(who.name);
  }
  CHECK(serials.size() == 10'000);
  CHECK(macs.size() == 20'000);
  CHECK(names.size() == 10'000);
}

TEST_CASE("texts go on the wire in the printer's character set") {
  CHECK(in_charset(Charset::hp_roman8, "Prêt à") == "Pr\xC1t \xC8");
  CHECK(in_charset(Charset::latin2, "Włóż č") == "W\xB3\xF3\xBF \xE8");
  CHECK(in_charset(Charset::shift_jis, "印刷") == "\x88\xF3\x8D\xFC");
  CHECK(in_charset(Charset::utf8, "印刷") == "印刷");
  CHECK_THROWS_AS(static_cast<void>(in_charset(Charset::ascii, "é")), std::invalid_argument);
}
