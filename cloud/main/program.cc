#include "cloud/main/program.h"

#include "cloud/main/task_commands.h"

namespace platen::cloud {
namespace {

using command::Kind;

const command::Option data_option{.name = "--data",
                                  .value = "DIR",
                                  .about = "folder of the store and the keys",
                                  .fallback = "/var/lib/platen-cloud",
                                  .kind = Kind::folder};

const command::Option dealer_option{
    .name = "--dealer", .value = "NAME", .about = "the dealer, the O of the certificate", .fallback = "Platen"};
const command::Option agent_option{
    .name = "--agent", .value = "NAME", .about = "the agent's name, the CN of the certificate"};

const command::Option ingest_option{.name = "--ingest",
                                    .value = "ADDRESS:PORT",
                                    .about = "where agents connect, over mutual TLS; port 0 picks one",
                                    .fallback = "127.0.0.1:8443"};
const command::Option web_option{.name = "--web",
                                 .value = "ADDRESS:PORT",
                                 .about = "where the pages are; port 0 picks one",
                                 .fallback = "127.0.0.1:8080"};
const command::Option enroll_option{.name = "--enroll",
                                    .value = "ADDRESS:PORT",
                                    .about = "where agents enrol, over HTTPS; otherwise one port after --ingest"};
const command::Option public_option{.name = "--public",
                                    .value = "HOST:PORT",
                                    .about =
                                        "the one address that agents are told to come to; otherwise the host "
                                        "that they enrolled at and the port of --ingest"};

command::Command serve() {
  return {
      .name = "serve",
      .about = "Takes readings from agents and shows the fleet on web pages.",
      .examples = {"serve --data /var/lib/platen-cloud",
                   "serve --data cloud --ingest 0.0.0.0:8443 --web 127.0.0.1:8080"},
      .options =
          {data_option,
           ingest_option,
           web_option,
           enroll_option,
           public_option,
           {.name = "--behind",
            .value = "ADDRESS",
            .about = "a front end: its X-Real-IP says who asks at --enroll; at --ingest it has to say it by the PROXY "
                     "protocol, version 1",
            .many = true},
           {.name = "--broker",
            .value = "ADDRESS",
            .about = "a message broker that tells agents of new tasks at once: tls://HOST:PORT by MQTT with TLS, "
                     "HOST:PORT in a WebSocket besides, or tcp://127.0.0.1:PORT"},
           {.name = "--broker-acl",
            .value = "FILE",
            .about =
                "the access list of the message broker, kept up to date with who was removed; agents are told that "
                "the broker is at --public",
            .kind = Kind::file},
           {.name = "--certificate-life",
            .value = "DURATION",
            .about = "how long agents' certificates are valid, 10s to 2160h; renewed at 2/3 of it",
            .fallback = "720h",
            .kind = Kind::duration,
            .low = 10'000,
            .high = 7'776'000'000},
           {.name = "--web-name",
            .value = "HOST",
            .about = "a host name under which the pages may be asked for, besides addresses and localhost",
            .many = true}},
      .run = run_serve,
      .details =
          "The bound addresses are logged and written to DIR/serving.json. SIGTERM and Ctrl-C stop it cleanly. The "
          "pages have no accounts yet: "
          "keep --web on loopback, or behind a proxy that asks who is there."};
}

command::Command deploy() {
  return {.name = "deploy",
          .about = "Writes what puts the cloud behind one public port: for nginx, mosquitto and systemd.",
          .examples = {"deploy --public cloud.example:443",
                       "deploy --public localhost:9443 --home /tmp/try --into /tmp/try"},
          .options = {data_option,
                      public_option,
                      {.name = "--listen",
                       .value = "ADDRESS:PORT",
                       .about = "where nginx listens; otherwise the port of --public on every address",
                       .many = true},
                      ingest_option,
                      web_option,
                      enroll_option,
                      {.name = "--mqtt",
                       .value = "ADDRESS:PORT",
                       .about = "where mosquitto takes agents, behind nginx; IPv4",
                       .fallback = "127.0.0.1:8445"},
                      {.name = "--mqtt-local",
                       .value = "ADDRESS:PORT",
                       .about = "where mosquitto takes programs of this host",
                       .fallback = "127.0.0.1:8446"},
                      {.name = "--home",
                       .value = "DIR",
                       .about = "for a try: sockets, logs and state in this folder; otherwise in those of the system",
                       .kind = Kind::folder},
                      {.name = "--into",
                       .value = "DIR",
                       .about = "where the files go; those of before are replaced",
                       .fallback = "/etc/platen-cloud",
                       .kind = Kind::folder}},
          .run = run_deploy,
          .details = "docs/deploy.md tells what to do with them."};
}

command::Command init() {
  return {.name = "init",
          .about = "Makes the cloud's certificate authority and its server certificate.",
          .examples = {"init --data /var/lib/platen-cloud --name cloud.example",
                       "init --data cloud --name localhost --name 127.0.0.1"},
          .options = {data_option,
                      {.name = "--name",
                       .value = "HOST",
                       .about = "a host name or address under which agents reach this cloud",
                       .many = true,
                       .fallback = "localhost"}},
          .run = run_init,
          .details =
              "Keys are readable by their owner only, and nothing that exists is overwritten. Agents need DIR/ca.crt."};
}

command::Command enroll_new() {
  return {.name = "enroll new",
          .about = "Makes an activation code, with which one agent of a site enrols itself.",
          .examples = {"enroll new --dealer Example --customer Acme --site Berlin",
                       "enroll new --data cloud --agent site-7 --json"},
          .options = {data_option,
                      dealer_option,
                      {.name = "--customer", .value = "NAME", .about = "of which customer, the OU"},
                      {.name = "--site", .value = "NAME", .about = "at which place, the L"},
                      agent_option},
          .run = run_enroll_new,
          .formats = command::object_formats,
          .details =
              "Without --agent the name is \"agent-\" and 16 random digits. The code works once, for 24 hours, and is "
              "kept as a hash only: it is shown here and never again. It also "
              "carries the fingerprint of this cloud's authority, which is made when there is none, so that the agent "
              "knows the cloud. docs/enrolment.md tells the rest."};
}

command::Command enroll_list() {
  return {.name = "enroll list",
          .about = "Lists activation codes: which wait, which were used and by whom.",
          .examples = {"enroll list --data cloud", "enroll list --format csv"},
          .options = {data_option},
          .run = run_enroll_list,
          .formats = command::list_formats};
}

command::Command enroll_revoke() {
  return {.name = "enroll revoke",
          .about = "Removes agents: they are not let in any more, and cannot renew their certificates.",
          .examples = {"enroll revoke site-7", "enroll revoke agent-4b1f0a93c2d5e687 --data cloud"},
          .positionals = {{.name = "AGENT", .about = "as platen-cloud agents names it", .many = true}},
          .options = {data_option},
          .run = run_enroll_revoke,
          .incomplete_when = "an agent is not known",
          .details =
              "A running server notices within a second, a connected agent at its next word. The agent says so "
              "on its host and stays out until it is enrolled with a new code, under a new name."};
}

command::Command agent_certificate() {
  return {.name = "agent-certificate",
          .about = "Signs an agent's request: the agent is whom you say it is.",
          .examples = {"agent-certificate --csr agent.csr --agent site-7 --out agent.crt",
                       "agent-certificate --csr a.csr --agent site-7 --days 7 --out a.crt"},
          .options = {data_option,
                      {.name = "--csr",
                       .value = "FILE",
                       .about = "the request, PEM; its subject is ignored",
                       .kind = Kind::file},
                      agent_option,
                      dealer_option,
                      {.name = "--days",
                       .value = "N",
                       .about = "how long it is valid",
                       .fallback = "30",
                       .kind = Kind::number,
                       .low = 1,
                       .high = 90},
                      {.name = "--out",
                       .value = "FILE",
                       .about = "where the certificate goes; replaced when it exists",
                       .kind = Kind::file}},
          .run = run_agent_certificate};
}

command::Command printers() {
  return {.name = "printers",
          .about = "Lists the fleet as the cloud has it.",
          .examples = {"printers --data cloud", "printers --format json"},
          .options = {data_option},
          .run = run_printers,
          .formats = command::list_formats,
          .details =
              "Works while the server runs. JSON: one document a line, the latest reading as in platen scan, and "
              "\"cloud\" with what the cloud adds."};
}

command::Command readings() {
  return {.name = "readings",
          .about = "Lists stored readings, the newest first.",
          .examples = {"readings --newest 20", "readings --printer s-VNB3K12345 --format json"},
          .options = {data_option,
                      {.name = "--printer",
                       .value = "ID",
                       .about = "only this printer, by the id that the printers command shows"},
                      {.name = "--newest",
                       .value = "N",
                       .about = "at most this many",
                       .fallback = "100",
                       .kind = Kind::number,
                       .low = 1,
                       .high = 1'000'000}},
          .run = run_readings,
          .formats = command::list_formats,
          .incomplete_when = "the printer is not known"};
}

command::Command agents() {
  return {.name = "agents",
          .about = "Lists the agents that were enrolled or have connected, and what is wrong with them.",
          .examples = {"agents --data cloud", "agents --format csv"},
          .options = {data_option},
          .run = run_agents,
          .formats = command::list_formats};
}

command::Command verify() {
  return {
      .name = "verify",
      .about = "Reads every stored record again and says what is missing or was changed.",
      .examples = {"verify --data cloud", "verify --format json"},
      .options = {data_option},
      .run = run_verify,
      .formats = command::list_formats,
      .incomplete_when = "a record is missing or was changed",
      .details =
          "Works while the server runs. One row for each agent and each epoch of its ledger: complete from 1 to n, or "
          "what is wrong. Withheld numbers have no content; the agent's gap records say why."};
}

const command::Option printer_option{
    .name = "--printer", .value = "ID", .about = "only this printer, by the id that the printers command shows"};
const command::Positional epochs_positional{
    .name = "ID", .about = "an epoch as meters list names it (1042.7), or all of one reading (1042)", .many = true};

command::Command meters_list() {
  return {.name = "meters list",
          .about = "Lists new meter epochs: what happened to a counter, and waits for a decision.",
          .examples = {"meters list --data cloud", "meters list --printer s-VNB3K12345 --decided"},
          .options = {data_option,
                      printer_option,
                      {.name = "--decided", .about = "also those that were confirmed, rejected or withdrawn"}},
          .run = run_meters_list,
          .formats = command::list_formats,
          .details =
              "A counter that falls, wraps or jumps, or a device with another mainboard, begins a new epoch. It is "
              "quarantined: usage is not counted across it until it is confirmed. A counter that came back by itself "
              "withdraws its epoch. Raw values are always kept."};
}

command::Command meters_confirm() {
  return {
      .name = "meters confirm",
      .about = "Confirms new meter epochs: usage is counted across them.",
      .examples = {"meters confirm 1042 --data cloud", "meters confirm 1042.7 --carry 48210"},
      .positionals = {epochs_positional},
      .options = {data_option,
                  {.name = "--carry",
                   .value = "N",
                   .about = "what is added to the counter from then on, instead of the proposed number; 0: it counted "
                            "on by itself"}},
      .run = run_meters_confirm,
      .incomplete_when = "an epoch does not wait for a decision",
      .details = "The last word counts: reject takes a confirmation back."};
}

command::Command meters_reject() {
  return {.name = "meters reject",
          .about = "Rejects new meter epochs: their values are nonsense or another device's.",
          .examples = {"meters reject 1042 --data cloud", "meters reject 1042.7 1042.9"},
          .positionals = {epochs_positional},
          .options = {data_option},
          .run = run_meters_reject,
          .incomplete_when = "an epoch does not wait for a decision",
          .details = "Nothing is counted in a rejected epoch. The last word counts: confirm takes a rejection back."};
}

command::Command usage() {
  return {
      .name = "usage",
      .about = "Says what each printer printed in a period, and what cannot be said.",
      .examples = {"usage --from 2026-11-01 --to 2026-12-01", "usage --printer s-VNB3K12345 --every-meter --json"},
      .options = {data_option,
                  printer_option,
                  {.name = "--from",
                   .value = "TIME",
                   .about = "begin: 2026-11-01 or 2026-11-01T06:00:00Z; otherwise the first of this month"},
                  {.name = "--to", .value = "TIME", .about = "end, written likewise; otherwise now"},
                  {.name = "--zone",
                   .value = "NAME",
                   .about = "whose midnight a day without an hour begins at, such as Europe/Berlin",
                   .fallback = "UTC"},
                  {.name = "--every-meter", .about = "not only the total and its split into mono and colour"}},
      .run = run_usage,
      .formats = command::list_formats,
      .incomplete_when = "something of the usage could not be said",
      .details =
          "Counted is between readings: the last one before the begin and the last one before the end. Usage is never "
          "negative and never crosses a meter epoch that nobody has confirmed; what is missing for that has a "
          "reason."};
}

command::Command forecast() {
  return {.name = "forecast",
          .about = "Says which printers will have a meter for the billing date, which not and why.",
          .examples = {"forecast --data cloud", "forecast --missing --format json"},
          .options = {data_option, {.name = "--missing", .about = "only printers that will have none"}},
          .run = run_forecast,
          .formats = command::list_formats,
          .incomplete_when = "a forecast cannot be read",
          .details =
              "Each agent makes one a day, after the night's meter reads; the latest of each is shown. The billing day "
              "is site.billing_day of its configuration."};
}

}  // namespace

command::Program cloud_program() {
  command::Program program{
      .name = "platen-cloud",
      .about = "The reference cloud of Platen: takes readings from agents, keeps them, shows the fleet.",
      .commands = {serve(), deploy(), init(), enroll_new(), enroll_list(), enroll_revoke(), agent_certificate(),
                   printers(), readings(), agents(), verify(), meters_list(), meters_confirm(), meters_reject(),
                   usage(), forecast()}};
  for (command::Command& each : task_commands(data_option)) program.commands.push_back(std::move(each));
  return program;
}

int refused(const Error& error) {
  command::print_error("platen-cloud", error, "", name_of(error.code));
  return error.code == Code::unavailable || error.code == Code::timeout || error.code == Code::bug ? command::incomplete
                                                                                                   : command::usage;
}

std::string store_file(const command::Arguments& arguments) { return arguments.text("--data") + "/cloud.db"; }
std::string meters_file(const command::Arguments& arguments) { return arguments.text("--data") + "/meters.db"; }
std::string registry_file(const command::Arguments& arguments) { return arguments.text("--data") + "/enrol.db"; }
std::string tasks_file(const command::Arguments& arguments) { return arguments.text("--data") + "/tasks.db"; }
std::string presence_file(const command::Arguments& arguments) { return arguments.text("--data") + "/presence.txt"; }

}  // namespace platen::cloud
