// The tables of the book of meters, and the statements that read and write them. Times are Unix milliseconds UTC.
//
//   Errors   throws sqlite::Fault. Threads: one at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/meter/series.h"
#include "base/sqlite/sqlite.h"
#include "cloud/store/meter_book.h"

namespace platen::cloud {

struct KnownMeter {
  std::int64_t number = 0;
  MeterRow row;
  bool leapt = false;  // there are, or were, epochs beside the first one
};

// What was taken from the store last, and where its records stand here.
struct MeterHead {
  std::int64_t through = 0;  // its number there; 0: nothing yet
  std::string hash = {};     // the chain's at that record; "": version 1 kept none
  std::int64_t shift =
      0;  // here the store's record n is n + shift, so that what comes later stands behind what came before
};

class MeterTables {
 public:
  // Makes the tables in an empty file. A rollback journal, not a WAL: several processes write (SQLite before 3.51.3 can
  // corrupt a WAL that two connections write).
  explicit MeterTables(const std::string& file);
  [[nodiscard]] sqlite::Connection& connection() { return connection_; }

  [[nodiscard]] MeterHead head();
  void set_head(const MeterHead& head);
  // False: it was taken before, under whatever number. An agent's reading or forecast is known by its octets.
  bool remember(const FeedRow& row);

  // `billed`: the reading calls it the total, or its split.
  [[nodiscard]] KnownMeter meter(const std::string& printer, const CounterPoint& point, bool billed);
  void add(const KnownMeter& meter, const meter::Sample& sample);
  // One printer's, or with "" all; only those that leapt; only those that are billed.
  [[nodiscard]] std::vector<KnownMeter> meters(const std::string& printer, bool only_leapt, bool only_billed);
  [[nodiscard]] std::optional<KnownMeter> meter(std::int64_t number);
  // From the last one at or before `from` on; from the first without.
  [[nodiscard]] std::vector<meter::Sample> samples(std::int64_t meter, std::optional<WallTime> from);
  void drop_samples_after(meter::Order record);
  // The meters that have a sample of this record and leapt.
  [[nodiscard]] std::vector<std::int64_t> touched_by(meter::Order record);

  [[nodiscard]] std::vector<meter::Decision> decisions(std::int64_t meter);
  void decide(std::int64_t meter, const meter::Decision& decision, WallTime now);

  void set_forecast(const ForecastRow& forecast);
  [[nodiscard]] std::vector<ForecastRow> forecasts();

 private:
  [[nodiscard]] std::int64_t number_of(const meter::Who& who);
  [[nodiscard]] meter::Who who(std::int64_t number);
  [[nodiscard]] std::vector<meter::Sample> newest_two(std::int64_t meter);

  sqlite::Connection connection_;
  sqlite::Statement add_meter_, find_meter_, mark_billed_, mark_leapt_, newest_, add_sample_, drop_sample_, add_who_,
      find_who_, remember_;
  std::map<std::int64_t, meter::Who> known_;
};

}  // namespace platen::cloud
