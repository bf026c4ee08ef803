#include "base/reading/names.h"
#include "tests/unit/snmp_printer/rows.h"

using namespace platen;
using namespace platen::snmp;

TEST_CASE("rows are joined on the index: gaps, any order, one part or device 0, columns of different length") {
  const Reading got = decoded(
      "2.1.43.11.1.1.6.1.30|4|Black Toner\n2.1.43.11.1.1.6.1.2|4|Yellow "
      "Toner\n2.1.43.11.1.1.9.1.30|2|5\n2.1.43.11.1.1.9.7|2|6\n"
      "2.1.43.11.1.1.9.0.1|2|7\n2.1.43.11.1.1.8.1.30|2|10");
  std::vector<std::string> indices;
  for (const Supply& supply : got.supplies) indices.push_back(supply.index);
  CHECK(indices == std::vector<std::string>{"0.1", "1.2", "1.30", "7"});
  CHECK(got.supplies[2].level == Amount::from_wire(5));
  CHECK(got.supplies[2].max_capacity == Amount::from_wire(10));
  CHECK_FALSE(got.supplies[1].level);
}

TEST_CASE("sentinels stay what they are, a level above the maximum is flagged and not cut") {
  const Reading got = decoded(
      "2.1.43.11.1.1.8.1.1|2|-2\n2.1.43.11.1.1.9.1.1|2|-3\n2.1.43.11.1.1.8.1.2|2|100\n2.1.43.11.1.1.9.1.2|2|130\n2.1."
      "43.11.1.1.9.1.3|2|-100");
  CHECK(got.supplies[0].level->is == Amount::Is::some_remaining);
  CHECK(got.supplies[0].max_capacity->is == Amount::Is::unknown);
  CHECK(got.supplies[1].level->raw == 130);
  CHECK(percent_of(got.supplies[1].level, got.supplies[1].max_capacity) == 100.0);
  CHECK(flagged(got, "level-above-max supply 1.2"));
  CHECK(got.supplies[2].level->is == Amount::Is::vendor);
}

TEST_CASE("a colour comes from the words, then from the table; index 0 is no colour") {
  const std::string table = "2.1.43.12.1.1.4.1.1|4|Cyan\n2.1.43.12.1.1.4.1.2|4|black\n";
  const Reading got = decoded(table +
                              "2.1.43.11.1.1.3.1.1|2|1\n2.1.43.11.1.1.6.1.1|4|TK-1\n2.1.43.11.1.1.3.1.2|2|1\n2.1.43.11."
                              "1.1.6.1.2|4|Magenta Toner\n"
                              "2.1.43.11.1.1.3.1.3|2|0\n2.1.43.11.1.1.6.1.3|4|Waste Toner");
  CHECK(got.supplies[0].colorant == "cyan");
  CHECK(got.supplies[1].colorant == "magenta");
  CHECK(flagged(got, "colorant-contradicts-description supply 1.2"));
  CHECK_FALSE(got.supplies[2].colorant);
  CHECK(got.supplies[2].colorant_index == 0);
}

TEST_CASE("the status is the printer's: its row, its bits as octets, its localization's character set") {
  const Reading got = decoded(
      "2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.4\n2.1.25.3.2.1.2.5|6|1.3.6.1.2.1.25.3.1.5\n2.1.25.3.2.1.5.5|2|3\n2.1.25."
      "3.5.1.1.5|2|4\n2.1.25.3.5.1.2.5|4x|20\n"
      "2.1.43.5.1.1.1.5|65|9\n2.1.43.5.1.1.2.5|2|2\n2.1.43.7.1.1.4.5.1|2|106\n2.1.43.7.1.1.4.5.2|2|5\n"
      "2.1.43.16.5.1.2.5.1|4x|55a6\n2.1.43.16.5.1.2.5.2|4|\n2.1.43.16.5.1.2.5.3|4|Ready\n2.1.43.16.5.1.2.5.4|4|");
  CHECK(got.status.hr_device_index == "5");
  CHECK(got.status.device_status == 3);
  CHECK(got.status.printer_status == 4);
  CHECK(got.status.detected_error_octets == "20");
  CHECK(got.status.charset == "iso8859-2");
  CHECK(got.status.config_changes == 9);
  CHECK(got.status.console_display == std::vector<std::string>{"UŚ", "", "Ready"});
}

