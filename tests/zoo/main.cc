// zoo: simulated printers on loopback addresses, and the truth about them.
#include <signal.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/command/command.h"
#include "tests/zoo/compare.h"
#include "tests/zoo/fleets.h"
#include "tests/zoo/truth.h"

namespace {

using namespace platen;
using command::Arguments;

int failed(const Error& error, std::string_view way_out = "Try: zoo --help") {
  command::print_error("zoo", error, way_out, name_of(error.code));
  return command::usage;
}

Expected<void> apply_manners(zoo::Fleet& fleet, const std::vector<std::string>& given) {
  for (const std::string& text : given) {
    const std::size_t equals = text.find('=');
    const auto address = IpAddress::parse(text.substr(0, equals));
    if (equals == std::string::npos || !address)
      return fail(Code::invalid, "--manner '" + text + "': write ADDRESS=MANNER,MANNER");
    const auto set = zoo::set_manners(fleet, *address, text.substr(equals + 1));
    if (!set) return fail(set.error().in("--manner"));
  }
  return {};
}

Expected<zoo::Fleet> fleet_of(const Arguments& arguments) {
  zoo::FleetOptions options;
  options.name = arguments.text("--fleet");
  const auto base = IpAddress::parse(arguments.text("--base"));
  if (!base) return fail(base.error().in("--base"));
  options.base = *base;
  if (arguments.has("--count")) options.count = static_cast<std::uint32_t>(arguments.number("--count"));
  if (arguments.has("--latency")) {
    auto manners = zoo::parse_manners("latency:" + arguments.text("--latency"));
    if (!manners) return fail(manners.error().in("--latency"));
    options.manners = *manners;
  }
  auto fleet = arguments.has("--recordings") ? zoo::fleet_of_recordings(arguments.text("--recordings"), options)
                                             : zoo::make_fleet(options);
  if (!fleet) return fail(fleet.error());
  if (const auto set = apply_manners(*fleet, arguments.all("--manner")); !set) return fail(set.error());
  return fleet;
}

int list(const zoo::Fleet& fleet, const Arguments& arguments) {
  std::optional<std::uint32_t> at;
  if (arguments.has("--at")) at = static_cast<std::uint32_t>(arguments.number("--at"));
  for (const auto& device : fleet.devices) {
    if (!command::print(zoo::truth_line(device, at) + "\n")) break;
  }
  return command::done;
}

Expected<std::string> content_of(const std::string& file) {
  if (file == "-") return std::string{std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(Code::not_found, "--compare " + file + ": this file cannot be read");
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

int compare(const zoo::Fleet& fleet, const std::string& file) {
  const auto lines = content_of(file);
  if (!lines) return failed(lines.error());
  const zoo::Comparison found = zoo::compare(fleet, *lines);
  for (const std::string& line : found.differences) command::print(line + "\n");
  const std::string sum = std::to_string(found.equal) + " of " + std::to_string(found.printers) +
                          " printers are equal in every field, " + std::to_string(found.differences.size()) +
                          " differences\n";
  std::fputs(sum.c_str(), stderr);
  return found.differences.empty() ? command::done : command::incomplete;
}

void print_counters(const zoo::Zoo& zoo) {
  for (const auto& device : zoo.fleet().devices) {
    const zoo::Counters counters = zoo.counters(device.address);
    if (counters.requests == 0) continue;
    std::fprintf(stderr, "%s %s requests=%llu answers=%llu\n", device.address.text().c_str(),
                 device.species->name.c_str(), static_cast<unsigned long long>(counters.requests),
                 static_cast<unsigned long long>(counters.answers));
  }
  std::fprintf(stderr, "all requests=%llu\n", static_cast<unsigned long long>(zoo.requests()));
}

int serve(zoo::Fleet fleet, const Arguments& arguments) {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int number : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&awaited, number);
  pthread_sigmask(SIG_BLOCK, &awaited, nullptr);  // before the zoo's thread starts and inherits it
  const zoo::Options options{static_cast<std::uint16_t>(arguments.number("--port")),
                             static_cast<std::uint32_t>(arguments.number("--speed")), arguments.duration("--idle"),
                             static_cast<std::uint32_t>(arguments.number("--seed"))};
  const auto zoo = zoo::Zoo::start(std::move(fleet), options);
  if (!zoo) return failed(zoo.error(), "");
  command::print("ready " + std::to_string((*zoo)->port()) + "\n");
  int number = 0;
  while (sigwait(&awaited, &number) == 0 && number == SIGUSR1) print_counters(**zoo);
  if (arguments.has("--stats")) print_counters(**zoo);
  return command::done;
}

int run(const Arguments& arguments) {
  if (arguments.has("--credentials")) return command::print(zoo::credentials_as_toml()), command::done;
  auto fleet = fleet_of(arguments);
  if (!fleet) return failed(fleet.error());
  if (arguments.has("--list")) return list(*fleet, arguments);
  if (arguments.has("--compare")) return compare(*fleet, arguments.text("--compare"));
  return serve(std::move(*fleet), arguments);
}

std::vector<command::Option> options_of_the_fleet() {
  using command::Kind;
  return {
      {.name = "--fleet", .value = "NAME", .about = "Which devices", .choices = zoo::fleet_names(), .fallback = "demo"},
      {.name = "--recordings", .value = "DIR", .about = "Instead: one device a .snmprec file", .kind = Kind::folder},
      {.name = "--base",
       .value = "ADDRESS",
       .about = "Address of the first device; the others follow",
       .fallback = "127.50.0.1"},
      {.name = "--count",
       .value = "N",
       .about = "So many devices: the fleet again and again",
       .kind = Kind::number,
       .low = 1,
       .high = 1'000'000},
      {.name = "--latency", .value = "MS+MS", .about = "Every answer's delay and its jitter"},
      {.name = "--manner",
       .value = "ADDRESS=LIST",
       .about = "How one device misbehaves (tests/zoo/README.md)",
       .many = true},
  };
}

std::vector<command::Option> options_of_the_server() {
  using command::Kind;
  return {
      {.name = "--port",
       .value = "N",
       .about = "UDP port, 0: a free one",
       .fallback = "0",
       .kind = Kind::number,
       .low = 0,
       .high = 65535},
      {.name = "--speed",
       .value = "N",
       .about = "Simulated time runs so much faster",
       .fallback = "1",
       .kind = Kind::number,
       .low = 1,
       .high = 100'000},
      {.name = "--idle",
       .value = "TIME",
       .about = "A device's clock stands still until it was idle so long",
       .fallback = "1s",
       .kind = Kind::duration},
      {.name = "--seed",
       .value = "N",
       .about = "Of loss and jitter",
       .fallback = "1",
       .kind = Kind::number,
       .low = 0,
       .high = 2'000'000'000},
      {.name = "--stats", .about = "Print requests and answers of each device at the end (SIGUSR1: now)"},
  };
}

std::vector<command::Option> options_of_the_truth() {
  using command::Kind;
  return {
      {.name = "--list", .about = "Print the truth, one JSON document a device"},
      {.name = "--at",
       .value = "TICKS",
       .about = "With --list: the truth at this sysUpTime",
       .kind = Kind::number,
       .low = 0,
       .high = 4'294'967'295},
      {.name = "--compare",
       .value = "FILE",
       .about = "Compare readings (JSON lines, - for stdin) with the truth at their sysUpTime",
       .kind = Kind::file},
      {.name = "--credentials", .about = "Print what opens the fleet, as TOML for the agent's configuration"},
  };
}

command::Command the_command() {
  command::Command zoo;
  zoo.about = "Answers SNMP v1, v2c and v3 for many simulated devices, each at a loopback address of its own.";
  zoo.examples = {"--port 1161",
                  "--fleet printers --count 1000 --latency 5+10",
                  "--recordings DIR --base 127.60.0.1",
                  "--manner 127.50.0.9=loss:0.2,latency:30",
                  "--list",
                  "--compare readings.jsonl"};
  for (const auto& options : {options_of_the_fleet(), options_of_the_server(), options_of_the_truth()}) {
    zoo.options.insert(zoo.options.end(), options.begin(), options.end());
  }
  zoo.run = run;
  zoo.incomplete_when = "--compare found a difference";
  return zoo;
}

}  // namespace

int main(int argc, char** argv) {
  const command::Program program{
      "zoo", "Simulated printers and other devices for tests, benches and the demo.", {the_command()}};
  return command::run(program, argc, argv);
}
