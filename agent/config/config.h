// The agent's configuration as the program uses it: every value checked, every secret read.
//
//   Source   one TOML file; its keys, types, bounds and fallbacks are the table in settings.h (printed in
//   docs/config.md). Shapes   What the file does not say has the table's fallback. Relative paths are relative to the
//   folder of the file. Errors   Every fault of a file is reported, in the order of its lines: "agent.toml:7: what,
//   what is allowed, nearest key".
//   Effects  parse() is pure but for `read_secret` and `read_text`; load() reads the file, and the secret files and
//            files of targets that it names.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/target_list.h"
#include "agent/privacy/policy.h"
#include "base/expected.h"
#include "base/secret.h"
#include "snmp/mib/credential.h"

namespace platen::config {

struct Agent {
  std::string id;  // "": the name in the certificate
  std::string state_dir;
  std::string log_level;          // debug, info, warn, error
  std::uint64_t ledger_size = 0;  // octets
};

struct Cloud {
  std::string address;  // "": no cloud, readings stay in the ledger
  std::string ca_file, certificate_file, key_file;
  std::chrono::milliseconds heartbeat{}, backoff_first{}, backoff_longest{};
  std::uint64_t batch_size = 0;
  int window = 0, history_rate = 0;
  std::chrono::milliseconds http2_retry{};
};

// The way out of the site. What it names is in docs/network.md.
struct Proxy {
  std::string address, user, auth, password_file, ca_file;
  Secret password;  // of password_file, when that is named
  std::vector<std::string> bypass;
  friend bool operator==(const Proxy&, const Proxy&) = default;
};

// How the broker is spoken to, beside its address.
struct Command {
  std::string kind, path, device_id, key_file, ca_file;
  Secret key;  // of key_file, when that is named
  std::chrono::milliseconds return_within{};
  friend bool operator==(const Command&, const Command&) = default;
};

struct Scan {
  std::vector<std::string> targets, exclude;  // files of targets are replaced by what stands in them
  int port = 0;
  std::chrono::milliseconds interval{}, timeout{};
  int retries = 0;
  int subnet_budget = 0;  // datagrams a second
  bool allow_loopback = false;
};

// Sources of candidates beside the sweep: multicast questions on the own networks.
struct Discovery {
  bool mdns = false, wsd = false, slp = false;
  std::vector<std::string> within;
  [[nodiscard]] bool any() const { return mdns || wsd || slp; }
  friend bool operator==(const Discovery&, const Discovery&) = default;
};

struct Read {
  std::chrono::milliseconds supplies_interval{}, status_interval{}, meters_interval{};
  int at_once = 0;
  std::string profiles;  // folder of the dealer's own vendor profiles; "": none
};

struct Site {
  std::string time_zone;  // "": the system's
  int billing_day = 0;
};

// One [[credential]] as written, before its secrets are read and it becomes an snmp::Credential.
struct CredentialEntry {
  int line = 0;
  std::string name, version, community_file, user, auth, auth_pass_file, priv, priv_pass_file, context;
  std::vector<std::string> scope;
  Secret community, auth_pass, priv_pass;
};

struct Config {
  std::string file;  // as it was named
  Agent agent;
  Cloud cloud;
  Proxy proxy;
  std::string command_address, update_address;  // "": none
  Command command;
  std::chrono::milliseconds poll_interval{};  // of the list of tasks
  Scan scan;
  Discovery discovery;
  Read read;
  Site site;
  std::array<std::string, privacy::choices.size()> privacy_words;  // in the order of privacy::choices
  std::vector<CredentialEntry> entries;
  std::vector<snmp::Credential>
      credentials;  // of `entries`, in their order; never empty: "public" when the file has none
  std::map<std::string, int, std::less<>> lines;  // keys that the file states, and where
  bool holds_secrets = false;                     // written in the file itself
};

[[nodiscard]] privacy::Policies policies(const Config& config);

using Faults = std::vector<Error>;
using ReadSecret = std::function<Expected<Secret>(const std::string& path)>;

[[nodiscard]] Expected<std::string> read_no_text(const std::string& path);  // refuses
[[nodiscard]] Expected<Config, Faults> parse(std::string_view text, const std::string& file,
                                             const ReadSecret& read_secret, const ReadText& read_text = read_no_text);
// Also refused: a file with secrets, or a secret file, that everybody on the host can read (the error says the chmod to
// run).
[[nodiscard]] Expected<Config, Faults> load(const std::string& file);
// What `config check` says of a good file: "agent.toml: good: 254 addresses to scan, 2 credentials, cloud none".
[[nodiscard]] std::string summary(const Config& config);
// What an agent with this good file would leave undone, one sentence each: nothing scanned, nothing sent.
// `own_networks`: what could be scanned instead of nothing, as targets.
[[nodiscard]] std::vector<std::string> idle(const Config& config, std::span<const std::string> own_networks = {});

}  // namespace platen::config
