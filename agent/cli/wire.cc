#include "agent/cli/wire.h"

#include "agent/cli/program.h"
#include "agent/cli/scan_output.h"
#include "agent/support/way_out.h"

namespace platen::cli {
namespace {

std::string progress_line(const snmp::ScanProgress& at) {
  return std::to_string(at.asked) + " of " + plural(at.addresses, "address", "addresses") + " asked, " +
         std::to_string(at.alive) + " alive, " + plural(at.printers, "printer", "printers") + ", " +
         std::to_string(at.reading) + " being read";
}

void complain_of_gaps(const std::string& named, const Reading& reading) {
  std::string flags;
  for (const std::string& flag : reading.flags) flags += (flags.empty() ? "" : ", ") + flag;
  command::print_error(kProgram, {Code::unavailable, named + ": the reading is not complete: " + flags},
                       support::way_out_of_gaps(reading.flags), "read.incomplete");
}

}  // namespace

std::string plural(std::size_t number, std::string_view one, std::string_view many) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

Expected<std::unique_ptr<snmp::Engine>> open_engine() {
  auto port = snmp::open_batched_port();
  if (!port) return fail(port.error());
  return snmp::Engine::open(std::move(*port), {}, system_clock());
}

void complain_of_profiles(std::span<const Error> refused) {
  for (const Error& each : refused)
    command::print_error(kProgram, each, "The others are used. Correct it, see docs/profiles.md.", "profile");
}

std::optional<command::ExitCode> complain(const Expected<Request>& request) {
  if (!request) {
    command::print_error(kProgram, request.error(), "", "usage");
    return command::usage;
  }
  complain_of_profiles(request->refused_profiles);
  for (const Error& missing : request->missing) {
    command::print_error(kProgram, missing, "Check the spelling, or give the address.", "name");
  }
  return std::nullopt;
}

Sweep sweep(snmp::Engine& engine, const Request& request, const command::Arguments& arguments,
            const std::function<bool(snmp::Outcome&&)>& take) {
  const command::Interrupts interrupts;
  std::stop_source stop;
  const std::stop_callback stopped(interrupts.token(), [&] { stop.request_stop(); });
  command::Progress progress(arguments);
  const bool shared_terminal = command::is_terminal(command::Stream::out);
  const auto on_outcome = [&](snmp::Outcome&& outcome) {
    if (shared_terminal) progress.clear();
    if (!take(std::move(outcome))) stop.request_stop();
  };
  const auto on_progress = [&](const snmp::ScanProgress& at) { progress.show(progress_line(at)); };
  snmp::ScanProgress start;
  start.addresses = request.targets.size();
  progress.show(progress_line(start));
  snmp::Scanner scanner(engine, request.profiles, system_clock());
  const snmp::ScanProgress counts =
      scanner.scan(request.targets, request.options, on_outcome, on_progress, stop.get_token());
  return {counts, interrupts.happened()};
}

void complain_about(const std::string& named, const snmp::Outcome& outcome) {
  if (is_incomplete(outcome)) return complain_of_gaps(named, *outcome.reading);
  const std::string reason = outcome.reason.empty() ? "no answer" : outcome.reason;
  command::print_error(kProgram, {Code::unavailable, named + ": " + reason},
                       support::way_out_of(outcome.code, outcome.peer.port), outcome.code);
}

One ask_one(snmp::Engine& engine, const Request& request, const command::Arguments& arguments, bool any_device) {
  One one;
  const Sweep sweep = cli::sweep(engine, request, arguments, [&](snmp::Outcome&& outcome) {
    one.outcome = std::move(outcome);
    return true;
  });
  if (sweep.interrupted) return {std::nullopt, command::interrupted};
  if (!one.outcome) return {std::nullopt, command::incomplete};
  const bool usable = any_device ? one.outcome->credential.has_value() : one.outcome->is == snmp::Outcome::Is::printer;
  if (usable) return one;
  complain_about(request.named.begin()->second, *one.outcome);
  return {std::nullopt, command::incomplete};
}

}  // namespace platen::cli
