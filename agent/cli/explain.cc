#include "snmp/discover/explain.h"

#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/cli/scan_output.h"
#include "agent/cli/way_out.h"
#include "agent/cli/wire.h"
#include "base/command/terminal.h"
#include "base/text.h"

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of_step(snmp::Step::Is is) {
  switch (is) {
    case snmp::Step::Is::discovery: return "discovery";
    case snmp::Step::Is::credential: return "credential";
    case snmp::Step::Is::withheld: return "withheld";
    case snmp::Step::Is::gate: return "printer-mib";
    case snmp::Step::Is::life: return "other-signs";
  }
  return "";
}

void put(Json& into, const char* key, const std::string& text) {
  if (!text.empty()) into[key] = text;
}

Json json_of(const snmp::Step& step, const std::vector<snmp::Credential>& credentials) {
  Json out = {{"step", name_of_step(step.is)}, {"code", step.code}};
  if (step.credential) put(out, "credential", credentials.at(*step.credential).name);
  if (step.version) out["version"] = snmp::name_of(*step.version);
  put(out, "asked", step.asked);
  put(out, "came_back", step.came_back);
  put(out, "proves", step.proves);
  if (step.tries > 0) out["tries"] = step.tries;
  if (step.round_trip.count() > 0) out["round_trip_ms"] = step.round_trip.count();
  return out;
}

std::string json_of(const snmp::Explanation& told, const std::vector<snmp::Credential>& credentials) {
  Json out = {{"schema", "platen.explanation/1"},
              {"address", told.peer.address.text()},
              {"port", told.peer.port},
              {"is_printer", told.is == snmp::Outcome::Is::printer},
              {"result", word_of(told.is)},
              {"code", told.code},
              {"reason", told.reason}};
  put(out, "to_do", way_out_of(told.code, told.peer.port));
  if (told.credential) put(out, "credential", credentials.at(*told.credential).name);
  out["steps"] = Json::array();
  for (const snmp::Step& step : told.steps) out["steps"].push_back(json_of(step, credentials));
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string text_of(const snmp::Explanation& told) {
  std::string out = told.peer.address.text() + ": " + for_terminal(told.reason) + "\n";
  if (const std::string to_do = way_out_of(told.code, told.peer.port); !to_do.empty()) out += "to do: " + to_do + "\n";
  std::size_t number = 0;
  for (const snmp::Step& step : told.steps) {
    out += "\n" + std::to_string(++number) + ". " + for_terminal(step.asked) + "\n";
    if (!step.came_back.empty()) {
      out += "   came back: " + for_terminal(step.came_back);
      if (step.round_trip.count() > 0) out += ", in " + std::to_string(step.round_trip.count()) + " ms";
      out += "\n";
    }
    out += "   proves: " + for_terminal(step.proves) + " [" + step.code + "]\n";
  }
  return out;
}

}  // namespace

int explain(const command::Arguments& arguments) {
  constexpr std::chrono::milliseconds patience_for_life{1500};
  const auto request = request_of(arguments, Targets::one, resolve);
  if (const auto code = complain(request)) return *code;
  if (request->targets.empty()) return command::incomplete;
  const auto engine = open_engine();
  if (!engine) return command::print_error(kProgram, engine.error(), "", "socket"), command::incomplete;
  const command::Interrupts interrupts;
  command::Progress progress(arguments);
  progress.show("asking " + request->named.begin()->second);
  const auto told = snmp::explain(
      **engine, {request->targets.front(), request->options.port}, request->options,
      [&](const IpAddress& address) { return snmp::look_for_life(address, patience_for_life); }, interrupts.token());
  progress.clear();
  if (!told) return command::interrupted;
  const auto& credentials = request->options.credentials;
  command::print(arguments.format() == command::Format::json ? json_of(*told, credentials) : text_of(*told));
  return told->is == snmp::Outcome::Is::printer ? command::done : command::incomplete;
}

}  // namespace platen::cli
