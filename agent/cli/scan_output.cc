#include "agent/cli/scan_output.h"

#include <nlohmann/json.hpp>

#include "agent/support/explanation.h"
#include "base/command/terminal.h"
#include "base/reading/json.h"
#include "base/reading/table.h"

namespace platen::cli {
namespace {

using command::Cells;
using command::Column;
using command::Format;

// With `all`, what else is told of devices that are no printers.
std::vector<Column> columns(bool all) {
  std::vector<Column> out;
  for (const FleetColumn& column : fleet_columns()) out.push_back({column.name, column.number});
  if (all) out.insert(out.end(), {{"result"}, {"reason"}});
  return out;
}

}  // namespace

std::string other_json(const snmp::Outcome& outcome) {
  nlohmann::ordered_json out = {{"schema", "platen.scan/1"},
                                {"address", outcome.peer.address.text()},
                                {"is_printer", false},
                                {"result", support::word_of(outcome.is)}};
  if (!outcome.code.empty()) out["code"] = outcome.code;
  if (!outcome.reason.empty()) out["reason"] = outcome.reason;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

ScanOutput::ScanOutput(const command::Arguments& arguments)
    : format_(arguments.format()), all_(arguments.has("--all")), style_(command::table_style(arguments)) {
  if (format_ == Format::csv && style_.header) command::print(command::csv_header(columns(all_)));
}

Cells ScanOutput::cells_of(const snmp::Outcome& outcome) const {
  Cells cells = outcome.reading ? fleet_cells(*outcome.reading) : Cells{outcome.peer.address.text()};
  if (!all_) return cells;
  cells.resize(fleet_columns().size());
  cells.emplace_back(support::word_of(outcome.is));
  cells.push_back(outcome.reason);
  return cells;
}

bool ScanOutput::take(const snmp::Outcome& outcome) {
  const bool printer = outcome.is == snmp::Outcome::Is::printer && outcome.reading;
  if (!printer && !all_) return true;
  if (format_ == Format::json) return command::print(printer ? to_json(*outcome.reading) + "\n" : other_json(outcome));
  if (format_ == Format::csv) return command::print(command::csv_line(cells_of(outcome)));
  rows_.emplace(outcome.peer.address, cells_of(outcome));
  return true;
}

bool ScanOutput::finish() {
  if (format_ != Format::table || rows_.empty()) return command::print("");
  std::vector<Cells> rows;
  for (auto& [address, cells] : rows_) rows.push_back(std::move(cells));
  rows_.clear();
  return command::print(command::table_text(columns(all_), rows, style_));
}

}  // namespace platen::cli
