#include "base/meter/names.h"

#include <doctest/doctest.h>

#include <set>

using namespace platen;  // NOLINT: a test

TEST_CASE("a meter counts over the life of the device and may be billed") {
  CounterPoint point;
  CHECK(meter::is_meter(point));
  point.evidence.confidence = 'C';
  CHECK_FALSE(meter::is_meter(point));
  point.evidence.confidence = 'B';
  point.scope = CounterPoint::Scope::power_on;
  CHECK_FALSE(meter::is_meter(point));
}

TEST_CASE("every dimension, the unit, the part and the source make another meter") {
  std::set<std::string> keys;
  CounterPoint total;
  const auto add = [&](auto change) {
    CounterPoint point = total;
    change(point);
    keys.insert(meter::key_of(point));
  };
  add([](CounterPoint&) {});
  add([](CounterPoint& p) { p.function = CounterPoint::Function::copy; });
  add([](CounterPoint& p) { p.color = CounterPoint::Color::mono; });
  add([](CounterPoint& p) { p.size = CounterPoint::Size::large; });
  add([](CounterPoint& p) { p.size_name = "A4"; });
  add([](CounterPoint& p) { p.sides = CounterPoint::Sides::two; });
  add([](CounterPoint& p) { p.unit = 7; });
  add([](CounterPoint& p) { p.part = "marker 1.2"; });
  add([](CounterPoint& p) { p.evidence.source = "hp total"; });
  CHECK(keys.size() == 9);
  total.value = 7, total.evidence.raw = "7";
  add([](CounterPoint&) {});
  CHECK(keys.size() == 9);
}

TEST_CASE("what people call a meter") {
  CounterPoint point;
  CHECK(meter::name_of(point) == "total");
  point.part = "marker 1.2";
  CHECK(meter::name_of(point) == "total (marker 1.2)");
  point = {};
  point.function = CounterPoint::Function::print, point.color = CounterPoint::Color::mono;
  point.size = CounterPoint::Size::named, point.size_name = "A4", point.sides = CounterPoint::Sides::two;
  CHECK(meter::name_of(point) == "print mono A4 duplex");
}
