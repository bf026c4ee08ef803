#include "agent/main/collector.h"

#include <algorithm>

#include "base/log.h"

namespace platen::agent {

ProfilesOf profiles_of(const config::Config& config) {
  ProfilesOf made{snmp::Profiles::built_in(), {}};
  if (!config.read.profiles.empty()) made.refused = made.profiles.add_folder(config.read.profiles);
  return made;
}

snmp::ScanOptions scan_options(const config::Config& config) {
  snmp::ScanOptions options;
  options.port = static_cast<std::uint16_t>(config.scan.port);
  options.credentials = config.credentials;
  options.patience = {.timeout = config.scan.timeout, .retries = config.scan.retries};
  options.subnet_budget = config.scan.subnet_budget;
  options.reads_at_once = static_cast<std::size_t>(config.read.at_once);
  return options;
}

Expected<std::unique_ptr<ScannerCollector>> ScannerCollector::open(const config::Config& config, const Clock& clock,
                                                                   std::function<void()> moved) {
  auto port = snmp::open_batched_port();
  if (!port) return fail(port.error());
  auto engine = snmp::Engine::open(std::move(*port), {}, clock);
  if (!engine) return fail(engine.error());
  std::unique_ptr<ScannerCollector> made(new ScannerCollector(std::move(*engine), clock, std::move(moved)));
  made->configure(config);
  return made;
}

ScannerCollector::ScannerCollector(std::unique_ptr<snmp::Engine> engine, const Clock& clock,
                                   std::function<void()> moved)
    : engine_(std::move(engine)),
      scanner_(*engine_, profiles_, clock),
      moved_([moved = std::move(moved)](const snmp::ScanProgress&) { moved(); }) {}

void ScannerCollector::configure(const config::Config& config) {
  options_ = scan_options(config);
  auto [profiles, refused] = profiles_of(config);
  profiles_ = std::move(profiles);
  std::vector<std::string> said;
  for (const Error& why : refused) {
    const bool known = std::find(refused_.begin(), refused_.end(), why.text) != refused_.end();
    if (!known) log::warn("profile.refused", {{"why", why.text}});
    said.push_back(why.text);
  }
  refused_ = std::move(said);
}

void ScannerCollector::sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token stop) {
  scanner_.scan(addresses, options_, told, moved_, stop);
}

void ScannerCollector::read(std::span<const schedule::Call> printers, Reading::Kind kind, const OnOutcome& told,
                            std::stop_token stop) {
  std::vector<snmp::Scanner::Known> known;
  for (const schedule::Call& call : printers)
    known.push_back({call.peer, options_.credentials.at(call.credential), call.tolerance, call.rows, call.age});
  scanner_.read(known, kind, options_, told, moved_, stop);
}

}  // namespace platen::agent
