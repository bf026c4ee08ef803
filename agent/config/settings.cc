#include "agent/config/settings.h"

#include <array>
#include <utility>

#include "agent/config/config.h"

namespace platen::config {
namespace {

constexpr std::array section_rows = {
    Section{"agent", "The agent itself."},
    Section{"site", "The place that the printers stand at."},
    Section{"cloud", "Where the readings go: one outgoing TLS connection. Nothing listens on this host."},
    Section{"proxy",
            "The way out of the site, for every connection but those to printers. A proxy that is named here and does "
            "not work is an error: nothing is ever connected to past it. `platen netcheck` tries each path, "
            "docs/network.md tells IT what is needed."},
    Section{"command", "How tasks arrive at once. Without it they are asked for, a little later."},
    Section{"update", "Where new versions come from."},
    Section{"scan", "Where printers are looked for, and how patiently."},
    Section{
        "discovery",
        "Sources of candidates beside the sweep: questions to everybody on this host's own networks. An answer only "
        "ever leads to an SNMP check of an address within scan.targets or discovery.within; without either, within "
        "the own networks. All are off until asked for."},
    Section{"read", "How often known printers are read."},
    Section{"privacy",
            "What becomes of texts that may tell of people, before anything is kept or sent: send, pseudonymise (with "
            "a key "
            "of this site) or drop. docs/privacy.md lists every field; `platen egress` shows what has left."},
    Section{"credential",
            "What opens the printers; tried in the order of the file, and the one that fits is remembered for each "
            "printer. When it fails, the others are tried. To change a pass phrase, put the new credential before the "
            "old one and take the old one out when all printers have changed. Write [[credential]] once for each. "
            "Without any, the community \"public\" is tried with SNMP v2c and v1.",
            true},
};

constexpr std::array rows = {
    Setting{"agent.id", Type::text, "", "",
            "Name of this agent. Must equal the name in its certificate; empty takes the name from there.",
            [](Config& c) -> Slot { return &c.agent.id; }},
    Setting{"agent.state_dir", Type::path, "/var/lib/platen-agent", "",
            "Folder of the ledger, the identity and status.json. Only one agent can use it at a time.",
            [](Config& c) -> Slot { return &c.agent.state_dir; }},
    Setting{"agent.log_level", Type::text, "info", "debug|info|warn|error", "The least that is logged.",
            [](Config& c) -> Slot { return &c.agent.log_level; }},
    Setting{
        "agent.ledger_size", Type::bytes, "256MiB", "16MiB..64GiB",
        "Room for what waits for the cloud; a month of 200 printers takes less. When it is full, status readings go "
        "first, then supplies, then meters, but never the newest meters of a printer.",
        [](Config& c) -> Slot { return &c.agent.ledger_size; }},

    Setting{"site.time_zone", Type::text, "", "",
            "IANA name like \"Europe/Berlin\": whose midnight the day begins at. Empty: this host's time zone.",
            [](Config& c) -> Slot { return &c.site.time_zone; }},
    Setting{
        "site.billing_day", Type::number, "1", "1..31",
        "Day of the month that bills are made for; the last day in shorter months. Each day the agent forecasts which "
        "printers will have a meter for it.",
        [](Config& c) -> Slot { return &c.site.billing_day; }},

    Setting{"cloud.address", Type::text, "", "",
            "Host and port, \"cloud.example:443\". Empty: no cloud yet, readings wait in the ledger.",
            [](Config& c) -> Slot { return &c.cloud.address; }},
    Setting{"cloud.ca_file", Type::path, "/etc/ssl/certs/ca-certificates.crt", "",
            "PEM file of the authorities that may have signed the cloud's certificate.",
            [](Config& c) -> Slot { return &c.cloud.ca_file; }},
    Setting{"cloud.certificate_file", Type::path, "", "",
            "The agent's certificate, PEM. Empty: agent.crt in agent.state_dir.",
            [](Config& c) -> Slot { return &c.cloud.certificate_file; }},
    Setting{"cloud.key_file", Type::path, "", "",
            "The key of that certificate, PEM, readable by the agent alone. Empty: agent.key in agent.state_dir.",
            [](Config& c) -> Slot { return &c.cloud.key_file; }},
    Setting{"cloud.heartbeat", Type::duration, "30s", "1s..40s",
            "Sign of life on a quiet connection. A cloud that is silent for three of them, one that reads nothing "
            "included, is "
            "dialled again.",
            [](Config& c) -> Slot { return &c.cloud.heartbeat; }},
    Setting{"cloud.backoff_first", Type::duration, "1s", "100ms..1m",
            "First wait after a lost connection; doubled each time, and taken at random up to that.",
            [](Config& c) -> Slot { return &c.cloud.backoff_first; }},
    Setting{"cloud.backoff_longest", Type::duration, "2m", "1s..1h", "Longest wait between two tries to connect.",
            [](Config& c) -> Slot { return &c.cloud.backoff_longest; }},
    Setting{"cloud.batch_size", Type::bytes, "256KiB", "4KiB..256KiB", "Octets of records sent in one message.",
            [](Config& c) -> Slot { return &c.cloud.batch_size; }},
    Setting{"cloud.window", Type::number, "16", "1..256", "Messages that may wait for their acknowledgement.",
            [](Config& c) -> Slot { return &c.cloud.window; }},
    Setting{
        "cloud.history_rate", Type::number, "1000", "10..1000000",
        "Records a second that are sent of what waited while the cloud was away. New readings, and the newest of each "
        "printer, are shown by the cloud at once.",
        [](Config& c) -> Slot { return &c.cloud.history_rate; }},
    Setting{"cloud.http2_retry", Type::duration, "5m", "1s..6h",
            "Where only HTTP/1.1 gets through to the cloud: first wait before HTTP/2 is tried again; doubled each "
            "time, up to six hours.",
            [](Config& c) -> Slot { return &c.cloud.http2_retry; }},

    Setting{"proxy.address", Type::text, "auto", "",
            "\"http://host:port\"; \"none\" to connect straight; \"auto\" takes https_proxy, all_proxy and no_proxy "
            "from the environment or from /etc/environment.",
            [](Config& c) -> Slot { return &c.proxy.address; }},
    Setting{"proxy.user", Type::text, "", "", "User name for the proxy; empty: none, or the one in the environment.",
            [](Config& c) -> Slot { return &c.proxy.user; }},
    Setting{"proxy.password", Type::secret, "", "", "Password for the proxy. Any characters, no escapes.",
            [](Config& c) -> Slot { return &c.proxy.password; }},
    Setting{"proxy.password_file", Type::path, "", "", "File that holds it, instead.",
            [](Config& c) -> Slot { return &c.proxy.password_file; }},
    Setting{"proxy.auth", Type::text, "any", "any|none|basic|digest|ntlm|negotiate",
            "How to sign in to the proxy: any takes the strongest that it offers. negotiate without a user takes the "
            "Kerberos ticket of the service.",
            [](Config& c) -> Slot { return &c.proxy.auth; }},
    Setting{"proxy.bypass", Type::list, "", "",
            "Hosts that are reached without the proxy, as in no_proxy: [\"inside.example\", \"10.0.0.0/8\"].",
            [](Config& c) -> Slot { return &c.proxy.bypass; }},
    Setting{
        "proxy.ca_file", Type::path, "", "",
        "PEM file of the site's authority, where a proxy opens TLS and signs it anew. Believed beside cloud.ca_file, "
        "but never for enrolment.",
        [](Config& c) -> Slot { return &c.proxy.ca_file; }},

    Setting{"command.address", Type::text, "", "",
            "Host and port of the message broker, MQTT in a WebSocket: \"broker.example:443\". Empty: the one that "
            "enrolment named.",
            [](Config& c) -> Slot { return &c.command_address; }},
    Setting{"command.kind", Type::text, "broker", "broker|azure-iot-hub",
            "broker: one that knows agents by their certificates, mosquitto or EMQX. azure-iot-hub: docs/protocol.md.",
            [](Config& c) -> Slot { return &c.command.kind; }},
    Setting{"command.path", Type::text, "/mqtt", "", "Path of the broker's WebSocket. Azure IoT Hub has its own.",
            [](Config& c) -> Slot { return &c.command.path; }},
    Setting{"command.ca_file", Type::path, "", "",
            "PEM file of the authorities that may have signed the broker's certificate. Empty: those of the cloud.",
            [](Config& c) -> Slot { return &c.command.ca_file; }},
    Setting{"command.device_id", Type::text, "", "", "This agent's name in Azure IoT Hub. Empty: the agent's name.",
            [](Config& c) -> Slot { return &c.command.device_id; }},
    Setting{
        "command.key_file", Type::path, "", "",
        "File with the device's shared access key for Azure IoT Hub, readable by the agent alone. Empty: the agent's "
        "certificate is shown.",
        [](Config& c) -> Slot { return &c.command.key_file; }},
    Setting{
        "command.return_within", Type::duration, "2m", "1s..1h",
        "An agent that lost its broker tries again at some moment within this time, so that a fleet is not back all at "
        "once; tasks are polled for meanwhile. After a try that failed it waits for half of it to one and a half.",
        [](Config& c) -> Slot { return &c.command.return_within; }},
    Setting{
        "command.poll_interval", Type::duration, "1m", "1s..1h",
        "Time between two looks at the cloud's list of tasks. It is asked on the connection that carries the readings; "
        "docs/tasks.md tells what can be asked for and how a site forbids it.",
        [](Config& c) -> Slot { return &c.poll_interval; }},
    Setting{"update.address", Type::text, "", "", "Host and port of the update server, HTTPS. Empty: none.",
            [](Config& c) -> Slot { return &c.update_address; }},

    Setting{
        "scan.targets", Type::list, "", "",
        "Addresses, ranges, CIDR blocks and host names: [\"192.0.2.0/24\", \"198.51.100.1-40\", \"printer.example\"]. "
        "IPv6 addresses one by one, \"@FILE\" for a file of all these. Names are asked for anew for each sweep, files "
        "read at start and reload. Empty: nothing is looked for.",
        [](Config& c) -> Slot { return &c.scan.targets; }},
    Setting{"scan.exclude", Type::list, "", "", "Never asked anything, written like scan.targets.",
            [](Config& c) -> Slot { return &c.scan.exclude; }},
    Setting{"scan.port", Type::number, "161", "1..65535", "UDP port of SNMP on the printers.",
            [](Config& c) -> Slot { return &c.scan.port; }},
    Setting{"scan.interval", Type::duration, "12h", "1s..30d",
            "Time between two sweeps of all targets. One is made at start.",
            [](Config& c) -> Slot { return &c.scan.interval; }},
    Setting{"scan.timeout", Type::duration, "2s", "100ms..30s",
            "Wait for the first answer; doubled on each of scan.retries tries.",
            [](Config& c) -> Slot { return &c.scan.timeout; }},
    Setting{"scan.retries", Type::number, "2", "0..5", "Further tries when no answer comes.",
            [](Config& c) -> Slot { return &c.scan.retries; }},
    Setting{"scan.subnet_budget", Type::number, "5000", "10..100000",
            "Datagrams a second at most to one subnet (/24; IPv6 /64), sweeps and reads together.",
            [](Config& c) -> Slot { return &c.scan.subnet_budget; }},
    Setting{"scan.allow_loopback", Type::boolean, "false", "", "Allows targets in 127.0.0.0/8 and ::1: for trying out.",
            [](Config& c) -> Slot { return &c.scan.allow_loopback; }},

    Setting{"discovery.mdns", Type::boolean, "false", "",
            "Asks by multicast DNS (DNS-SD) for _ipp, _ipps, _pdl-datastream and _printer services.",
            [](Config& c) -> Slot { return &c.discovery.mdns; }},
    Setting{"discovery.wsd", Type::boolean, "false", "", "Asks by WS-Discovery for devices that print.",
            [](Config& c) -> Slot { return &c.discovery.wsd; }},
    Setting{"discovery.slp", Type::boolean, "false", "", "Asks by SLP for service:printer.",
            [](Config& c) -> Slot { return &c.discovery.slp; }},
    Setting{"discovery.within", Type::list, "", "",
            "Where candidates may lie beside scan.targets: addresses, ranges and networks of any width, IPv6 too. They "
            "are never swept.",
            [](Config& c) -> Slot { return &c.discovery.within; }},

    Setting{"read.supplies_interval", Type::duration, "1h", "1s..30d",
            "Time between two reads of a printer's supplies: everything that it tells, counters included; what stands "
            "still is not asked for again.",
            [](Config& c) -> Slot { return &c.read.supplies_interval; }},
    Setting{"read.status_interval", Type::duration, "15m", "1s..30d",
            "Time between two status reads of a printer: levels, counters, alerts, console.",
            [](Config& c) -> Slot { return &c.read.status_interval; }},
    Setting{"read.meters_interval", Type::duration, "1d", "1m..31d",
            "Time between two reads of a printer's meters. Whole days are days of the site and are read soon after "
            "midnight; "
            "who is off then is asked again soon.",
            [](Config& c) -> Slot { return &c.read.meters_interval; }},
    Setting{"read.at_once", Type::number, "32", "1..1000",
            "Printers that are read at the same time. More is faster and takes more memory, about 100 KiB each.",
            [](Config& c) -> Slot { return &c.read.at_once; }},
    Setting{
        "read.profiles", Type::path, "", "",
        "Folder with vendor profiles of your own (*.toml, docs/profiles.md), added to the built-in ones. One with a "
        "mistake is left out, and the log says file, line and reason.",
        [](Config& c) -> Slot { return &c.read.profiles; }},

    Setting{"credential.name", Type::text, "", "", "What you call it, in `platen explain` and the log. No secret.",
            [](Config& c) -> Slot { return &c.entries.back().name; }},
    Setting{
        "credential.scope", Type::list, "", "",
        "The only addresses that it is ever shown to: [\"10.1.0.0/16\", \"192.0.2.1-40\", \"2001:db8::/48\"]. Empty: "
        "all that are scanned. The same user may stand in several entries, with other keys for other addresses.",
        [](Config& c) -> Slot { return &c.entries.back().scope; }},
    Setting{"credential.version", Type::text, "2c", "1|2c|3",
            "SNMP version. Without one: 3 where a user is written, otherwise 2c.",
            [](Config& c) -> Slot { return &c.entries.back().version; }},
    Setting{"credential.community", Type::secret, "", "", "Community, versions 1 and 2c. Without one: public.",
            [](Config& c) -> Slot { return &c.entries.back().community; }},
    Setting{"credential.community_file", Type::path, "", "", "File that holds the community, instead.",
            [](Config& c) -> Slot { return &c.entries.back().community_file; }},
    Setting{"credential.user", Type::text, "", "", "User name, version 3.",
            [](Config& c) -> Slot { return &c.entries.back().user; }},
    Setting{"credential.auth", Type::text, "none", "none|MD5|SHA|SHA-224|SHA-256|SHA-384|SHA-512",
            "Authentication, version 3.", [](Config& c) -> Slot { return &c.entries.back().auth; }},
    Setting{"credential.auth_pass", Type::secret, "", "", "Authentication pass phrase, at least 8 characters.",
            [](Config& c) -> Slot { return &c.entries.back().auth_pass; }},
    Setting{"credential.auth_pass_file", Type::path, "", "", "File that holds it, instead.",
            [](Config& c) -> Slot { return &c.entries.back().auth_pass_file; }},
    Setting{"credential.priv", Type::text, "none", "none|DES|AES|AES-192|AES-256", "Encryption, version 3.",
            [](Config& c) -> Slot { return &c.entries.back().priv; }},
    Setting{"credential.priv_pass", Type::secret, "", "", "Encryption pass phrase, at least 8 characters.",
            [](Config& c) -> Slot { return &c.entries.back().priv_pass; }},
    Setting{"credential.priv_pass_file", Type::path, "", "", "File that holds it, instead.",
            [](Config& c) -> Slot { return &c.entries.back().priv_pass_file; }},
    Setting{"credential.context", Type::text, "", "", "Context name, version 3.",
            [](Config& c) -> Slot { return &c.entries.back().context; }},
};

template <std::size_t I>
Slot policy_slot(Config& c) {
  return &c.privacy_words[I];
}

// [privacy] has a row for each choice that the privacy policy knows.
template <std::size_t... I>
constexpr auto privacy_rows(std::index_sequence<I...> /*choices*/) {
  return std::array{Setting{privacy::choices[I].key, Type::text, privacy::choices[I].fallback,
                            privacy::choices[I].allowed, privacy::choices[I].about, policy_slot<I>}...};
}

std::vector<Setting> all_rows() {
  constexpr auto more = privacy_rows(std::make_index_sequence<privacy::choices.size()>{});
  std::vector<Setting> all(rows.begin(), rows.end());
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

constexpr std::array<std::string_view, 8> type_names = {"text",  "number", "yes or no", "duration",
                                                        "bytes", "list",   "secret",    "path"};

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> all = all_rows();
  return all;
}
std::span<const Section> sections() { return section_rows; }
std::string_view name_of(Type type) { return type_names.at(static_cast<std::size_t>(type)); }

Bounds bounds_of(const Setting& setting) {
  const std::size_t dots = setting.allowed.find("..");
  if (dots == std::string_view::npos) return {};
  return {setting.allowed.substr(0, dots), setting.allowed.substr(dots + 2)};
}

}  // namespace platen::config
