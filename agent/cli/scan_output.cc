#include "agent/cli/scan_output.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/command/terminal.h"
#include "base/reading/json.h"
#include "base/reading/names.h"

namespace platen::cli {
namespace {

using command::Cells;
using command::Column;
using command::Format;

const std::vector<Column>& columns() {
  static const std::vector<Column> all = {
      {"address"},     {"manufacturer"}, {"model"},  {"serial"},       {"mac"},    {"total", true}, {"mono", true},
      {"color", true}, {"lowest", true}, {"status"}, {"alerts", true}, {"result"}, {"reason"}};
  return all;
}

std::string counted(const CounterPoint* point) { return point == nullptr ? "" : std::to_string(point->value); }

// Of the supplies that are consumed and say how full they are, the emptiest.
std::string lowest_supply(const Reading& reading) {
  constexpr std::int32_t consumed = 3;
  std::optional<double> lowest;
  for (const Supply& supply : reading.supplies) {
    const auto percent = percent_of(supply.level, supply.max_capacity);
    if (percent && supply.supply_class.value_or(consumed) == consumed)
      lowest = std::min(lowest.value_or(*percent), *percent);
  }
  if (!lowest) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.0f%%", *lowest);
  return text.data();
}

Cells reading_cells(const Reading& reading) {
  using P = CounterPoint;
  const Identity& who = reading.identity;
  return {reading.address,
          who.manufacturer.value_or(""),
          who.model.value_or(""),
          who.serial.value_or(""),
          who.mac.value_or(""),
          counted(total_of(reading)),
          counted(find_counter(reading, P::Function::all, P::Color::mono)),
          counted(find_counter(reading, P::Function::all, P::Color::any_color)),
          lowest_supply(reading),
          reading.status.printer_status ? name_of(MibEnum::hrPrinterStatus, *reading.status.printer_status) : "",
          std::to_string(reading.alerts.size())};
}

}  // namespace

std::string_view word_of(snmp::Outcome::Is is) {
  constexpr std::array<std::string_view, 6> words = {"printer",     "not-a-printer", "no-access",
                                                     "unreachable", "silent",        "failed"};
  return words.at(static_cast<std::size_t>(is));
}

std::string other_json(const snmp::Outcome& outcome) {
  nlohmann::ordered_json out = {{"schema", "platen.scan/1"},
                                {"address", outcome.peer.address.text()},
                                {"is_printer", false},
                                {"result", word_of(outcome.is)}};
  if (!outcome.code.empty()) out["code"] = outcome.code;
  if (!outcome.reason.empty()) out["reason"] = outcome.reason;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

ScanOutput::ScanOutput(const command::Arguments& arguments)
    : format_(arguments.format()), all_(arguments.has("--all")), style_(command::table_style(arguments)) {
  if (format_ != Format::csv || !style_.header) return;
  std::vector<Column> shown = columns();
  if (!all_) shown.resize(shown.size() - 2);
  command::print(command::csv_header(shown));
}

Cells ScanOutput::cells_of(const snmp::Outcome& outcome) const {
  Cells cells = outcome.reading ? reading_cells(*outcome.reading) : Cells{outcome.peer.address.text()};
  if (!all_) return cells;
  cells.resize(columns().size() - 2);
  cells.emplace_back(word_of(outcome.is));
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

void ScanOutput::finish() {
  if (format_ != Format::table || rows_.empty()) return;
  std::vector<Column> shown = columns();
  if (!all_) shown.resize(shown.size() - 2);
  std::vector<Cells> rows;
  for (auto& [address, cells] : rows_) rows.push_back(std::move(cells));
  rows_.clear();
  command::print(command::table_text(shown, rows, style_));
}

}  // namespace platen::cli
