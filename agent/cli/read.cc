#include "agent/cli/evidence.h"
#include "agent/cli/printer_text.h"
#include "agent/cli/program.h"
#include "agent/cli/scan_output.h"
#include "agent/cli/wire.h"
#include "base/command/terminal.h"

namespace platen::cli {
namespace {

void print_evidence(const command::Arguments& arguments, const snmp::Outcome& outcome) {
  const auto rows = evidence_of(outcome.rows, *outcome.reading);
  const command::Format format = arguments.format();
  if (format == command::Format::csv && !arguments.has("--no-header"))
    command::print(command::csv_header(evidence_columns()));
  std::vector<command::Cells> cells;
  for (const EvidenceRow& row : rows) {
    if (format == command::Format::json) command::print(evidence_json(outcome.reading->address, row));
    if (format == command::Format::csv)
      command::print(command::csv_line({row.oid, row.object, row.type, row.raw, row.rule}));
    if (format == command::Format::table) cells.push_back(evidence_cells(row));
  }
  if (format == command::Format::table)
    command::print(command::table_text(evidence_columns(), cells, command::table_style(arguments)));
}

void print_reading(const command::Arguments& arguments, const snmp::Outcome& outcome) {
  if (arguments.format() == command::Format::table) {
    command::print(printer_text(*outcome.reading, command::table_style(arguments)));
    return;
  }
  ScanOutput output(arguments);
  output.take(outcome);
}

}  // namespace

int read(const command::Arguments& arguments) {
  const auto request = request_of(arguments, Targets::one, resolve);
  if (const auto code = complain(request)) return *code;
  if (request->targets.empty()) return command::incomplete;
  const auto engine = open_engine();
  if (!engine) return command::print_error(kProgram, engine.error(), "", "socket"), command::incomplete;
  const One one = ask_one(**engine, *request, arguments, false);
  if (!one.outcome) return one.exit_code;
  arguments.has("--evidence") ? print_evidence(arguments, *one.outcome) : print_reading(arguments, *one.outcome);
  if (one.outcome->reading->complete) return request->refused_profiles.empty() ? command::done : command::incomplete;
  complain_about(request->named.begin()->second, *one.outcome);
  return command::incomplete;
}

}  // namespace platen::cli