TEST_CASE("an empty error state is no error, an absent one is unknown") {
  CHECK(decoded("2.1.25.3.5.1.2.1|4|").status.detected_error_octets == "");
  CHECK_FALSE(decoded("2.1.25.3.5.1.1.1|2|3").status.detected_error_octets);
}

TEST_CASE("alerts outside the lists are kept as they are") {
  const Reading got = decoded(
      "2.1.43.18.1.1.2.1.4|2|0\n2.1.43.18.1.1.4.1.4|2|0\n2.1.43.18.1.1.7.1.4|2|-7\n2.1.43.18.1.1.8.1.4|4|Sleep\n2.1.43."
      "18.1.1.9.1.4|67|77");
  REQUIRE(got.alerts.size() == 1);
  CHECK(got.alerts[0].severity == 0);
  CHECK(got.alerts[0].code == -7);
  CHECK(got.alerts[0].description == "Sleep");
  CHECK(got.alerts[0].time_ticks == 77);
  CHECK_FALSE(got.alerts[0].training_level);
}

TEST_CASE("trays, bins, covers and markers by their columns") {
  const Reading got = decoded(
      "2.1.43.6.1.1.2.1.1|4|Front\n2.1.43.6.1.1.3.1.1|2|3\n2.1.43.8.2.1.2.1.1|2|4\n2.1.43.8.2.1.8.1.1|2|8\n2.1.43.8.2."
      "1.9.1.1|2|550\n2.1.43.8.2.1.10.1.1|2|181\n"
      "2.1.43.8.2.1.12.1.1|4|A4\n2.1.43.8.2.1.13.1.1|4|T1\n2.1.43.8.2.1.18.1.1|4|Tray "
      "1\n2.1.43.9.2.1.4.1.1|2|250\n2.1.43.9.2.1.5.1.1|2|-3\n2.1.43.9.2.1.12.1.1|4|Bin\n"
      "2.1.43.10.2.1.2.1.1|2|4\n2.1.43.10.2.1.3.1.1|2|7\n2.1.43.10.2.1.4.1.1|2|1512\n2.1.43.10.2.1.15.1.1|2|4\n2.1.43."
      "10.2.1.15.1.2|2|4");
  CHECK(got.covers == std::vector<Cover>{{"1.1", "Front", 3}});
  REQUIRE(got.inputs.size() == 1);
  CHECK(got.inputs[0].media == "A4");
  CHECK(got.inputs[0].name == "T1");
  CHECK(got.inputs[0].description == "Tray 1");
  CHECK(percent_of(got.inputs[0].level, got.inputs[0].max_capacity) == 32.9);
  REQUIRE(got.outputs.size() == 1);
  CHECK(got.outputs[0].remaining->is == Amount::Is::some_remaining);
  REQUIRE(got.markers.size() == 1);  // a state alone makes no marker
  CHECK(got.markers[0].life_count == 1512);
  CHECK(got.markers[0].status == 4);
}

TEST_CASE("wrong types and exceptions are absent") {
  const Reading got = decoded(
      "2.1.1.2.0|4|text\n2.1.1.3.0|2|77\n2.1.43.10.2.1.4.1.1|4|many\n2.1.43.10.2.1.3.1.1|2|7\n2.1.43.11.1.1.9.1.1|4|"
      "full\n2.1.43.11.1.1.6.1.1|2|7\n"
      "2.1.43.8.2.1.10.1.1.1.1.1.1.1.1.1.1|2|7\n2.1.25.3.2.1.2.1|4|text");
  CHECK_FALSE(got.system.sys_object_id);
  CHECK(got.system.sys_up_time == 77);  // INTEGER where TimeTicks belong
  CHECK_FALSE(got.markers[0].life_count);
  CHECK(got.counters.empty());
  CHECK_FALSE(got.supplies[0].level);
  CHECK_FALSE(got.supplies[0].description);
  CHECK(got.inputs.empty());
  CHECK_FALSE(got.status.hr_device_index);
}
