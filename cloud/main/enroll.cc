// enroll new, list, revoke: who may become an agent, and who may no longer be one. Works while the server runs.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/host/files.h"
#include "base/command/list.h"
#include "base/command/terminal.h"
#include "cloud/enroll/code.h"
#include "cloud/enroll/keyring.h"
#include "cloud/main/program.h"
#include "cloud/store/store.h"

namespace platen::cloud {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& document) { return document.dump(-1, ' ', false, Json::error_handler_t::replace); }

Expected<std::unique_ptr<enroll::Registry>> registry_of(const command::Arguments& arguments) {
  return enroll::Registry::open(registry_file(arguments));
}

const char* state_of(const enroll::CodeRow& code, WallTime now) {
  return code.used ? "used" : now >= code.expires ? "expired" : "waits";
}

Expected<enroll::MadeCode> made_code(const command::Arguments& arguments) {
  const std::string folder = arguments.text("--data");
  const WallTime now = system_clock().wall();
  if (auto usable = host::usable_folder(folder); !usable) return fail(usable.error());
  const auto ca = enroll::ca_of(folder, now);
  if (!ca) return fail(ca.error());
  const auto registry = registry_of(arguments);
  if (!registry) return fail(registry.error());
  return enroll::make_code(
      **registry, *ca,
      {arguments.text("--agent"), arguments.text("--dealer"), arguments.text("--customer"), arguments.text("--site")},
      now);
}

// Somebody whom we know: a name that was mistyped must not pass for one that was removed.
Expected<bool> is_known(const command::Arguments& arguments, enroll::Registry& registry, const std::string& agent) {
  const auto enrolled = registry.agents();
  if (!enrolled) return fail(enrolled.error());
  if (std::any_of(enrolled->begin(), enrolled->end(),
                  [&](const enroll::AgentEntry& each) { return each.place.agent_id == agent; }))
    return true;
  const auto store = open_sqlite_store_read_only(store_file(arguments));
  if (!store) return false;
  const auto connected = (*store)->agents();
  if (!connected) return fail(connected.error());
  return std::any_of(connected->begin(), connected->end(), [&](const AgentRow& each) { return each.agent == agent; });
}

}  // namespace

int run_enroll_new(const command::Arguments& arguments) {
  const auto made = made_code(arguments);
  if (!made) return refused(made.error());
  const std::string expires = to_rfc3339(made->expires);
  if (arguments.format() == command::Format::json) {
    command::print(line({{"schema", "platen.activation-code/1"},
                         {"number", made->number},
                         {"code", made->text.reveal()},
                         {"expires", expires}}) +
                   "\n");
    return command::done;
  }
  command::print(command::table_text({{"key"}, {"value"}},
                                     {{"code", made->text.reveal()},
                                      {"number", std::to_string(made->number)},
                                      {"expires", expires},
                                      {"on the site", "platen enroll CODE --cloud HOST"}},
                                     command::table_style(arguments)));
  command::print_note("platen-cloud", arguments, "the code is shown this once, and makes one agent");
  return command::done;
}

int run_enroll_list(const command::Arguments& arguments) {
  std::error_code fault;
  if (!std::filesystem::exists(registry_file(arguments), fault))
    return refused({Code::not_found, "nothing was enrolled with '" + arguments.text("--data") +
                                         "' yet; make a code with platen-cloud enroll new"});
  const auto registry = registry_of(arguments);
  if (!registry) return refused(registry.error());
  const auto codes = (*registry)->codes();
  if (!codes) return refused(codes.error());
  command::List list{
      .columns =
          {{"number", true}, {"state"}, {"dealer"}, {"customer"}, {"site"}, {"agent"}, {"made"}, {"expires"}, {"used"}},
      .rows = {},
      .lines = {}};
  for (const enroll::CodeRow& code : *codes) {
    const std::string state = state_of(code, system_clock().wall()), used = code.used ? to_rfc3339(*code.used) : "";
    list.rows.push_back({std::to_string(code.number), state, code.place.dealer, code.place.customer, code.place.site,
                         code.place.agent_id, to_rfc3339(code.made), to_rfc3339(code.expires), used});
    Json document = {{"schema", "platen.code/1"}, {"number", code.number}, {"state", state}};
    const std::pair<const char*, const std::string&> texts[] = {{"dealer", code.place.dealer},
                                                                {"customer", code.place.customer},
                                                                {"site", code.place.site},
                                                                {"agent", code.place.agent_id},
                                                                {"used", used}};
    for (const auto& [key, text] : texts) {
      if (!text.empty()) document[key] = text;
    }
    document["made"] = to_rfc3339(code.made), document["expires"] = to_rfc3339(code.expires);
    list.lines.push_back(line(document));
  }
  command::print_list(arguments, list);
  return command::done;
}

int run_enroll_revoke(const command::Arguments& arguments) {
  const auto registry = registry_of(arguments);
  if (!registry) return refused(registry.error());
  int code = command::done;
  for (const std::string& agent : arguments.positionals()) {
    const auto known = is_known(arguments, **registry, agent);
    if (!known) return refused(known.error());
    if (!*known) {
      command::print_error("platen-cloud",
                           {Code::not_found, "no agent '" + agent + "'; platen-cloud agents lists them"}, "",
                           "not_found");
      code = command::incomplete;
      continue;
    }
    const auto removed = (*registry)->revoke(agent, system_clock().wall());
    if (!removed) return refused(removed.error());
    command::print_note("platen-cloud", arguments,
                        agent + (*removed ? ": removed; its connection ends within a minute" : ": was removed before"));
  }
  return code;
}

}  // namespace platen::cloud
