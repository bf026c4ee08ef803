// Outcomes of a scan in the shape that was asked for: JSON and CSV lines as they come, the table sorted by address at
// the end.
//
//   Shapes   docs/scan-json.md. With `all`, devices that are no printers are told too: is_printer false, result, code,
//   reason. An incomplete reading is marked: complete no in CSV, "printer, incomplete" in the table.
//   Effects  writes to stdout.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/command/columns.h"
#include "base/command/command.h"
#include "snmp/discover/scanner.h"

namespace platen::cli {

[[nodiscard]] bool is_incomplete(const snmp::Outcome& outcome);      // it has a reading, but not a complete one
[[nodiscard]] std::string other_json(const snmp::Outcome& outcome);  // one line, of what is no printer

class ScanOutput {
 public:
  explicit ScanOutput(const command::Arguments& arguments);
  bool take(const snmp::Outcome& outcome);  // false when stdout has no reader any more
  bool finish();                            // false when stdout did not take everything

 private:
  command::Format format_;
  bool all_, some_incomplete_ = false;
  command::TableStyle style_;
  std::multimap<IpAddress, command::Cells> rows_;
};

}  // namespace platen::cli
