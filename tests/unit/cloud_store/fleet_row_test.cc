#include <doctest/doctest.h>

#include "cloud/store/store.h"

using namespace platen;
using namespace platen::cloud;

TEST_CASE("a status reading renews levels and states, and leaves the counters of the full reading alone") {
  Reading full;
  full.read_at = WallTime{std::chrono::seconds{1000}};
  full.system.sys_up_time = 500;
  CounterPoint total;
  total.unit = 7;
  total.value = 100;
  CounterPoint mono = total;
  mono.color = CounterPoint::Color::mono;
  mono.value = 60;
  full.counters = {total, mono};
  Marker marker;
  marker.index = "1.1";
  marker.life_count = 100;
  full.markers = {marker};
  Supply supply;
  supply.index = "1.1";
  supply.description = "Black";
  supply.level = Amount::from_wire(50);
  full.supplies = {supply};

  Reading status;
  status.kind = Reading::Kind::status;
  status.read_at = WallTime{std::chrono::seconds{2000}};
  status.system.sys_up_time = 600;
  total.unit.reset();  // a status does not ask for the unit
  total.value = 101;
  status.counters = {total};
  marker.life_count = 101;
  status.markers = {marker};
  supply.description.reset();
  supply.level = Amount::from_wire(49);
  status.supplies = {supply};
  Alert alert;
  alert.index = "1.7";
  status.alerts = {alert};

  const Reading shown = with_status(full, status);
  CHECK(shown.counters == full.counters);
  CHECK(shown.markers == full.markers);
  CHECK(shown.system.sys_up_time == full.system.sys_up_time);
  CHECK(shown.read_at == full.read_at);
  REQUIRE(shown.supplies.size() == 1);
  CHECK(shown.supplies[0].level == Amount::from_wire(49));
  CHECK(shown.supplies[0].description == "Black");
  CHECK(shown.alerts == status.alerts);
}
