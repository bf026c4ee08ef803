#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "agent/cli/program.h"
#include "agent/cli/scrub.h"
#include "agent/cli/wire.h"
#include "agent/host/files.h"
#include "snmp/mib/snmprec.h"

namespace platen::cli {
namespace {

// What a profile could need: the standard MIBs of a printer, the PWG's, and the subtrees of its maker and of whoever
// else answered for it (a Dell may be built by Lexmark).
std::vector<snmp::Oid> roots_of(const snmp::VarBinds& rows) {
  using snmp::Oid;
  std::vector<Oid> roots = {Oid{1, 3, 6, 1, 2, 1, 1},  Oid{1, 3, 6, 1, 2, 1, 2},  Oid{1, 3, 6, 1, 2, 1, 4, 20},
                            Oid{1, 3, 6, 1, 2, 1, 25}, Oid{1, 3, 6, 1, 2, 1, 43}, Oid{1, 3, 6, 1, 4, 1, 2699}};
  static const Oid enterprises = {1, 3, 6, 1, 4, 1}, sys_object_id = {1, 3, 6, 1, 2, 1, 1, 2, 0};
  std::set<std::uint32_t> makers;
  for (const snmp::VarBind& row : rows) {
    const Oid* told = row.name == sys_object_id ? row.value.object() : nullptr;
    const auto maker = (told == nullptr ? row.name : *told).after(enterprises);
    if (!maker.empty() && maker[0] != 2699) makers.insert(maker[0]);
  }
  for (const std::uint32_t maker : makers) roots.push_back(enterprises + maker);
  std::sort(roots.begin(), roots.end());
  return roots;
}

// Asks until the plan has no question left. False when Ctrl-C came first.
bool carry_out(snmp::ReadPlan& plan, snmp::Engine& engine, const snmp::Outcome& device, const Request& request,
               const command::Arguments& arguments) {
  snmp::Credential credential = request.options.credentials.at(*device.credential);
  credential.version = device.version;
  const command::Interrupts interrupts;
  command::Progress progress(arguments);
  while (auto ask = plan.next()) {
    std::optional<snmp::Answer> answer;
    engine.ask(device.peer, credential, *ask, request.options.patience, [&](const snmp::Answer& got) { answer = got; });
    while (!answer && !interrupts.happened()) engine.step(std::chrono::milliseconds{100});
    if (!answer) return false;
    plan.take(*answer);
    progress.show(std::to_string(plan.rows().size()) + " values recorded");
  }
  return true;
}

void say_scrubbed(const command::Arguments& arguments, const Scrubbed& scrubbed) {
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

std::string header_of(const snmp::Outcome& device, bool scrubbed) {
  const std::string what =
      device.reading && device.reading->identity.model ? *device.reading->identity.model : "device";
  std::string line = "# platen record, " + what + (scrubbed ? ", personal values scrubbed" : ", personal values kept");
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return line + "\n";
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
  const auto plan = snmp::walk(one.outcome->version, one.outcome->tolerance, roots_of(one.outcome->rows));
  if (!carry_out(*plan, **engine, *one.outcome, *request, arguments)) return command::interrupted;
  const bool keep = arguments.has("--keep-personal");
  const Scrubbed scrubbed = keep ? Scrubbed{plan->rows(), {}} : scrub(plan->rows(), one.outcome->peer.address);
  if (!keep) say_scrubbed(arguments, scrubbed);
  for (const std::string& flag : plan->flags())
    command::print_error(kProgram, {Code::unavailable, "not everything was told: " + flag}, "", "record");
  const int code =
      write_out(arguments, header_of(*one.outcome, !keep) + snmp::to_snmprec(scrubbed.rows), scrubbed.rows.size());
  return code == command::done && !plan->complete() ? command::incomplete : code;
}

}  // namespace platen::cli
