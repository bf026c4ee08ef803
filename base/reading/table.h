// A fleet as rows for people: one printer a row, the same columns for `platen scan` and `platen-cloud printers`.
//
//   Use      command::table_text / command::csv_line (base/command/columns.h) lay the cells out and escape them; here
//   is what they say. Shapes   Cells are texts as printers sent them: escape at the exit. Absent is an empty cell.
//   Numbers are ungrouped.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/reading/reading.h"

namespace platen {

struct FleetColumn {
  std::string_view name;  // snake_case: also the CSV header
  bool number = false;    // set flush right
};

// address, manufacturer, model, serial, mac, total, mono, color, lowest_supply, status, alerts, worst_alert
[[nodiscard]] std::span<const FleetColumn> fleet_columns();
[[nodiscard]] std::vector<std::string> fleet_cells(const Reading& reading);

// "42 %", "0.4 %": nearly empty does not look empty.
[[nodiscard]] std::string percent_words(double percent);
// lowest_supply() in words: "Cyan Toner 1 %", "Black Toner empty", "some left"; "" when none says.
[[nodiscard]] std::string lowest_supply_words(const Reading& reading);
// "critical: Paper jam", or the name of its code where it has no words; "" when none is a warning or worse.
[[nodiscard]] std::string worst_alert(const Reading& reading);

}  // namespace platen
