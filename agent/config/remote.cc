#include "agent/config/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/config/checks.h"
#include "agent/config/settings.h"
#include "agent/host/files.h"

namespace platen::config {
namespace {

constexpr std::size_t most_octets = 65'536;
constexpr std::array<std::string_view, 3> of_the_site = {"agent.id", "agent.state_dir", "agent.ledger_size"};

Expected<Secret> no_secret_file(const std::string&) {
  return fail(Code::denied, "files of this host cannot be named from afar; write the value itself");
}

bool may_be_stated(const Setting& setting) {
  const bool ours = std::find(of_the_site.begin(), of_the_site.end(), setting.key) != of_the_site.end();
  return !ours && setting.type != Type::path && !setting.key.starts_with("privacy.") &&
         !setting.key.starts_with("proxy.");
}

// "credential.2.user" is the setting "credential.user".
std::string setting_of(std::string_view line_key) {
  constexpr std::string_view many = "credential.";
  if (!line_key.starts_with(many)) return std::string(line_key);
  const std::string_view rest = line_key.substr(many.size());
  return std::string(many) + std::string(rest.substr(rest.find('.') + 1));
}

Faults forbidden_in(const Config& remote) {
  Blames blames;
  for (const auto& [key, line] : remote.lines) {
    const std::string name = setting_of(key);
    const auto rows = settings();
    const auto setting = std::find_if(rows.begin(), rows.end(), [&](const Setting& each) { return each.key == name; });
    if (setting != rows.end() && !may_be_stated(*setting))
      blames.push_back({line, fmt::format("{} is the site's own; it cannot be set from afar", name)});
  }
  return faults_of(remote.file, std::move(blames));
}

}  // namespace

Expected<Config, Faults> parse_remote(std::string_view toml, const std::string& name) {
  if (toml.size() > most_octets) return fail(Faults{{Code::invalid, name + ": larger than 64 KiB"}});
  auto remote = parse(toml, name, no_secret_file);
  if (!remote) return remote;
  if (Faults faults = forbidden_in(*remote); !faults.empty()) return fail(std::move(faults));
  return remote;
}

Expected<Config, Faults> overlaid(Config site, const Config& remote) {
  if (remote.scan.allow_loopback && !site.scan.allow_loopback)
    return fail(
        Faults{{Code::denied, remote.file + ": scan.allow_loopback is the site's own; it cannot be set from afar"}});
  Config from = remote;  // slots are of a Config that can be written to
  for (const Setting& setting : settings()) {
    if (setting.key.starts_with("credential.") || !remote.lines.contains(setting.key)) continue;
    std::visit([&, value = setting.slot(from)](auto* to) { *to = *std::get<decltype(to)>(value); }, setting.slot(site));
  }
  if (!remote.entries.empty()) site.entries = remote.entries, site.credentials = remote.credentials;
  site.holds_secrets |= remote.holds_secrets;
  Blames blames;
  check_meaning(site, blames);
  if (!blames.empty()) return fail(faults_of(site.file + " with what came from the cloud", std::move(blames)));
  return site;
}

std::string remote_file(const std::string& state_dir) { return state_dir + "/remote.toml"; }

Expected<Effective, Faults> load_with_remote(const std::string& file) {
  auto site = load(file);
  if (!site) return fail(std::move(site.error()));
  const std::string at = remote_file(site->agent.state_dir);
  const auto read = host::read_file(at, most_octets);
  if (!read) {
    const bool none = read.error().code == Code::not_found;
    return Effective{std::move(*site), none ? "" : read.error().text};
  }
  if (read->others_read || read->foreign)
    return Effective{std::move(*site), at + " is not the agent's alone; remove it"};
  const auto remote = parse_remote(read->octets, at);
  auto both = remote ? overlaid(*site, *remote) : fail(remote.error());
  if (!both) return Effective{std::move(*site), both.error().front().text};
  return Effective{std::move(*both), ""};
}

}  // namespace platen::config
