// enroll: an activation code becomes this host's identity.
#include "agent/enroll/enroll.h"

#include <array>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/host/files.h"
#include "agent/network/door.h"
#include "agent/tasks/mark.h"
#include "base/command/columns.h"
#include "base/command/terminal.h"
#include "base/log.h"

namespace platen::cli {
namespace {

using command::Arguments;

constexpr std::size_t longest_code_file = 4096, longest_roots = 4U << 20U;
constexpr std::uint16_t https = 443;
constexpr std::chrono::minutes clock_may_differ{5};

struct Wish {
  wire::ActivationCode code;
  egress::Endpoint cloud;
  std::string roots_pem, state_dir, file;
};

Expected<Secret> code_text(const Arguments& arguments) {
  const bool typed = !arguments.positionals().empty();
  if (typed == arguments.has("--code-file"))
    return fail(Code::invalid, "one activation code is needed: as a word, with --code-file FILE, or - for stdin");
  const std::string from = typed ? arguments.positionals().front() : arguments.text("--code-file");
  if (typed && from != "-") return Secret(from);
  if (from == "-") {
    std::string line;
    std::getline(std::cin, line);
    return Secret(std::move(line));
  }
  return host::read_file(from, longest_code_file).map([](host::File&& file) { return Secret(std::move(file.octets)); });
}

Expected<Wish> wish_of(const Arguments& arguments) {
  if (!arguments.has("--cloud"))
    return fail(Code::invalid, "--cloud is missing: the host that your dealer named, such as cloud.example");
  const auto text = code_text(arguments);
  if (!text) return fail(text.error());
  auto code = wire::parse_activation_code(text->reveal());
  if (!code) return fail(code.error());
  auto cloud = egress::parse_endpoint(arguments.text("--cloud"), https);
  if (!cloud) return fail(cloud.error().in("--cloud"));
  Wish wish{std::move(*code), std::move(*cloud), "", arguments.text("--state-dir"), ""};
  wish.file = identity::identity_file(wish.state_dir);
  if (!arguments.has("--ca")) return wish;
  auto roots = host::read_file(arguments.text("--ca"), longest_roots);
  if (!roots) return fail(roots.error().in("--ca"));
  if (auto usable = identity::check_roots(roots->octets, arguments.text("--ca")); !usable) return fail(usable.error());
  wish.roots_pem = std::move(roots->octets);
  return wish;
}

// An identity is not thrown away by accident.
Expected<void> may_write(const Wish& wish, bool replace) {
  if (auto usable = host::usable_folder(wish.state_dir); !usable) return usable;
  std::error_code fault;
  if (replace || !std::filesystem::exists(wish.file, fault)) return {};
  const auto kept = identity::load_enrolled(wish.file);
  const std::string who = kept ? "this agent is enrolled already, as " + kept->identity.agent_id
                               : "an identity is there already, though it cannot be used (" + kept.error().text + ")";
  return fail(Code::conflict, who + "; give --replace to throw that away for a new one");
}

int refuse(const Error& error, const char* code, int exit_code) {
  command::print_error(kProgram, error, "", code);
  return exit_code;
}

// Through the proxy that the agent's configuration or this environment names.
Expected<std::shared_ptr<const egress::Door>> door_to(const Wish& wish, const Arguments& arguments) {
  network::settle_environment();
  const std::string file = arguments.text("--config");
  std::error_code fault;
  const auto config = std::filesystem::exists(file, fault) || arguments.given_.contains("--config")
                          ? config::load(file)
                          : config::parse("", file, {});
  if (!config) return fail(config.error().front());
  const auto door = network::open_door(*config);
  if (!door) return fail(door.error());
  return network::letting_through(**door, std::array{wish.cloud.text()});
}

void warn_of_clock(std::chrono::seconds offset) {
  if (std::chrono::abs(offset) <= clock_may_differ) return;
  using std::chrono::hours;
  const auto hour = std::chrono::duration_cast<hours>(std::chrono::abs(offset)).count();
  const std::string amount = hour < 48 ? std::to_string(std::chrono::abs(offset).count() / 60) + " minutes"
                                       : std::to_string(hour / 24) + " days";
  command::print_error(kProgram,
                       {Code::invalid, "warning: this host's clock is " + amount +
                                           (offset.count() > 0 ? " behind" : " ahead of") + " the cloud's"},
                       "Set it: timedatectl set-ntp true", "enroll.clock");
}

void show(const Arguments& arguments, const identity::Enrolled& enrolled) {
  const std::string until = to_rfc3339(enrolled.identity.not_after);
  if (arguments.format() == command::Format::json) {
    const nlohmann::ordered_json document = {{"schema", "platen.enrolled/1"},
                                             {"agent", enrolled.identity.agent_id},
                                             {"cloud", enrolled.cloud},
                                             {"certificate_until", until}};
    command::print(document.dump() + "\n");
    return;
  }
  command::print(command::table_text({{"key"}, {"value"}},
                                     {{"agent", enrolled.identity.agent_id},
                                      {"cloud", enrolled.cloud},
                                      {"certificate until", until + ", renewed by itself"}},
                                     command::table_style(arguments)));
  command::print_note(
      kProgram, arguments,
      "a running agent takes this up within seconds (platen status); else: systemctl start platen-agent");
}

}  // namespace

int enroll(const Arguments& arguments) {
  log::threshold(log::Level::error);  // a person reads the answer, not the log
  const auto wish = wish_of(arguments);
  if (!wish) return refuse(wish.error(), "enroll.usage", command::usage);
  if (const auto free = may_write(*wish, arguments.has("--replace")); !free)
    return refuse(free.error(), "enroll.exists", command::usage);
  const std::string key_file = wish->state_dir + "/enrolling.key";
  const auto key = identity::pending_key(key_file);
  if (!key) return refuse(key.error(), "enroll.key", command::usage);
  const auto door = door_to(*wish, arguments);
  if (!door) return refuse(door.error(), "enroll.proxy", command::usage);
  const command::Interrupts interrupts;
  const auto asker = activation::https_asker(**door, wish->cloud, wish->code.pin, wish->roots_pem, interrupts.token());
  const auto enrolled = activation::enroll(*asker, wish->code, *key, wish->cloud, wish->roots_pem);
  if (!enrolled) {
    if (interrupts.token().stop_requested()) return command::interrupted;
    return refuse(enrolled.error().error, "enroll.refused", command::incomplete);
  }
  // Before the identity, which a running agent takes up at once: under it nothing was ever begun.
  std::ignore = tasks::write_mark(wish->state_dir, {.lineage = std::string(tasks::fresh)});
  if (const auto kept = identity::keep_enrolled(wish->file, *enrolled); !kept)
    return refuse(
        kept.error().in("the code was used, but the identity could not be kept; ask again with the same code"),
        "enroll.not_kept", command::incomplete);
  std::error_code ignored;
  std::filesystem::remove(key_file, ignored);
  warn_of_clock(asker->clock_offset().value_or(std::chrono::seconds(0)));
  show(arguments, *enrolled);
  return command::done;
}

}  // namespace platen::cli
