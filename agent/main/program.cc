#include "agent/main/program.h"

#include <filesystem>

#include "agent/config/remote.h"
#include "agent/config/settings.h"
#include "agent/host/files.h"
#include "agent/host/process.h"
#include "agent/main/agent.h"
#include "agent/main/collector.h"
#include "agent/main/ready.h"
#include "agent/network/door.h"
#include "base/log.h"

namespace platen::agent {
namespace {

using command::Arguments;

constexpr std::string_view name = "platen-agent";
constexpr std::size_t recent_log_octets = 262'144;  // for send_diagnostics

int refuse(const Error& error) {
  command::print_error(name, error);
  return command::usage;
}

int refuse(const config::Faults& faults) {
  for (const Error& fault : faults) command::print_error(name, fault);
  return command::usage;
}

int run_agent(const Arguments& arguments) {
  host::forbid_core_dumps();
  host::limit_heaps(2);
  network::settle_environment();
  auto loaded = config::load_with_remote(arguments.text("--config"));
  if (!loaded) return refuse(loaded.error());
  if (const auto begun = ready(loaded->config); !begun) return refuse(begun.error());
  log::keep_recent(recent_log_octets);
  Agent agent(std::move(loaded->config), system_clock());
  const auto ended = host::run_service(agent);
  if (!ended) return refuse(ended.error());
  return *ended == host::Ended::interrupted ? command::interrupted : command::done;
}

int check_config(const Arguments& arguments) {
  const auto config = config::load(arguments.text("--config"));
  if (!config) return refuse(config.error());
  const auto begun = ready(*config);
  if (!begun) return refuse(begun.error());
  if (!begun->trouble.empty()) return refuse(Error{Code::unavailable, begun->trouble});  // `run` would wait for its end
  command::print(config::summary(*config) + "\n");
  for (const std::string& idle : config::idle(*config, snmp::proposal(snmp::own_networks(false))))
    command::print_error(name, {Code::invalid, "warning: " + idle});
  for (const Error& refused : profiles_of(*config).refused)
    command::print_error(name, {refused.code, "warning: profile left out: " + refused.text});
  return command::done;
}

int make_identity(const Arguments& arguments) {
  const std::string folder = arguments.text("--state-dir"), csr = arguments.text("--csr");
  if (const auto usable = host::usable_folder(folder); !usable) return refuse(usable.error());
  const std::string key = (std::filesystem::path(folder) / "agent.key").string();
  const std::string used = identity::name_in_use(key, (std::filesystem::path(folder) / "agent.crt").string(), csr);
  const std::string id = arguments.has("--id") ? arguments.text("--id")
                         : used.empty()        ? identity::new_agent_id()
                                               : used;
  const auto made = identity::make_key_and_csr(key, csr, id);
  if (!made) return refuse(made.error());
  command::print("key      " + key + (made->key_made ? " (new)" : " (kept)") + "\nrequest  " + csr + " for " + id +
                 (id == used     ? " (name kept)"
                  : used.empty() ? ""
                                 : " (before: " + used + ")") +
                 "\n");
  return command::done;
}

const command::Option config_option = {.name = "--config",
                                       .value = "FILE",
                                       .about = "settings, see docs/config.md",
                                       .fallback = "/etc/platen/agent.toml",
                                       .kind = command::Kind::file};

std::vector<command::Command> commands() {
  return {
      {.name = "run",
       .about = "Run the agent: find printers, read them, deliver the readings.",
       .examples = {"run", "run --config agent.toml"},
       .options = {config_option},
       .run = run_agent,
       .details = "Runs in the foreground until SIGTERM or Ctrl-C; as a service under systemd. SIGHUP takes a changed "
                  "file over."},
      {.name = "config check",
       .about = "Check a settings file, and what it names, as `run` does before it starts.",
       .examples = {"config check", "config check --config agent.toml"},
       .options = {config_option},
       .run = check_config},
      {.name = "config docs",
       .about = "Print docs/config.md, the page about every setting.",
       .examples = {"config docs", "config docs > docs/config.md"},
       .run =
           [](const Arguments&) {
             return command::print(config::settings_markdown()) ? command::done : command::incomplete;
           }},
      {.name = "config sample",
       .about = "Print a settings file with every key at its fallback, commented out.",
       .examples = {"config sample", "config sample > agent.toml"},
       .run =
           [](const Arguments&) {
             return command::print(config::sample_file()) ? command::done : command::incomplete;
           }},
      {.name = "identity",
       .about = "Make this agent's key, once, and a certificate request for the cloud.",
       .examples = {"identity --csr agent.csr", "identity --state-dir state --csr agent.csr --id site-7"},
       .options = {{.name = "--state-dir",
                    .value = "DIR",
                    .about = "where agent.key is kept",
                    .fallback = "/var/lib/platen-agent",
                    .kind = command::Kind::folder},
                   {.name = "--csr",
                    .value = "FILE",
                    .about = "where the request is written",
                    .fallback = "agent.csr",
                    .kind = command::Kind::file},
                   {.name = "--id",
                    .value = "NAME",
                    .about = "name to ask for; otherwise the one in use, or a random one"}},
       .run = make_identity,
       .details = "The key never leaves this host. A key that is there already is kept, and asked for again, by the "
                  "name that it has."},
  };
}

}  // namespace

const command::Program& program() {
  static const command::Program table = {
      .name = name,
      .about = "Reads the printers of a site and delivers the readings to the cloud.",
      .commands = commands()};
  return table;
}

}  // namespace platen::agent
