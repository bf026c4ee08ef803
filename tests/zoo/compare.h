// Readings against the truth, field by field.
//
//   Shapes   a reading is compared with the truth at the sysUpTime it carries. Compared are the fields of the tables in
//            compare.cc; the truth says nothing of read_at, evidence, flags, firmware, engine_id and charset. A text
//            that is empty and a text that was not said are the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/zoo/zoo.h"

namespace platen::zoo {

struct Comparison {
  std::vector<std::string> differences;  // "127.50.0.9 supply 1.3 level: the truth is 55, the reading says 56"
  std::size_t printers = 0;              // of the fleet
  std::size_t equal = 0;                 // read, and equal in every field
};

// `lines`: JSON documents, one a line, as `platen scan --format json` and platen-cloud print them; each printer at
// least once.
[[nodiscard]] Comparison compare(const Fleet& fleet, std::string_view lines);
[[nodiscard]] std::vector<std::string> differences(const DeviceSpec& device, const Reading& reading);

}  // namespace platen::zoo
