// The jobs for support: why an address does not answer, and a recording of one printer. Both have sockets of their own.
#include <fmt/format.h>

#include "agent/main/collector.h"
#include "agent/main/errand.h"
#include "agent/main/hands.h"
#include "agent/main/known.h"
#include "agent/support/explanation.h"
#include "agent/support/recording.h"
#include "agent/support/scrub.h"
#include "snmp/mib/targets.h"

namespace platen::agent {
namespace {

using tasks::Ending;
using tasks::Outcome;

constexpr std::chrono::milliseconds patience_for_life{1'500};

Expected<std::unique_ptr<snmp::Engine>> own_engine() {
  auto port = snmp::open_batched_port();
  if (!port) return fail(port.error());
  return snmp::Engine::open(std::move(*port), {}, system_clock());
}

bool may_be_asked(Workplace& at, const IpAddress& address) {
  const auto reach = reach_of(at.config());
  const auto port = static_cast<std::uint16_t>(at.config().scan.port);
  return (reach && reach->holds(address)) || at.rounds().fleet().find({address, port}) != nullptr;
}

Ending explain(const IpAddress& address, const snmp::ScanOptions& options, const std::stop_token& stop) {
  const auto engine = own_engine();
  if (!engine) return {Outcome::failed, engine.error().text};
  const auto told = snmp::explain(
      **engine, {address, options.port}, options,
      [](const IpAddress& each) { return snmp::look_for_life(each, patience_for_life); }, stop);
  if (!told) return {Outcome::cancelled};
  return {Outcome::done, told->reason, support::explanation_json(*told, options.credentials)};
}

// What it said first, with the credential that opened it.
std::optional<snmp::Outcome> found(snmp::Engine& engine, const IpAddress& address, snmp::ScanOptions options,
                                   const std::stop_token& stop) {
  std::optional<snmp::Outcome> outcome;
  options.report_silent = true;
  const snmp::Profiles profiles = snmp::Profiles::built_in();
  snmp::Scanner scanner(engine, profiles, system_clock());
  scanner.scan(
      std::span(&address, 1), options, [&](snmp::Outcome&& each) { outcome = std::move(each); }, {}, stop);
  return outcome;
}

Ending record(const IpAddress& address, const snmp::ScanOptions& options, const std::stop_token& stop,
              const Errand::Tell& tell) {
  const auto engine = own_engine();
  if (!engine) return {Outcome::failed, engine.error().text};
  const auto device = found(**engine, address, options, stop);
  if (!device || !device->credential)
    return {Outcome::failed, device && !device->reason.empty() ? device->reason : "it does not answer"};
  const auto recording = support::record(
      **engine, *device, options,
      [&](std::size_t rows) {
        tell({static_cast<std::uint32_t>(rows), 0, "values recorded"});
      },
      stop);
  if (!recording) return {Outcome::cancelled};
  const support::Scrubbed scrubbed = support::scrub(recording->rows, address);
  std::string text = support::recording_text(*device, scrubbed.rows, true);
  const std::size_t whole = text.size();
  const bool cut = whole > wire::most_task_output;
  if (cut) text.resize(text.rfind('\n', wire::most_task_output - 1) + 1);  // whole rows
  std::string said =
      fmt::format("{} values{}", scrubbed.rows.size(), recording->complete ? "" : "; not everything was told");
  if (cut)
    said += fmt::format("; cut from {} to {} octets: platen record on the site writes all of it", whole, text.size());
  return {Outcome::done, said, std::move(text)};
}

}  // namespace

std::unique_ptr<tasks::Job> explain_job(Workplace& at, const tasks::Explain& order) {
  const auto address = IpAddress::parse(order.address);
  if (!address || !may_be_asked(at, *address))
    return ended_job(
        {Outcome::failed, order.address + " is not within the configured scan.targets, or is excluded there"});
  return std::make_unique<Errand>(
      [address = *address, options = scan_options(at.config())](const std::stop_token& stop, const Errand::Tell&) {
        return explain(address, options, stop);
      },
      [&at] { at.wake(); });
}

std::unique_ptr<tasks::Job> record_job(Workplace& at, const tasks::Record& order) {
  const auto known = match(order.printer, known_printers(at.rounds().fleet(), at.site()));
  if (!known) return ended_job({Outcome::failed, known.error().text});
  return std::make_unique<Errand>(
      [address = known->peer.address, options = scan_options(at.config())](
          const std::stop_token& stop, const Errand::Tell& tell) { return record(address, options, stop, tell); },
      [&at] { at.wake(); });
}

}  // namespace platen::agent
