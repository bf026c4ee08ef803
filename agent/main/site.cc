#include "agent/main/site.h"

#include <algorithm>
#include <filesystem>

#include "agent/host/files.h"
#include "base/command/version.h"
#include "base/log.h"
#include "proto/reading_codec.h"

namespace platen::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_memory = 64U << 20U, key_octets = 64;
constexpr unsigned owner_only = 0600, owner_and_group = 0640;
constexpr std::chrono::milliseconds saved_every = 10min, looked_every = 1min;
// The day's forecast comes when the night's meters have been read; after a start, when a sweep has had its time.
constexpr std::chrono::milliseconds forecast_after_midnight = 45min, forecast_after_start = 10min;

Expected<Secret> site_key(const std::string& file) {
  auto read = host::read_file(file, key_octets * 2);
  if (read && read->octets.size() >= key_octets) return Secret(std::move(read->octets));
  if (read)
    return fail(Code::corrupt, file + " is too short; restore it, or delete it and every pseudonym becomes another");
  if (read.error().code != Code::not_found) return fail(read.error());
  auto key = privacy::new_site_key();
  if (!key) return fail(key.error().in(file));
  const auto written = host::write_file(file, key->reveal(), owner_only, host::Existing::keep);
  if (!written) return fail(written.error());
  return key;
}

Zone zone_of(const config::Config& config) {
  auto zone = config.site.time_zone.empty() ? Expected<Zone>(Zone::local()) : Zone::load(config.site.time_zone);
  return zone ? std::move(*zone) : Zone::utc();  // the configuration was checked
}

std::optional<WallTime> built() {
  const auto date = from_rfc3339(command::build().date);
  return date ? std::optional(*date) : std::nullopt;
}

// When the ledger's space ends, states go first, then what is read several times a day; the day's meters stay longest.
ledger::Worth worth_of(const Reading& reading, bool meter_read) {
  if (meter_read) return ledger::Worth::meters;
  return reading.kind == Reading::Kind::full ? ledger::Worth::supplies : ledger::Worth::status;
}

}  // namespace

Site::Site(const config::Config& config, const std::string& agent_id, ledger::Ledger& ledger, const Clock& clock,
           CloudClock cloud_clock)
    : state_dir_(config.agent.state_dir),
      shelf_(ledger, clock),
      clock_(clock),
      cloud_clock_(std::move(cloud_clock)),
      started_(clock.monotonic()),
      policies_(config::policies(config)),
      billing_day_(static_cast<unsigned>(config.site.billing_day)),
      clock_watch_(built()),
      meters_(agent_id, zone_of(config), config.read.meters_interval),
      egress_(state_dir_ + "/egress.json", clock),
      saved_at_(started_) {
  look_into_folder();
}

// At the start and, where the folder was not there or gave nothing, again until it is.
void Site::look_into_folder() {
  if (!key_) {
    auto key = site_key(state_dir_ + "/site.key");
    if (key) key_ = std::move(*key);
    const std::string missed = key ? "" : key.error().text;
    if (!missed.empty() && missed != key_missed_)
      log::error("site-key.missing", {{"why", missed}, {"meanwhile", "what it makes pseudonyms of is held back"}});
    key_missed_ = missed;
  }
  if (looked_in_) return;
  restore();
  egress_.restore();
  std::error_code ignored;
  looked_in_ = std::filesystem::is_directory(state_dir_, ignored);
}

void Site::configure(const config::Config& config) {
  policies_ = config::policies(config);
  billing_day_ = static_cast<unsigned>(config.site.billing_day);
  meters_.configure(zone_of(config), config.read.meters_interval);
  looked_at_.reset();
}

schedule::Moment Site::moment() {
  const schedule::Moment now{.wall = clock_.wall(), .now = clock_.monotonic(), .wall_trusted = true};
  const std::string_view before = clock_state_.suspect_because;
  clock_state_ = clock_watch_.look(now.wall, now.now, cloud_clock_());
  if (clock_state_.suspect_because != before) {
    if (clock_state_.suspect()) {
      log::warn("clock.suspect",
                {{"why", clock_state_.suspect_because}, {"way_out", "set this host's clock, or let NTP do it"}});
    } else {
      log::info("clock.trusted");
    }
  }
  return {.wall = now.wall, .now = now.now, .wall_trusted = !clock_state_.suspect()};
}

void Site::restore() {
  const auto file = host::read_file(state_dir_ + "/fleet.json", largest_memory);
  if (!file) return;
  auto memory = memory_from_json(file->octets);
  if (!memory)
    return log::warn("fleet.forgotten", {{"why", "fleet.json is not whole; a sweep finds everything again"}});
  remembered_ = std::move(memory->winners);
  forecast_on_ = memory->forecast_on;
  meters_.remember(std::move(memory->meters), moment());
}

std::vector<schedule::Winner> Site::winners(std::size_t credentials) const {
  std::vector<schedule::Winner> out = remembered_;
  std::erase_if(out, [&](const schedule::Winner& winner) { return winner.credential >= credentials; });
  return out;
}

