#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/config/settings.h"
#include "agent/config/value.h"

namespace platen::config {
namespace {

std::string_view short_key(const Setting& setting) { return setting.key.substr(setting.key.find('.') + 1); }

bool belongs(const Setting& setting, const Section& section) {
  return setting.key.substr(0, setting.key.find('.')) == section.name;
}

std::string heading(const Section& section) {
  return section.many ? fmt::format("[[{}]]", section.name) : fmt::format("[{}]", section.name);
}

// As it stands in a file: in quotes unless TOML has a type of its own for it.
std::string written(const Setting& setting) {
  if (setting.type == Type::list) return "[]";
  if (setting.type == Type::number || setting.type == Type::boolean) return std::string(setting.fallback);
  return fmt::format("\"{}\"", setting.fallback);
}

constexpr std::string_view introduction =
    "# The agent's settings\n"
    "\n"
    "One TOML file, `/etc/platen/agent.toml` unless `--config` names another. Every key is below; what the file does\n"
    "not say has the fallback. An unknown key, a wrong type, an unknown unit or a value out of bounds is an error "
    "with\n"
    "file and line, and `platen-agent config check` reports all of them at once. `systemctl reload platen-agent`\n"
    "(SIGHUP) takes a changed file over; one with errors is refused and the agent goes on as before.\n"
    "\n"
    "Durations are a whole number and `ms`, `s`, `m`, `h` or `d`; sizes a whole number and `B`, `KiB`, `MiB` or "
    "`GiB`.\n"
    "Relative paths are relative to the folder of the file. A file that holds a secret must not be readable by\n"
    "everybody on the host (`chmod 0640`), nor may a file that a `…_file` key names.\n"
    "\n"
    "This page is made from the table in `agent/config/settings.cc` by `platen-agent config docs`; a test compares "
    "them.\n";

// `text` as comment lines of at most 100 columns.
std::string comment(std::string_view text) {
  std::string out, line = "#";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (line.size() + 1 + end > 100) out += std::exchange(line, "#") + '\n';
    line.append(" ").append(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + line + '\n';
}

}  // namespace

std::string settings_markdown() {
  std::string out(introduction);
  for (const Section& section : sections()) {
    out += fmt::format("\n## `{}`\n\n{}\n\n| key | type | fallback | allowed | meaning |\n|---|---|---|---|---|\n",
                       heading(section), section.about);
    for (const Setting& setting : settings()) {
      if (!belongs(setting, section)) continue;
      const std::string fallback = setting.fallback.empty() ? "" : fmt::format("`{}`", setting.fallback);
      out += fmt::format("| `{}` | {} | {} | {} | {} |\n", short_key(setting), name_of(setting.type), fallback,
                         allowed_text(setting), setting.about);
    }
  }
  return out;
}

std::string sample_file() {
  std::string out =
      "# Platen agent. Every key with its fallback: take the # away to change one. Meanings: docs/config.md.\n"
      "# Check your changes with `platen-agent config check`, take them over with `systemctl reload platen-agent`.\n";
  for (const Section& section : sections()) {
    out += fmt::format("\n{}{}{}\n", comment(section.about), section.many ? "#" : "", heading(section));
    for (const Setting& setting : settings()) {
      if (!belongs(setting, section)) continue;
      const std::string allowed = allowed_text(setting);
      out += comment(allowed.empty() ? std::string(setting.about) : fmt::format("{} ({})", setting.about, allowed));
      out += fmt::format("#{} = {}\n", short_key(setting), written(setting));
    }
  }
  return out;
}

}  // namespace platen::config
