#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/config/config.h"
#include "snmp/sources/own_networks.h"

namespace platen::cli {
namespace {

std::string json_of(const std::string& file, const Expected<config::Config, config::Faults>& config) {
  nlohmann::ordered_json out = {{"schema", "platen.config-check/1"}, {"file", file}, {"good", config.has_value()}};
  if (config) out["summary"] = config::summary(*config);
  if (!config) {
    out["faults"] = nlohmann::ordered_json::array();
    for (const Error& fault : config.error()) out["faults"].push_back(fault.text);
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int config_check(const command::Arguments& arguments) {
  const std::string file = arguments.text("--config");
  const auto config = config::load(file);
  if (arguments.format() == command::Format::json) command::print(json_of(file, config));
  if (config) {
    if (arguments.format() == command::Format::table) command::print(config::summary(*config) + "\n");
    for (const std::string& idle : config::idle(*config, snmp::proposal(snmp::own_networks(false)))) {
      command::print_error(kProgram, {Code::invalid, "warning: " + idle});
    }
    return command::done;
  }
  return refuse(config.error());
}

int refuse(const config::Faults& faults) {
  for (const Error& fault : faults) {
    const bool last = &fault == &faults.back();
    command::print_error(kProgram, fault, last ? "What each key means: docs/config.md." : "", "config");
  }
  return command::usage;
}

}  // namespace platen::cli
