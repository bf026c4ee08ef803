#include "base/reading/table.h"

#include <doctest/doctest.h>

using namespace platen;

namespace {

Supply supply(const char* words, std::int64_t level, std::int64_t max_capacity,
              std::optional<std::int32_t> supply_class = 3) {
  Supply row;
  row.index = "1.1";
  row.description = words;
  row.supply_class = supply_class;
  row.level = Amount::from_wire(level);
  row.max_capacity = Amount::from_wire(max_capacity);
  return row;
}

Alert alert(std::int32_t severity, std::int32_t code, const char* words) {
  Alert row;
  row.severity = severity;
  row.code = code;
  row.description = words;
  return row;
}

}  // namespace

TEST_CASE("the lowest supply, in words") {
  struct Row {
    const char* name;
    std::vector<Supply> supplies;
    const char* want;
  };
  const Row rows[] = {
      {"none", {}, ""},
      {"the emptiest", {supply("Black", 34, 100), supply("Cyan", 19, 100)}, "Cyan 19 %"},
      {"a full waste box is no toner", {supply("Black", 34, 100), supply("Waste box", 0, 100, 4)}, "Black 34 %"},
      {"waste without a class",
       {supply("Waste Toner", 5, 100, std::nullopt), supply("Drum", 50, 100, std::nullopt)},
       "Drum 50 %"},
      {"0 of an unknown capacity is empty", {supply("Black", 0, -2)}, "Black empty"},
      {"nearly empty is not empty", {supply("Black", 4, 1000)}, "Black 0.4 %"},
      {"no sensor", {supply("Black", -3, -2), supply("Cyan", -2, -2)}, "some left"},
      {"unknown", {supply("Cyan", -2, 100)}, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Reading reading;
    reading.supplies = row.supplies;
    CHECK(lowest_supply_words(reading) == row.want);
  }
}

TEST_CASE("the worst alert: critical first; what is outside the list raises nothing") {
  Reading reading;
  CHECK(worst_alert(reading).empty());
  reading.alerts = {alert(0, 0, "Sleep"), alert(1, 23, "Sleep mode on")};
  CHECK(worst_alert(reading).empty());
  reading.alerts.push_back(alert(5, 1104, "Toner low"));
  CHECK(worst_alert(reading) == "warning: Toner low");
  reading.alerts.push_back(alert(3, 8, ""));
  CHECK(worst_alert(reading) == "critical: jam");
  CHECK(fleet_cells(reading)[10] == "2");
}

TEST_CASE("a row has a cell for every column, empty where nothing was said") {
  const Reading nothing;
  const auto cells = fleet_cells(nothing);
  CHECK(cells.size() == fleet_columns().size());
  CHECK(cells[5].empty());
  CHECK(cells[10] == "0");
}
