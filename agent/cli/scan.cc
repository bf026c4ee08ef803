#include <cstdio>

#include "agent/cli/nearby.h"
#include "agent/cli/program.h"
#include "agent/cli/scan_output.h"
#include "agent/cli/scan_summary.h"
#include "agent/cli/wire.h"

namespace platen::cli {
namespace {

struct Tally {
  std::size_t printers = 0, incomplete = 0, others = 0, closed = 0, not_had = 0;
};

void count(const snmp::Outcome& outcome, Tally& tally) {
  using Is = snmp::Outcome::Is;
  if (outcome.is == Is::printer) ++tally.printers;
  if (is_incomplete(outcome)) ++tally.incomplete;
  if (outcome.is == Is::not_a_printer) ++tally.others;
  if (outcome.is == Is::no_access) ++tally.closed;
}

void say_summary(const command::Arguments& arguments, const Request& request, const Tally& tally) {
  std::string text = plural(tally.printers, "printer", "printers") + " among " +
                     plural(request.targets.size(), "address", "addresses");
  if (tally.incomplete > 0) text += ", " + std::to_string(tally.incomplete) + " read incompletely";
  if (tally.others > 0) text += ", " + plural(tally.others, "other device", "other devices");
  if (tally.closed > 0) text += ", " + std::to_string(tally.closed) + " that answered no credential";
  const bool hidden = tally.others + tally.closed > 0 && !arguments.has("--all");
  command::print_note(kProgram, arguments, text + (hidden ? "; --all lists them" : ""));
}

// Also in a pipe: it explains the exit code.
void say_interrupted(const snmp::ScanProgress& counts, const Tally& tally) {
  const std::string text = "interrupted: " + std::to_string(counts.asked) + " of " +
                           plural(counts.addresses, "address", "addresses") + " asked, " +
                           plural(tally.printers, "printer", "printers") + " read";
  command::print_error(kProgram, {Code::unavailable, text});
}

}  // namespace

int scan(const command::Arguments& arguments) {
  auto request = request_of(arguments, Targets::many, resolve);
  if (const auto code = complain(request)) return *code;
  if (arguments.positionals().empty() && !request->sources.any()) return propose(), command::usage;
  if (request->targets.empty() && !request->missing.empty() && !request->sources.any()) return command::incomplete;
  if (request->sources.any()) {
    if (const auto added = add_candidates(*request, arguments); !added) {
      command::print_error(kProgram, added.error(),
                           "Is a network up? Name addresses to scan without --mdns, --wsd and --slp.", "sources");
      return command::incomplete;
    }
  }
  const auto engine = open_engine();
  if (!engine) return command::print_error(kProgram, engine.error(), "", "socket"), command::incomplete;
  ScanOutput output(arguments);
  Tally tally;
  std::map<std::string, std::size_t> codes;
  const Sweep sweep = cli::sweep(**engine, *request, arguments, [&](snmp::Outcome&& outcome) {
    count(outcome, tally);
    if (outcome.is != snmp::Outcome::Is::printer) ++codes[outcome.code];
    const auto named = request->named.find(outcome.peer.address);
    const bool had = outcome.is == snmp::Outcome::Is::printer && !is_incomplete(outcome);
    if (named != request->named.end() && !had) {
      ++tally.not_had;
      complain_about(named->second, outcome);
    }
    return output.take(outcome);
  });
  const bool all_written = output.finish();
  if (arguments.has("--summary")) {
    const ScanSummary summary{sweep.counts, std::move(codes)};
    const bool json = arguments.format() == command::Format::json;
    std::fputs((json ? summary_json(summary) : summary_text(summary)).c_str(), stderr);
  }
  if (sweep.interrupted) return say_interrupted(sweep.counts, tally), command::interrupted;
  if (all_written) say_summary(arguments, *request, tally);  // a scan that stdout cut short has not seen them all
  const bool all_had = tally.not_had == 0 && request->missing.empty() && request->refused_profiles.empty();
  return all_had ? command::done : command::incomplete;
}

}  // namespace platen::cli
