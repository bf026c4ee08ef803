#include "agent/config/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <iterator>

#include "agent/config/units.h"
#include "base/text.h"
#include "base/zone/zone.h"
#include "snmp/mib/pdu.h"
#include "snmp/mib/targets.h"

namespace platen::config {
namespace {

int line_of(const Config& config, std::string_view key) {
  const auto found = config.lines.find(key);
  return found == config.lines.end() ? 0 : found->second;
}

// One list of targets: its files are read, its words checked. The words take the place of what was written.
class TargetList {
 public:
  TargetList(Config& config, std::string_view key, std::vector<std::string>& items, snmp::Use use)
      : config_(config), key_(key), items_(items), use_(use) {}

  void take(const ReadText& read_text, Blames& blames) {
    const snmp::TargetOptions options{.allow_loopback = config_.scan.allow_loopback};
    const auto folder = std::filesystem::path(config_.file).parent_path();
    const auto beside = [&](const std::string& path) { return read_text((folder / path).string()); };
    std::vector<std::string> taken;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const int line = line_of(config_, fmt::format("{}.{}", key_, i));
      const auto words = target_words(std::span(items_).subspan(i, 1), beside);
      if (!words) {
        blame(blames, line, words.error());
        continue;
      }
      for (const TargetWord& word : *words) {
        if (const auto good = check_word(word, use_, options); !good) blame(blames, line, good.error());
        taken.push_back(word.text);
      }
    }
    items_ = std::move(taken);
  }

 private:
  void blame(Blames& blames, int line, const Error& error) const {
    blames.push_back({line, fmt::format("{}: {}", key_, for_terminal(error.text))});
  }
  Config& config_;
  std::string_view key_;
  std::vector<std::string>& items_;
  snmp::Use use_;
};

std::vector<std::string> addresses_of(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  std::copy_if(words.begin(), words.end(), std::back_inserter(out), snmp::looks_like_address);
  return out;
}

// What no word alone can be wrong in: too many addresses, or none left.
void check_all_targets(const Config& config, Blames& blames) {
  const auto all = snmp::expand_targets(addresses_of(config.scan.targets), addresses_of(config.scan.exclude),
                                        {.allow_loopback = config.scan.allow_loopback});
  if (!all) blames.push_back({line_of(config, "scan.targets"), "scan.targets: " + all.error().text});
}

void check_address(const Config& config, std::string_view key, const std::string& address, Blames& blames) {
  if (address.empty()) return;
  const auto blame = [&](std::string_view why) {
    blames.push_back(
        {line_of(config, key), fmt::format("{} = \"{}\": {}; write \"host:port\", for example \"cloud.example:443\"",
                                           key, for_terminal(address), why)});
  };
  if (address.find("://") != std::string::npos) return blame("no scheme is needed here");
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return blame("the port is missing");
  unsigned port = 0;
  const char* end = address.data() + address.size();
  const auto [stop, fault] = std::from_chars(address.data() + colon + 1, end, port);
  if (fault != std::errc{} || stop != end || port == 0 || port > 65535) return blame("the port must be 1 to 65535");
  const std::string_view host = std::string_view(address).substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const bool six = bracketed && IpAddress::parse(host.substr(1, host.size() - 2)).has_value();
  if (!six && !snmp::is_host_name(host)) blame("that is no host name or address");
}

void check_port(const Config& config, Blames& blames) {
  if (!snmp::is_print_port(static_cast<std::uint16_t>(config.scan.port))) return;
  blames.push_back({line_of(config, "scan.port"),
                    fmt::format("scan.port = {}: printers print what they receive there, so it is never asked; SNMP "
                                "listens on 161",
                                config.scan.port)});
}

void check_time_zone(const Config& config, Blames& blames) {
  if (config.site.time_zone.empty()) return;
  if (const auto zone = Zone::load(config.site.time_zone); !zone)
    blames.push_back({line_of(config, "site.time_zone"), "site.time_zone: " + for_terminal(zone.error().text)});
}

void check_order(const Config& config, Blames& blames) {
  struct Row {
    std::string_view key, than;
    std::chrono::milliseconds value, other;
  };
  const Row rows[] = {
      {"cloud.backoff_longest", "cloud.backoff_first", config.cloud.backoff_longest, config.cloud.backoff_first},
      {"read.supplies_interval", "read.status_interval", config.read.supplies_interval, config.read.status_interval},
  };
  for (const Row& row : rows) {
    if (row.value >= row.other) continue;
    blames.push_back({std::max(line_of(config, row.key), line_of(config, row.than)),
                      fmt::format("{} ({}) must not be shorter than {} ({})", row.key, duration_text(row.value),
                                  row.than, duration_text(row.other))});
  }
}

// One [[credential]] on its way to an snmp::Credential.
class Entry {
 public:
  Entry(const Config& config, std::size_t number, const ReadSecret& read, Blames& blames)
      : config_(config), entry_(config.entries[number - 1]), number_(number), read_(read), blames_(blames) {}

