#include "agent/cli/program.h"

#include "agent/cli/request.h"

namespace platen::cli {
namespace {

using command::Command;
using command::Kind;
using command::Option;

std::vector<Option> with(std::vector<Option> own, const std::vector<Option>& more) {
  own.insert(own.end(), more.begin(), more.end());
  return own;
}

Command scan_command() {
  return {
      .name = "scan",
      .about = "Find the printers among addresses and read each of them in full.",
      .examples = {"scan 192.168.1.0/24", "scan 10.1.0.1-10.1.0.200 --community office --format json"},
      .positionals = {{.name = "TARGET",
                       .about = "an address, a range (192.0.2.1-40), a network (192.0.2.0/24), a host name, @FILE with "
                                "targets, or - for stdin; without any, and without a source of candidates, this "
                                "machine's own networks are proposed and nothing is asked",
                       .many = true,
                       .required = false}},
      .options = with({{.name = "--all", .about = "also list what is no printer or did not answer, with the reason"},
                       {.name = "--summary",
                        .about = "at the end, on stderr: what was found, sent and received, subnet by subnet; with "
                                 "--json one JSON document"}},
                      with(target_options(), wire_options())),
      .run = scan,
      .formats = command::list_formats,
      .incomplete_when = "a single address or name that was given is no printer that could be read in full",
      .details =
          "JSON and CSV lines appear as the printers answer, the table when all is known. A reading that is not "
          "complete is marked: `complete` is false in JSON and no in CSV, where it is the last column; the table says "
          "`printer, incomplete`. A community is tried with "
          "SNMP v2c, and with v1 "
          "when nothing else answers. The JSON documents are described in docs/scan-json.md.\n\n"
          "--mdns, --wsd and --slp ask everybody on this machine's own networks; an answer only ever leads to an SNMP "
          "check of an address within the targets or --within, or, without either, within the own networks.",
  };
}

Command read_command() {
  return {
      .name = "read",
      .about = "Read one printer in full and show everything it says.",
      .examples = {"read 192.168.1.20", "read printer.example --evidence"},
      .positionals = {{.name = "ADDRESS", .about = "an address or a host name"}},
      .options = with(
          {{.name = "--evidence", .about = "every value with its OID, type, raw value and the rule that reads it"}},
          wire_options()),
      .run = read,
      .formats = command::list_formats,
      .incomplete_when = "the printer could not be read, or not completely",
  };
}

Command explain_command() {
  return {
      .name = "explain",
      .about = "Say why a device is read or not: what was tried, what came back, what that proves, what to do.",
      .examples = {"explain 192.168.1.20", "explain printer.example --v3-credential users.toml --json"},
      .positionals = {{.name = "ADDRESS", .about = "an address or a host name"}},
      .options = wire_options(),
      .run = explain,
      .formats = command::object_formats,
      .incomplete_when = "the device is no printer that can be read",
      .details =
          "Asks one question at a time: SNMPv3 discovery, then each credential in whose scope the address lies, "
          "then whether it is a printer. When nothing at all is answered, it looks for other signs of a host: "
          "ARP, ping, TCP ports 443 and 80. Credentials are named, never shown. The codes are listed in "
          "docs/scan-json.md.",
  };
}

Command record_command() {
  return {
      .name = "record",
      .about = "Write down all that a device says, as a .snmprec file for support.",
      .examples = {"record 192.168.1.20 --output new-model.snmprec", "record 192.168.1.20 --keep-personal"},
      .positionals = {{.name = "ADDRESS", .about = "an address or a host name"}},
      .options = with({{.name = "--output",
                        .value = "FILE",
                        .about = "write to this new file instead of stdout",
                        .kind = Kind::file},
                       {.name = "--keep-personal", .about = "scrub nothing"}},
                      wire_options()),
      .run = record,
      .incomplete_when = "the device could not be recorded, or not completely",
      .details =
          "Without --keep-personal these are replaced or left out: sysContact, sysLocation, sysName, operators and "
          "service persons, host, "
          "e-mail and user names that are recognised, job logs, routes and neighbours, IP addresses, telephone "
          "numbers. What was scrubbed is "
          "said on stderr when that is a terminal. Serial number, MAC address and counters stay.",
  };
}

Command config_check_command() {
  return {
      .name = "config check",
      .about = "Check the agent's configuration file and say what is wrong with it.",
      .examples = {"config check", "config check --config ./agent.toml --json"},
      .options = {{.name = "--config",
                   .value = "FILE",
                   .about = "the agent's configuration",
                   .fallback = "/etc/platen/agent.toml",
                   .kind = Kind::file}},
      .run = config_check,
      .formats = command::object_formats,
  };
}

Command profile_test_command() {
  return {
      .name = "profile test",
      .about = "Try a vendor profile on a recorded printer: what each rule takes, or why it takes nothing.",
      .examples = {"profile test my-model.toml --recording new-model.snmprec",
                   "profile test my-model.toml --recording new-model.snmprec --json"},
      .positionals = {{.name = "FILE", .about = "the profile, see docs/profiles.md", .kind = Kind::file}},
      .options = {{.name = "--recording",
                   .value = "FILE",
                   .about = "what `platen record` wrote of the printer",
                   .kind = Kind::file},
                  profiles_option()},
      .run = profile_test,
      .formats = command::object_formats,
      .incomplete_when = "no rule of the profile matched anything, or another profile in --profiles is bad",
      .details =
          "The recording goes through the same decoder that reads printers. Conflicts say where another profile "
          "reads the same object in another way, or would be used instead of this one.",
  };
}

Command profile_check_command() {
  return {
      .name = "profile check",
      .about = "Check vendor profiles and say, with line and reason, what is wrong with them.",
      .examples = {"profile check my-model.toml", "profile check /etc/platen/profiles/*.toml"},
      .positionals = {{.name = "FILE", .about = "a profile, see docs/profiles.md", .many = true, .kind = Kind::file}},
      .options = {profiles_option()},
      .run = profile_check,
      .incomplete_when = "another profile in --profiles is bad",
  };
}

Command status_command() {
  return {
      .name = "status",
      .about = "Show what the agent on this machine is doing.",
      .examples = {"status", "status --json"},
      .options = {{.name = "--state-dir",
                   .value = "DIR",
                   .about = "the agent's state folder",
                   .fallback = "/var/lib/platen-agent",
                   .kind = Kind::folder}},
      .run = status,
      .formats = command::object_formats,
      .incomplete_when = "there is no status to be read",
  };
}

Command enroll_command() {
  return {
      .name = "enroll",
      .about = "Make this host an agent of the cloud, with the activation code that the dealer gave.",
      .examples = {"enroll 7MD56-MYY09-… --cloud cloud.example",
                   "enroll --code-file code.txt --cloud cloud.example:8444", "enroll - --cloud cloud.example"},
      .positionals = {{.name = "CODE",
                       .about = "8 groups of 5; case, blanks and hyphens do not matter; - reads stdin",
                       .required = false}},
      .options = {{.name = "--cloud", .value = "HOST[:PORT]", .about = "where the cloud is; the port is 443 otherwise"},
                  {.name = "--code-file",
                   .value = "FILE",
                   .about = "file with the code, instead of the word; - reads stdin",
                   .kind = Kind::file},
                  {.name = "--ca",
                   .value = "FILE",
                   .about = "PEM file of further authorities that may have signed the cloud's certificate: of a public "
                            "one, or of a proxy that opens TLS",
                   .kind = Kind::file},
                  {.name = "--replace", .about = "throw away the identity that this host has"},
                  {.name = "--config",
                   .value = "FILE",
                   .about = "the agent's configuration",
                   .fallback = "/etc/platen/agent.toml",
                   .kind = Kind::file},
                  {.name = "--state-dir",
                   .value = "DIR",
                   .about = "the agent's state folder",
                   .fallback = "/var/lib/platen-agent",
                   .kind = Kind::folder}},
      .run = enroll,
      .formats = command::object_formats,
      .incomplete_when = "the cloud could not be reached, or refused",
      .details =
          "Makes a key that never leaves this host, and keeps it with the certificate in DIR/identity.pem. The cloud "
          "is "
          "known by its authority, whose fingerprint the code carries, or by --ca. The code works once; when its "
          "answer "
          "was lost, ask again with the same code. A running agent takes the identity up by itself, and renews it by "
          "itself. docs/enrolment.md tells the rest.",
  };
}

Command ledger_verify_command() {
  return {
      .name = "ledger verify",
      .about = "Read the agent's ledger from end to end and say what is missing or was changed.",
      .examples = {"ledger verify", "ledger verify ./state/ledger.db --json"},
      .positionals = {{.name = "FILE",
                       .about = "the ledger; without one /var/lib/platen-agent/ledger.db",
                       .required = false,
                       .kind = Kind::file}},
      .run = ledger_verify,
      .formats = command::object_formats,
      .incomplete_when = "a record is missing or was changed, or the ledger cannot be read",
      .details =
          "Each record carries the hash of the one before it, so that edits and cuts show. Changes nothing. A ledger "
          "that "
          "an agent is using is refused: stop the agent first. What the cloud has stored is checked by platen-cloud "
          "verify.",
  };
}

Command egress_command() {
  return {
      .name = "egress",
      .about = "Show what has left this site: by field, and how often.",
      .examples = {"egress", "egress --follow", "egress --format csv"},
      .options = {{.name = "--follow", .about = "show what leaves from now on, as it leaves, until Ctrl-C"},
                  {.name = "--state-dir",
                   .value = "DIR",
                   .about = "the agent's state folder",
                   .fallback = "/var/lib/platen-agent",
                   .kind = Kind::folder}},
      .run = egress,
      .formats = command::list_formats,
      .incomplete_when = "the agent has not counted anything yet",
      .details =
          "sent: as the printer said it; pseudonymised: under a name that only this site can resolve; held_back: taken "
          "out before it was kept. The policy is [privacy] in the agent's configuration; docs/privacy.md lists every "
          "field. Values are never shown here, and never written down.",
  };
}

Option config_option() {
  return {.name = "--config",
          .value = "FILE",
          .about = "the agent's configuration",
          .fallback = "/etc/platen/agent.toml",
          .kind = Kind::file};
}

Command netcheck_command() {
  return {
      .name = "netcheck",
      .about = "Try every path that the agent needs, and say what stands in the way.",
      .examples = {"netcheck", "netcheck --config ./agent.toml --json"},
      .options = {config_option(),
                  {.name = "--connect-timeout",
                   .value = "TIME",
                   .about = "patience with each connection",
                   .fallback = "10s",
                   .kind = Kind::duration,
                   .low = 100,
                   .high = 120'000}},
      .run = netcheck,
      .formats = command::list_formats,
      .incomplete_when = "a path does not work",
      .details =
          "Name, TCP, proxy, TLS, HTTP/2, WebSocket and the clock are tried as the agent would use them, through the "
          "proxy that it would use. Verdicts are stable words, like proxy.login or tls.resigned; docs/network.md lists "
          "them. http2.missing is a warning: the agent goes on with HTTP/1.1.",
  };
}

Command paths_command() {
  return {
      .name = "paths",
      .about = "List what leaves and enters this host: the table that a customer's IT asks for.",
      .examples = {"paths", "paths --config ./agent.toml --format csv"},
      .options = {config_option(),
                  {.name = "--docs",
                   .about = "print docs/communication-paths.md, the table of every path there can be"}},
      .run = paths,
      .formats = command::list_formats,
      .details = "From the real configuration: hosts, ports, and which proxy they are reached through.",
  };
}

}  // namespace

const command::Program& program() {
  static const command::Program table = {
      .name = kProgram,
      .about = "Find and read network printers, and look after the agent on this machine.",
      .commands = {scan_command(), read_command(), explain_command(), record_command(), config_check_command(),
                   profile_test_command(), profile_check_command(), enroll_command(), status_command(),
                   ledger_verify_command(), egress_command(), netcheck_command(), paths_command()},
  };
  return table;
}

}  // namespace platen::cli
