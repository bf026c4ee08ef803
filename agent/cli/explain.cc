#include "snmp/discover/explain.h"

#include "agent/cli/program.h"
#include "agent/cli/wire.h"
#include "agent/support/explanation.h"
#include "agent/support/way_out.h"
#include "base/command/terminal.h"
#include "base/text.h"

namespace platen::cli {
namespace {

std::string text_of(const snmp::Explanation& told) {
  std::string out = told.peer.address.text() + ": " + for_terminal(told.reason) + "\n";
  if (const std::string to_do = support::way_out_of(told.code, told.peer.port); !to_do.empty())
    out += "to do: " + to_do + "\n";
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
  command::print(arguments.format() == command::Format::json ? support::explanation_json(*told, credentials)
                                                             : text_of(*told));
  return told->is == snmp::Outcome::Is::printer ? command::done : command::incomplete;
}

}  // namespace platen::cli
