#include "tests/zoo/compare.h"

#include <doctest/doctest.h>

#include <functional>

#include "base/reading/json.h"
#include "tests/zoo/fleets.h"
#include "tests/zoo/truth.h"

using namespace platen;
using namespace platen::zoo;

namespace {

const Fleet& fleet() {
  static const Fleet made = make_fleet({}).value();
  return made;
}

std::string lines_of(const Fleet& of) {
  std::string lines;
  for (const DeviceSpec& device : of.devices)
    lines += truth_line(device, first_ticks(device.number) + device.number * 1000) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("the truth equals itself, each device at its own moment") {
  const Comparison found = compare(fleet(), lines_of(fleet()));
  CHECK(found.differences.empty());
  CHECK(found.equal == found.printers);
  CHECK(found.printers >= 60);
}

TEST_CASE("a planted difference is found and named") {
  struct Row {
    const char* want;
    std::function<void(Reading&)> plant;
  };
  const Row rows[] = {
      {"serial: the truth is", [](Reading& r) { r.identity.serial = "X"; }},
      {"model: the truth is 'LaserJet Enterprise M611dn', the reading says nothing",
       [](Reading& r) { r.identity.model.reset(); }},
      {"marker 1.1 life_count: the truth is", [](Reading& r) { ++*r.markers[0].life_count; }},
      {"supply 1.1 level: the truth is", [](Reading& r) { r.supplies[0].level = Amount::from_wire(-3); }},
      {"supply 1.10: missing from the reading",
       [](Reading& r) { std::erase_if(r.supplies, [](const auto& s) { return s.index == "1.10"; }); }},
      {"input 1.9: invented by the reading", [](Reading& r) { r.inputs.emplace_back().index = "1.9"; }},
      {"output 1.1 remaining", [](Reading& r) { r.outputs[0].remaining.reset(); }},
      {"cover 1.1 status", [](Reading& r) { r.covers[0].status = 7; }},
      {"alert 1.99: invented by the reading", [](Reading& r) { r.alerts.emplace_back().index = "1.99"; }},
      {"counter all/all/all", [](Reading& r) { ++r.counters[1].value; }},
      {"counter all/all/two",
       [](Reading& r) {
         std::erase_if(r.counters, [](const auto& c) { return c.sides == CounterPoint::Sides::two; });
       }},
      {"counter other/mono/all (guess): invented",
       [](Reading& r) {
         CounterPoint point;
         point.function = CounterPoint::Function::other;
         point.color = CounterPoint::Color::mono;
         point.evidence.source = "guess";
         r.counters.push_back(point);
       }},
      {"complete: the truth is '1'", [](Reading& r) { r.complete = false; }},
      {"carries no sys_up_time", [](Reading& r) { r.system.sys_up_time.reset(); }},
      {"serial: the truth is", [](Reading& r) { r.identity.serial = r.identity.serial.value() + "\x1b"; }},
  };
  const DeviceSpec& device = fleet().devices[1];
  for (const Row& row : rows) {
    CAPTURE(row.want);
    Reading reading = truth_of(device, 5'000'000).value();
    CHECK(differences(device, reading).empty());
    row.plant(reading);
    const auto found = differences(device, reading);
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("127.50.0.2 ") == 0);
    CHECK(found[0].find(row.want) != std::string::npos);
    CHECK(found[0].find('\x1b') == std::string::npos);
  }
}

TEST_CASE("missing and invented printers, foreign and broken lines") {
  std::string lines = lines_of(fleet());
  lines.erase(0, lines.find('\n') + 1);
  Reading invented = truth_of(fleet().devices[2], 77).value();
  invented.address = fleet().devices.back().address.text();
  lines += to_json(invented) + "\n";
  invented.address = "192.0.2.1";
  lines += to_json(invented) + "\nnonsense\n";
  const Comparison found = compare(fleet(), lines);
  REQUIRE(found.differences.size() == 4);
  CHECK(found.differences[0].find("this is no printer, the reading invents one") != std::string::npos);
  CHECK(found.differences[1] == "192.0.2.1 is no device of this fleet");
  CHECK(found.differences[2].find("this is no JSON object") != std::string::npos);
  CHECK(found.differences[3] == "127.50.0.1 LaserJet Pro M404dn: this printer is missing");
  CHECK(found.equal == found.printers - 1);
}
