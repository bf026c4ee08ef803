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

std::vector<Column> columns(std::initializer_list<Column> more) {
  std::vector<Column> out;
  for (const FleetColumn& column : fleet_columns()) out.push_back({column.name, column.number});
  out.insert(out.end(), more);
  return out;
}

// New columns come last, where nobody who counts them is disturbed.
std::vector<Column> csv_columns(bool all) {
  return all ? columns({{"result"}, {"reason"}, {"complete"}}) : columns({{"complete"}});
}

// For people: the result is told where it is not the same for all.
std::vector<Column> table_columns(bool all, bool some_incomplete) {
  if (all) return columns({{"result"}, {"reason"}});
  return some_incomplete ? columns({{"result"}}) : columns({});
}

Cells fleet_part(const snmp::Outcome& outcome) {
  Cells cells = outcome.reading ? fleet_cells(*outcome.reading) : Cells{outcome.peer.address.text()};
  cells.resize(fleet_columns().size());
  return cells;
}

Cells csv_cells(const snmp::Outcome& outcome, bool all) {
  Cells cells = fleet_part(outcome);
  if (all) cells.insert(cells.end(), {std::string(support::word_of(outcome.is)), outcome.reason});
  cells.emplace_back(!outcome.reading ? "" : outcome.reading->complete ? "yes" : "no");
  return cells;
}

Cells table_cells(const snmp::Outcome& outcome) {
  Cells cells = fleet_part(outcome);
  cells.emplace_back(support::word_of(outcome.is));
  if (is_incomplete(outcome)) cells.back() += ", incomplete";
  cells.push_back(outcome.reason);
  return cells;
}

}  // namespace

bool is_incomplete(const snmp::Outcome& outcome) { return outcome.reading && !outcome.reading->complete; }

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
  if (format_ == Format::csv && style_.header) command::print(command::csv_header(csv_columns(all_)));
}

bool ScanOutput::take(const snmp::Outcome& outcome) {
  const bool printer = outcome.is == snmp::Outcome::Is::printer && outcome.reading;
  if (!printer && !all_) return true;
  if (format_ == Format::json) return command::print(printer ? to_json(*outcome.reading) + "\n" : other_json(outcome));
  if (format_ == Format::csv) return command::print(command::csv_line(csv_cells(outcome, all_)));
  some_incomplete_ = some_incomplete_ || is_incomplete(outcome);
  rows_.emplace(outcome.peer.address, table_cells(outcome));
  return true;
}

bool ScanOutput::finish() {
  if (format_ != Format::table || rows_.empty()) return command::print("");
  std::vector<Cells> rows;
  for (auto& [address, cells] : rows_) rows.push_back(std::move(cells));
  rows_.clear();
  return command::print(command::table_text(table_columns(all_, some_incomplete_), rows, style_));
}

}  // namespace platen::cli
