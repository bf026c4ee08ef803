#include "agent/support/explanation.h"

#include <array>
#include <nlohmann/json.hpp>

#include "agent/support/way_out.h"

namespace platen::support {
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

}  // namespace

std::string_view word_of(snmp::Outcome::Is is) {
  constexpr std::array<std::string_view, 6> words = {"printer",     "not-a-printer", "no-access",
                                                     "unreachable", "silent",        "failed"};
  return words.at(static_cast<std::size_t>(is));
}

std::string explanation_json(const snmp::Explanation& told, const std::vector<snmp::Credential>& credentials) {
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

}  // namespace platen::support
