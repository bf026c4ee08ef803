// The way from a request to the devices: socket, engine, scanner, Ctrl-C and the progress line; shared by scan, read,
// record.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "agent/cli/request.h"
#include "base/command/terminal.h"

namespace platen::cli {

// "1 printer", "2 printers"
[[nodiscard]] std::string plural(std::size_t number, std::string_view one, std::string_view many);

// Errors: Code::unavailable, this machine could not open a socket.
[[nodiscard]] Expected<std::unique_ptr<snmp::Engine>> open_engine();

// Says what request_of() refused or could not find. nullopt: go on; a profile that was refused stops nothing, but what
// was asked for could then not be had: exit code 1 at the end.
[[nodiscard]] std::optional<command::ExitCode> complain(const Expected<Request>& request);

void complain_of_profiles(std::span<const Error> refused);

struct Sweep {
  snmp::ScanProgress counts;
  bool interrupted = false;
};
// Scans request.targets; `take` gets each outcome and returns false when nobody wants more.
[[nodiscard]] Sweep sweep(snmp::Engine& engine, const Request& request, const command::Arguments& arguments,
                          const std::function<bool(snmp::Outcome&&)>& take);

// One error about a device that was asked for by name and could not be had, or not in full.
void complain_about(const std::string& named, const snmp::Outcome& outcome);

// The only target's outcome, complained about when it is nothing that can be read. `any_device`: not only printers.
struct One {
  std::optional<snmp::Outcome> outcome;
  int exit_code = command::done;  // when there is no outcome
};
[[nodiscard]] One ask_one(snmp::Engine& engine, const Request& request, const command::Arguments& arguments,
                          bool any_device);

}  // namespace platen::cli
