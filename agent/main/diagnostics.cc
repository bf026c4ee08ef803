#include "agent/main/diagnostics.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/config/settings.h"
#include "agent/config/units.h"
#include "agent/main/hands.h"
#include "agent/main/known.h"
#include "agent/support/scrub_text.h"
#include "base/command/version.h"
#include "base/log.h"

namespace platen::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t shortest_secret = 4;
constexpr std::string_view gone = "<secret>";

struct AsJson {
  Json operator()(const std::string* text) const { return *text; }
  Json operator()(const int* number) const { return *number; }
  Json operator()(const bool* yes) const { return *yes; }
  Json operator()(const std::chrono::milliseconds* time) const { return config::duration_text(*time); }
  Json operator()(const std::uint64_t* octets) const { return config::bytes_text(*octets); }
  Json operator()(const std::vector<std::string>* words) const { return *words; }
  Json operator()(const Secret* secret) const { return secret->empty() ? "" : std::string(gone); }
};

Json settings_of(config::Config config) {
  Json out = Json::object();
  const std::vector<config::CredentialEntry> entries = std::move(config.entries);
  for (const config::Setting& setting : config::settings()) {
    if (!setting.key.starts_with("credential.")) out[setting.key] = std::visit(AsJson{}, setting.slot(config));
  }
  for (const config::CredentialEntry& entry : entries) {
    config.entries = {entry};
    Json row = Json::object();
    for (const config::Setting& setting : config::settings()) {
      if (setting.key.starts_with("credential."))
        row[setting.key.substr(setting.key.find('.') + 1)] = std::visit(AsJson{}, setting.slot(config));
    }
    out["credential"].push_back(std::move(row));
  }
  return out;
}

std::vector<std::string> secrets_of(const config::Config& config, const Findings& findings) {
  std::vector<std::string> out;
  const auto add = [&](const Secret& secret) {
    if (secret.reveal().size() >= shortest_secret && secret.reveal() != "public") out.push_back(secret.reveal());
  };
  for (const config::CredentialEntry& entry : config.entries)
    add(entry.community), add(entry.auth_pass), add(entry.priv_pass);
  for (const snmp::Credential& credential : config.credentials)
    add(credential.community), add(credential.auth_pass), add(credential.priv_pass);
  add(config.proxy.password);
  for (const Secret& secret : findings.secrets) add(secret);
  // A secret that holds another goes first.
  std::sort(out.begin(), out.end(), [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// "http://user:word@host" → "http://<secret>@host".
void without_user(std::string& text) {
  constexpr std::string_view start = "://";
  for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
    const std::size_t from = at + start.size(), end = std::min(text.find_first_of("/ \"\n", from), text.size());
    const std::size_t last = text.rfind('@', end == 0 ? 0 : end - 1);
    if (last != std::string::npos && last >= from && last < end) text.replace(from, last - from, gone);
  }
}

void without_pem(std::string& text) {
  constexpr std::string_view begins = "-----BEGIN", ends = "-----END";
  for (std::size_t at = text.find(begins); at != std::string::npos; at = text.find(begins)) {
    const std::size_t end = text.find(ends, at);
    text.replace(at, end == std::string::npos ? std::string::npos : end + ends.size() - at, gone);
  }
}

class Cleaner {
 public:
  Cleaner(const config::Config& config, const Findings& findings)
      : findings_(findings), secrets_(secrets_of(config, findings)) {}

  void clean(std::string& text) {
    for (const std::string& secret : secrets_) replace_all(text, secret, gone);
    without_user(text);
    without_pem(text);
    for (const auto& [what, with] : findings_.instead) replace_all(text, what, with);
    if (!findings_.addresses_leave) text = support::scrub_text(text, {}, places_, true, ignored_);
  }
  void clean(Json& value) {
    if (value.is_string()) return clean(value.get_ref<std::string&>());
    if (!value.is_structured()) return;
    for (Json& each : value) clean(each);
  }

 private:
  const Findings& findings_;
  const std::vector<std::string> secrets_;
  support::Places places_;
  std::map<std::string, std::size_t> ignored_;
};

std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string diagnostics(const config::Config& config, const Findings& findings, std::size_t most_octets) {
  const command::Build& build = command::build();
  Json out = {{"schema", "platen.diagnostics/1"}, {"version", build.version},
              {"commit", build.commit},           {"tls_library", build.tls_library},
              {"settings", settings_of(config)},  {"status", Json::parse(findings.status_json, nullptr, false)}};
  if (out["status"].is_discarded()) out["status"] = nullptr;
  Cleaner cleaner(config, findings);
  cleaner.clean(out);
  std::size_t octets = dumped(out).size() + 64;
  if (octets > most_octets) out.erase("status"), octets = dumped(out).size() + 64;
  if (octets > most_octets) out.erase("settings"), octets = dumped(out).size() + 64;
  std::vector<std::string> lines;
  for (std::size_t left = findings.log.size(); left > 0; --left) {
    std::string clean = findings.log[left - 1];
    cleaner.clean(clean);
    octets += dumped(clean).size() + 1;
    if (octets > most_octets) break;
    lines.push_back(std::move(clean));
  }
  std::reverse(lines.begin(), lines.end());
  out["log_left_out"] = findings.log.size() - lines.size();
  out["log"] = std::move(lines);
  return dumped(out) + "\n";
}

std::unique_ptr<tasks::Job> diagnostics_job(Workplace& at, const tasks::SendDiagnostics& order) {
  Findings findings{.status_json = at.status_json(),
                    .log = log::recent(order.log_lines),
                    .secrets = at.other_secrets(),
                    .instead = {},
                    .addresses_leave = true};
  const auto serials = at.site().serials();
  const auto note = [&](const std::string& is, const std::string& leaves) {
    if (!is.empty() && is != leaves) findings.instead.insert_or_assign(is, leaves);
  };
  for (const Known& each : known_printers(at.rounds().fleet(), at.site())) {
    const std::string address = each.peer.address.text();
    note(address, each.left_as.address);
    if (const auto serial = serials.find(address); serial != serials.end()) note(serial->second, each.left_as.serial);
  }
  Reading probe;
  probe.address = "192.0.2.1";
  findings.addresses_leave = at.site().as_it_leaves(probe).address == probe.address;
  return ended_job({tasks::Outcome::done, "", diagnostics(at.config(), findings, wire::most_task_output)});
}

}  // namespace platen::agent
