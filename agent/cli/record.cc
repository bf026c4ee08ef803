#include <filesystem>

#include "agent/cli/program.h"
#include "agent/cli/wire.h"
#include "agent/host/files.h"
#include "agent/support/recording.h"
#include "agent/support/scrub.h"

namespace platen::cli {
namespace {

// nullopt: Ctrl-C came first.
std::optional<support::Recording> carry_out(snmp::Engine& engine, const snmp::Outcome& device, const Request& request,
                                            const command::Arguments& arguments) {
  const command::Interrupts interrupts;
  command::Progress progress(arguments);
  return support::record(
      engine, device, request.options,
      [&](std::size_t rows) { progress.show(std::to_string(rows) + " values recorded"); }, interrupts.token());
}

void say_scrubbed(const command::Arguments& arguments, const support::Scrubbed& scrubbed) {
  std::string list;
  for (const auto& [what, number] : scrubbed.what)
    list += (list.empty() ? "" : ", ") + what + " (" + std::to_string(number) + ")";
  command::print_note(kProgram, arguments,
                      (list.empty() ? "scrubbed nothing" : "scrubbed: " + list) +
                          "; names in vendors' own objects are not all known: look at the file before you pass it on");
}

int write_out(const command::Arguments& arguments, const std::string& text, std::size_t rows) {
  if (!arguments.has("--output")) return command::print(text), command::done;
  const std::string path = arguments.text("--output");
  const auto written = host::write_file(path, text, 0640, host::Existing::keep);
  if (!written) {
    command::print_error(kProgram, written.error(), "", "output");
    return written.error().code == Code::unavailable ? command::incomplete : command::usage;
  }
  command::print_note(kProgram, arguments, std::to_string(rows) + " values are in " + path);
  return command::done;
}

}  // namespace

int record(const command::Arguments& arguments) {
  const auto request = request_of(arguments, Targets::one, resolve);
  if (const auto code = complain(request)) return *code;
  if (request->targets.empty()) return command::incomplete;
  if (std::filesystem::exists(arguments.text("--output"))) {
    command::print_error(kProgram, {Code::conflict, arguments.text("--output") + " exists already"},
                         "Name another file, or move it away.", "output");
    return command::usage;
  }
  const auto engine = open_engine();
  if (!engine) return command::print_error(kProgram, engine.error(), "", "socket"), command::incomplete;
  const One one = ask_one(**engine, *request, arguments, true);
  if (!one.outcome) return one.exit_code;
  const auto recording = carry_out(**engine, *one.outcome, *request, arguments);
  if (!recording) return command::interrupted;
  const bool keep = arguments.has("--keep-personal");
  const support::Scrubbed scrubbed =
      keep ? support::Scrubbed{recording->rows, {}} : support::scrub(recording->rows, one.outcome->peer.address);
  if (!keep) say_scrubbed(arguments, scrubbed);
  for (const std::string& flag : recording->flags)
    command::print_error(kProgram, {Code::unavailable, "not everything was told: " + flag}, "", "record");
  const int code =
      write_out(arguments, support::recording_text(*one.outcome, scrubbed.rows, !keep), scrubbed.rows.size());
  return code == command::done && !recording->complete ? command::incomplete : code;
}

}  // namespace platen::cli
