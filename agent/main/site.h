// The site's own rules around every reading, on its way from the printer to the ledger: the clock is judged, the meters are
// watched, the privacy policy is applied, then it is kept. And what comes of watching: who is due at midnight, the daily
// forecast, what is remembered over a restart.
//
//   Errors   keep(): as the ledger. Without the site's key, which cannot be read or made while the state folder is in
//            trouble, what it makes pseudonyms of is held back.
//   Effects  writes state_dir/site.key once, fleet.json every ten minutes and at the end, egress.json at most once a second.
//   Threads  One, but for egress(), which the uplink's thread tells as well.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/ledger/shelf.h"
#include "agent/main/egress.h"
#include "agent/main/memory_file.h"
#include "agent/schedule/clock_watch.h"
#include "agent/schedule/forecast.h"
#include "agent/schedule/meter_watch.h"
#include "agent/schedule/rounds.h"

namespace platen::agent {

class Site final : public schedule::Keeper {
 public:
  using CloudClock = std::function<std::optional<CloudTime>()>;
  Site(const config::Config& config, const std::string& agent_id, ledger::Ledger& ledger, const Clock& clock,
       CloudClock cloud_clock);
  void configure(const config::Config& config);

  Expected<void> keep(const Reading& reading) override;
  void failed(const std::string& address, const std::string& code, const std::string& reason);

  // What was remembered from before the start.
  [[nodiscard]] std::vector<schedule::Winner> winners(std::size_t credentials) const;
  // Whose meters are to be read now.
  [[nodiscard]] std::vector<IpAddress> due();
  // Called often: makes the day's forecast, keeps the files up to date.
  void tick(const schedule::Fleet& fleet);
  void save(const schedule::Fleet& fleet);
  void tend() { shelf_.tend(); }  // what the disk did not take

  // The serial of each printer as last read, by address.
  [[nodiscard]] std::map<std::string, std::string> serials() const;
  // As a reading of this printer would leave the site.
  [[nodiscard]] Reading as_it_leaves(Reading reading) const;
  [[nodiscard]] const wire::Forecast& forecast() const { return forecast_; }
  [[nodiscard]] const schedule::ClockState& clock_state() const { return clock_state_; }
  [[nodiscard]] const Zone& zone() const { return meters_.zone(); }
  [[nodiscard]] const std::string& trouble() const { return key_missed_; }  // "": none
  [[nodiscard]] Egress& egress() { return egress_; }
  [[nodiscard]] const ledger::Shelf::State& shelf() const { return shelf_.state(); }

 private:
  [[nodiscard]] schedule::Moment moment();
  void look_into_folder();
  void restore();
  void protect(Reading& reading, privacy::Counts& counts) const;
  void make_forecast(const schedule::Moment& moment);
  [[nodiscard]] wire::Forecast made_private(wire::Forecast forecast) const;

  const std::string state_dir_;
  ledger::Shelf shelf_;
  const Clock& clock_;
  const CloudClock cloud_clock_;
  std::optional<Secret> key_;
  std::string key_missed_;  // why there is none, said once
  bool looked_in_ = false;  // the folder was there: what is remembered has been read
  const MonotonicTime started_;
  privacy::Policies policies_;
  unsigned billing_day_;
  schedule::ClockWatch clock_watch_;
  schedule::ClockState clock_state_;
  schedule::MeterWatch meters_;
  Egress egress_;
  std::vector<schedule::Winner> remembered_;
  wire::Forecast forecast_;
  std::optional<Day> forecast_on_;
  std::optional<MonotonicTime> looked_at_;  // when the forecast was made for status.json, and of how many printers
  std::size_t looked_at_printers_ = 0;
  MonotonicTime saved_at_;
};

// A collector whose failures the site hears of.
class NotedCollector final : public schedule::Collector {
 public:
  NotedCollector(schedule::Collector& collector, Site& site) : collector_(collector), site_(site) {}
  void sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token stop) override;
  void read(std::span<const schedule::Call> printers, Reading::Kind kind, const OnOutcome& told,
            std::stop_token stop) override;

 private:
  [[nodiscard]] OnOutcome noting(const OnOutcome& told);
  schedule::Collector& collector_;
  Site& site_;
};

}  // namespace platen::agent