  snmp::Credential made() {
    const std::size_t before = blames_.size();
    refuse_keys_of_other_versions();
    snmp::Credential out;
    if (const auto version = snmp::parse_version(entry_.version)) out.version = *version;
    if (const auto auth = snmp::parse_auth(entry_.auth)) out.auth = *auth;
    if (const auto priv = snmp::parse_priv(entry_.priv)) out.priv = *priv;
    out.user = entry_.user, out.context = entry_.context;
    out.name = entry_.name.empty() ? fmt::format("credential {}", number_) : entry_.name;
    if (auto scope = snmp::Scope::of(entry_.scope)) {
      out.scope = std::move(*scope);
    } else {
      blame(stated("scope"), for_terminal(scope.error().text));
    }
    Secret community = secret("community", entry_.community, entry_.community_file);
    if (!community.empty()) out.community = std::move(community);
    out.auth_pass = secret("auth_pass", entry_.auth_pass, entry_.auth_pass_file);
    out.priv_pass = secret("priv_pass", entry_.priv_pass, entry_.priv_pass_file);
    if (blames_.size() != before) return out;
    if (out.auth != snmp::Auth::none) want_pass("auth", entry_.auth, out.auth_pass);
    if (out.priv != snmp::Priv::none) want_pass("priv", entry_.priv, out.priv_pass);
    if (blames_.size() != before) return out;
    if (const auto good = snmp::check(out); !good) blame(entry_.line, good.error().text);
    return out;
  }

 private:
  void blame(int line, std::string_view text) {
    blames_.push_back({line, fmt::format("[[credential]] {}: {}", number_, text)});
  }
  int stated(std::string_view key) const { return line_of(config_, fmt::format("credential.{}.{}", number_, key)); }

  void refuse_keys_of_other_versions() {
    constexpr std::array<std::string_view, 2> of_communities = {"community", "community_file"};
    constexpr std::array<std::string_view, 8> of_users = {"user", "auth",      "auth_pass",      "auth_pass_file",
                                                          "priv", "priv_pass", "priv_pass_file", "context"};
    const bool users = entry_.version == "3";
    const std::span<const std::string_view> strange =
        users ? std::span<const std::string_view>(of_communities) : of_users;
    for (const std::string_view key : strange) {
      if (const int line = stated(key); line != 0) {
        blame(line, fmt::format("'{}' means nothing for version \"{}\"; {}", key, entry_.version,
                                users ? "take it out" : "take it out, or write version = \"3\""));
      }
    }
  }

  void want_pass(std::string_view key, std::string_view protocol, const Secret& pass) {
    if (!pass.empty()) return;
    blame(stated(key), fmt::format("'{0}_pass' is missing: {0} = \"{1}\" needs a pass phrase; write {0}_pass or "
                                   "{0}_pass_file, or take '{0}' out",
                                   key, protocol));
  }

  Secret secret(std::string_view key, const Secret& written, const std::string& file) {
    const int line = stated(fmt::format("{}_file", key));
    if (stated(key) != 0 && line != 0) {
      blame(line, fmt::format("'{0}' and '{0}_file' exclude each other; keep one", key));
    } else if (stated(key) != 0 && written.empty()) {
      blame(stated(key), fmt::format("'{}' is empty", key));
    } else if (line != 0) {
      const auto folder = std::filesystem::path(config_.file).parent_path();
      auto content = read_((folder / file).string());
      if (content) return std::move(*content);
      blame(line, content.error().text);
    }
    return written;
  }