Expected<void> Site::keep(const Reading& reading) {
  Reading kept = reading;
  const schedule::Moment now = moment();
  kept.clock_suspect = clock_state_.suspect();
  if (clock_state_.cloud_offset) kept.cloud_offset_ms = clock_state_.cloud_offset->count();
  const schedule::MeterWatch::Seen seen = meters_.took(kept, now);
  kept.flags.insert(kept.flags.end(), seen.flags.begin(), seen.flags.end());
  privacy::Counts held_back;
  protect(kept, held_back);
  auto done = shelf_.keep({.kind = std::string(wire::reading_kind),
                           .octets = wire::encode_reading(kept),
                           .device = kept.identity.serial.value_or(kept.address),
                           .worth = worth_of(kept, seen.meter_read)});
  if (!done) return done;
  egress_.held_back(held_back);
  return {};
}

void Site::protect(Reading& reading, privacy::Counts& counts) const {
  if (key_) return privacy::apply(policies_, *key_, reading, counts);
  privacy::Policies without = policies_;
  std::replace(without.begin(), without.end(), privacy::Policy::pseudonymise, privacy::Policy::drop);
  privacy::apply(without, Secret(), reading, counts);
}

std::map<std::string, std::string> Site::serials() const {
  std::map<std::string, std::string> out;
  for (const schedule::MeterMemory& memory : meters_.memories()) out.emplace(memory.address, memory.serial);
  return out;
}

Reading Site::as_it_leaves(Reading reading) const {
  privacy::Counts ignored;
  protect(reading, ignored);
  return reading;
}

void Site::failed(const std::string& address, const std::string& code, const std::string& reason) {
  meters_.failed(address, code, reason, moment());
}

std::vector<IpAddress> Site::due() {
  std::vector<IpAddress> out;
  for (const std::string& text : meters_.due(moment())) {
    if (const auto address = IpAddress::parse(text)) out.push_back(*address);
  }
  return out;
}

void Site::tick(const schedule::Fleet& fleet) {
  if (!key_ || !looked_in_) look_into_folder();
  egress_.save();
  const schedule::Moment now = moment();
  if (now.now - saved_at_ >= saved_every) save(fleet);
  if (looked_at_ && now.now - *looked_at_ < looked_every && fleet.size() == looked_at_printers_) return;
  looked_at_ = now.now;
  looked_at_printers_ = fleet.size();
  const auto memories = meters_.memories();
  forecast_ = schedule::forecast(memories, zone(), now.wall, billing_day_);
  const Day today = zone().day_of(now.wall);
  const bool morning = now.wall - zone().begin_of(today) >= forecast_after_midnight;
  const bool settled = now.now - started_ >= forecast_after_start;
  if (forecast_on_ != today && morning && settled && !memories.empty()) make_forecast(now);
}

void Site::make_forecast(const schedule::Moment& moment) {
  const auto kept =
      shelf_.keep({.kind = std::string(wire::forecast_kind), .octets = wire::encode_forecast(made_private(forecast_))});
  if (!kept) return log::warn("forecast.not_kept", {{"why", kept.error().text}});
  forecast_on_ = zone().day_of(moment.wall);
  log::info("forecast.made", {{"billing_day", forecast_.billing_day},
                              {"printers", forecast_.printers.size()},
                              {"without_a_meter", schedule::without_a_meter(forecast_)}});
}

// Under the same policy as a reading's fields of the same names.
wire::Forecast Site::made_private(wire::Forecast forecast) const {
  for (wire::Outlook& outlook : forecast.printers) {
    Reading as_reading;
    as_reading.address = outlook.address;
    if (!outlook.serial.empty()) as_reading.identity.serial = outlook.serial;
    as_reading = as_it_leaves(std::move(as_reading));
    outlook.address = as_reading.address;
    outlook.serial = as_reading.identity.serial.value_or("");
  }
  return forecast;
}

void Site::save(const schedule::Fleet& fleet) {
  saved_at_ = clock_.monotonic();
  if (!looked_in_) return;  // what is remembered there must not be lost
  egress_.save();
  const FleetMemory memory{.winners = fleet.winners(), .meters = meters_.memories(), .forecast_on = forecast_on_};
  const auto written =
      host::write_file(state_dir_ + "/fleet.json", to_json(memory), owner_and_group, host::Existing::replace);
  if (!written) log::warn("fleet.unwritten", {{"why", written.error().text}});
}

schedule::Collector::OnOutcome NotedCollector::noting(const OnOutcome& told) {
  return [this, &told](snmp::Outcome&& outcome) {
    if (outcome.is != snmp::Outcome::Is::printer)
      site_.failed(outcome.peer.address.text(), outcome.code, outcome.reason);
    told(std::move(outcome));
  };
}

void NotedCollector::sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token stop) {
  collector_.sweep(addresses, noting(told), std::move(stop));
}

void NotedCollector::read(std::span<const schedule::Call> printers, Reading::Kind kind, const OnOutcome& told,
                          std::stop_token stop) {
  collector_.read(printers, kind, noting(told), std::move(stop));
}

}  // namespace platen::agent
