// What the decoder makes of each simulated printer's rows is what the printer is. No sockets: the rows go straight in.
#include <doctest/doctest.h>

#include "snmp/printer/decode.h"
#include "tests/zoo/compare.h"
#include "tests/zoo/fleets.h"

using namespace platen;

TEST_CASE("every device of the demo fleet is decoded as what it is, field by field") {
  const auto fleet = zoo::make_fleet({}).value();
  const auto profiles = snmp::Profiles::built_in();
  for (const auto& device : fleet.devices) {
    for (std::uint64_t step = 0; step < 12; ++step) {
      const auto ticks = static_cast<std::uint32_t>(zoo::chance(step, device.species->name, 4'294'967'295));
      CAPTURE(device.species->name);
      CAPTURE(ticks);
      const auto rows = zoo::rows_of(device, ticks);
      REQUIRE(snmp::gate(rows).is_printer == device.species->model->is_printer);
      if (!device.species->model->is_printer) continue;
      const Reading reading = snmp::decode(rows, device.address, WallTime{}, Reading::Kind::full, profiles);
      for (const std::string& difference : zoo::differences(device, reading)) FAIL_CHECK(difference);
    }
  }
}