  const Config& config_;
  const CredentialEntry& entry_;
  std::size_t number_;
  const ReadSecret& read_;
  Blames& blames_;
};

}  // namespace

void take_targets(Config& config, const ReadText& read_text, Blames& blames) {
  const std::size_t before = blames.size();
  TargetList(config, "scan.targets", config.scan.targets, snmp::Use::ask).take(read_text, blames);
  TargetList(config, "scan.exclude", config.scan.exclude, snmp::Use::exclude).take(read_text, blames);
  TargetList(config, "discovery.within", config.discovery.within, snmp::Use::within).take(read_text, blames);
  for (const std::string& word : config.discovery.within) {
    if (snmp::looks_like_address(word)) continue;
    blames.push_back(
        {line_of(config, "discovery.within"),
         fmt::format("discovery.within: '{}' must be an address, a range or a network", for_terminal(word))});
  }
  if (blames.size() == before) check_all_targets(config, blames);
}

void check_meaning(const Config& config, Blames& blames) {
  check_address(config, "cloud.address", config.cloud.address, blames);
  check_address(config, "command.address", config.command_address, blames);
  check_address(config, "update.address", config.update_address, blames);
  check_port(config, blames);
  check_order(config, blames);
  check_time_zone(config, blames);
  if (config.agent.state_dir.empty()) {
    blames.push_back({line_of(config, "agent.state_dir"), "agent.state_dir is empty; name a folder"});
  }
}

void make_credentials(Config& config, const ReadSecret& read_secret, Blames& blames) {
  for (std::size_t number = 1; number <= config.entries.size(); ++number) {
    const auto stated = [&](std::string_view key) {
      return line_of(config, fmt::format("credential.{}.{}", number, key)) != 0;
    };
    if (stated("user") && !stated("version")) config.entries[number - 1].version = "3";  // only version 3 has users
    config.credentials.push_back(Entry(config, number, read_secret, blames).made());
  }
  for (std::size_t i = 0; i < config.entries.size(); ++i) {
    const auto same = [&](const CredentialEntry& other) { return other.name == config.entries[i].name; };
    const auto before = config.entries.begin() + static_cast<std::ptrdiff_t>(i);
    if (config.entries[i].name.empty() || std::none_of(config.entries.begin(), before, same)) continue;
    blames.push_back({config.entries[i].line, fmt::format("[[credential]] {}: another one is called \"{}\" already",
                                                          i + 1, for_terminal(config.entries[i].name))});
  }
  if (!config.credentials.empty()) return;
  for (const snmp::Version version : {snmp::Version::v2c, snmp::Version::v1})
    config.credentials.push_back({.version = version, .name = "public"});
}

void take_proxy_password(Config& config, const ReadSecret& read_secret, Blames& blames) {
  const int line = line_of(config, "proxy.password_file");
  if (line == 0) return;
  if (line_of(config, "proxy.password") != 0) {
    blames.push_back({line, "proxy.password and proxy.password_file exclude each other; keep one"});
    return;
  }
  const auto folder = std::filesystem::path(config.file).parent_path();
  auto content = read_secret((folder / config.proxy.password_file).string());
  if (!content) blames.push_back({line, "proxy.password_file: " + content.error().text});
  if (content) config.proxy.password = *std::move(content);
}

void take_command_key(Config& config, const ReadSecret& read_secret, Blames& blames) {
  const int line = line_of(config, "command.key_file");
  if (line == 0) return;
  const auto folder = std::filesystem::path(config.file).parent_path();
  auto content = read_secret((folder / config.command.key_file).string());
  if (!content) blames.push_back({line, "command.key_file: " + content.error().text});
  if (content) config.command.key = *std::move(content);
}

Faults faults_of(const std::string& file, Blames blames) {
  std::stable_sort(blames.begin(), blames.end(), [](const Blame& a, const Blame& b) { return a.line < b.line; });
  Faults faults;
  for (const Blame& blame : blames) {
    faults.push_back({Code::invalid, blame.line == 0 ? fmt::format("{}: {}", file, blame.text)
                                                     : fmt::format("{}:{}: {}", file, blame.line, blame.text)});
  }
  return faults;
}

}  // namespace platen::config
