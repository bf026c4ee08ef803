#include "cloud/store/meter_book.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "base/meter/names.h"
#include "cloud/store/meter_restore.h"
#include "cloud/store/meter_tables.h"
#include "cloud/store/store_file.h"

namespace platen::cloud {
namespace {

constexpr std::size_t records_at_once = 1000;
constexpr std::chrono::minutes clock_tolerance{5};

// An agent's word about its own clock is foreign: a sum that lies in the future or beyond all bounds is no time.
std::optional<WallTime> by_the_cloud(WallTime read_at, std::int64_t offset_ms, WallTime stored_at) {
  constexpr std::int64_t century = std::int64_t{100} * 366 * 86'400'000;
  const std::int64_t read = read_at.time_since_epoch().count();
  if (read < -century || read > 10 * century || offset_ms < -10 * century || offset_ms > 10 * century)
    return std::nullopt;
  const WallTime at{std::chrono::milliseconds(read + offset_ms)};
  if (at > stored_at + clock_tolerance) return std::nullopt;
  return std::min(at, stored_at);
}

// When a reading was taken, by the cloud's clock; nothing when nobody can say.
std::optional<WallTime> time_of(const FeedRow& row) {
  const Reading& reading = *row.reading;
  if (reading.cloud_offset_ms) return by_the_cloud(reading.read_at, *reading.cloud_offset_ms, row.stored_at);
  if (reading.clock_suspect.value_or(false)) return std::nullopt;
  if (reading.read_at > row.stored_at + clock_tolerance) return std::nullopt;
  return std::min(reading.read_at, row.stored_at);
}

// Of one reading: the point that counts as its total, and its split.
bool is_billed(const Reading& reading, const CounterPoint& point) {
  using P = CounterPoint;
  return &point == total_of(reading) || &point == find_counter(reading, P::Function::all, P::Color::mono) ||
         &point == find_counter(reading, P::Function::all, P::Color::any_color);
}

struct Name {
  meter::Order record = 0;
  std::optional<std::int64_t> meter;
};
std::optional<Name> parse_name(const std::string& id) {
  const auto number = [](std::string_view text) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc{} && end == text.data() + text.size() && value > 0 ? std::optional(value) : std::nullopt;
  };
  const std::size_t dot = id.find('.');
  const auto record = number(std::string_view(id).substr(0, dot));
  if (!record) return std::nullopt;
  Name name{.record = static_cast<meter::Order>(*record), .meter = {}};
  if (dot == std::string::npos) return name;
  name.meter = number(std::string_view(id).substr(dot + 1));
  return name.meter ? std::optional(name) : std::nullopt;
}

class SqliteMeterBook final : public MeterBook {
 public:
  SqliteMeterBook(std::string file, Store& store, std::unique_ptr<MeterTables> tables)
      : file_(std::move(file)), store_(store), tables_(std::move(tables)) {}

  Expected<void> catch_up(const std::stop_token& stop) override {
    const std::lock_guard hold(mutex_);
    return attempt([&] { return take_all(stop); });
  }

  Expected<std::vector<MeterEpochRow>> epochs(const std::string& printer, bool all) override {
    return up_to_date([&]() -> Expected<std::vector<MeterEpochRow>> {
      std::vector<MeterEpochRow> rows;
      for (const KnownMeter& meter : tables_->meters(printer, true, false)) add_epochs(meter, all, rows);
      std::stable_sort(rows.begin(), rows.end(),
                       [](const MeterEpochRow& a, const MeterEpochRow& b) { return a.epoch.began > b.epoch.began; });
      return rows;
    });
  }

  Expected<std::vector<UsageRow>> usage(const std::string& printer, WallTime from, WallTime to, bool all) override {
    return up_to_date([&]() -> Expected<std::vector<UsageRow>> {
      std::vector<UsageRow> rows;
      for (const KnownMeter& meter : tables_->meters(printer, false, !all)) {
        // Without a leap nothing before the period matters.
        const auto samples = tables_->samples(meter.number, meter.leapt ? std::nullopt : std::optional(from));
        rows.push_back({meter.row, usage_between(replay(samples, tables_->decisions(meter.number)), from, to)});
      }
      return rows;
    });
  }

  Expected<std::size_t> decide(const std::string& id, bool confirmed, std::optional<std::int64_t> carry,
                               WallTime now) override {
    const auto name = parse_name(id);
    if (!name) return fail(Code::invalid, "'" + id + "' is no epoch; `platen-cloud meters list` shows them");
    return up_to_date([&]() -> Expected<std::size_t> {
      sqlite::Transaction whole(tables_->connection());
      auto chosen = open_epochs(*name);
      if (chosen.empty())
        return fail(Code::not_found, "no epoch '" + id +
                                         "' waits for a decision, or was decided about; `platen-cloud "
                                         "meters list --decided` shows all");
      for (const auto& [number, epoch] : chosen) {
        if (confirmed && !acceptable(epoch, carry.value_or(epoch.carry)))
          return fail(Code::invalid, "with the carry " + std::to_string(carry.value_or(epoch.carry)) + ", epoch " + id +
                                         " would count backwards; give at least " + least_carry(epoch));
        tables_->decide(number, {.epoch = name->record, .confirmed = confirmed, .carry = carry}, now);
      }
      whole.commit();
      return chosen.size();
    });
  }

  Expected<std::vector<ForecastRow>> forecasts() override {
    return up_to_date([&]() -> Expected<std::vector<ForecastRow>> { return tables_->forecasts(); });
  }

 private:
  static std::string least_carry(const meter::Epoch& epoch) {
    return std::to_string(static_cast<std::int64_t>(epoch.before - epoch.first.count));
  }

  template <class Do>
  auto attempt(Do act) -> decltype(act()) try {
    return act();
  } catch (const sqlite::Fault& fault) {
    return fail(Code::unavailable, sqlite::to_error(fault, file_).text);
  }
  template <class Do>
  auto up_to_date(Do act) -> decltype(act()) {
    const std::lock_guard hold(mutex_);
    if (auto taken = attempt([&] { return take_all({}); }); !taken) return fail(taken.error());
    return attempt(act);
  }

  Expected<void> take_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      sqlite::Transaction part(tables_->connection());
      MeterHead head = tables_->head();
      const auto rows = store_.feed(head.through, records_at_once);
      if (!rows) return fail(rows.error());
      if (rows->empty()) return {};
      for (const FeedRow& row : *rows) take(row, static_cast<meter::Order>(row.number + head.shift));
      head.through = rows->back().number, head.hash = rows->back().hash;
      tables_->set_head(head);
      part.commit();
    }
    return {};
  }

  void take(const FeedRow& row, meter::Order order) {
    if (!is_kept(row) || !tables_->remember(row)) return;
    if (row.kind == "forecast") tables_->set_forecast({row.agent, row.stored_at, row.octets});
    if (!row.reading) return;
    const meter::Who who = meter::who_of(*row.reading);
    const auto at = time_of(row);
    for (const CounterPoint& point : row.reading->counters) {
      if (!meter::is_meter(point)) continue;
      const KnownMeter meter = tables_->meter(row.printer_id, point, is_billed(*row.reading, point));
      tables_->add(meter, {.order = order, .value = {point.value, at}, .who = who});
    }
  }

  [[nodiscard]] meter::History history_of(std::int64_t meter) {
    return replay(tables_->samples(meter, std::nullopt), tables_->decisions(meter));
  }

  void add_epochs(const KnownMeter& meter, bool all, std::vector<MeterEpochRow>& rows) {
    const meter::History history = history_of(meter.number);
    for (const meter::Epoch& epoch : history.series.epochs()) {
      if (!epoch.parent || (!all && epoch.standing != meter::Standing::proposed)) continue;
      rows.push_back({std::to_string(epoch.began) + "." + std::to_string(meter.number), meter.row, epoch});
    }
  }

  // What `name` means, with each one's meter; withdrawn epochs are nobody's business any more.
  std::vector<std::pair<std::int64_t, meter::Epoch>> open_epochs(const Name& name) {
    std::vector<std::pair<std::int64_t, meter::Epoch>> out;
    for (const std::int64_t number : tables_->touched_by(name.record)) {
      if (name.meter && number != *name.meter) continue;
      const meter::History history = history_of(number);
      for (const meter::Epoch& epoch : history.series.epochs()) {
        if (epoch.began == name.record && epoch.parent && epoch.standing != meter::Standing::withdrawn)
          out.emplace_back(number, epoch);
      }
    }
    return out;
  }

  const std::string file_;
  Store& store_;
  std::mutex mutex_;
  const std::unique_ptr<MeterTables> tables_;
};

Expected<std::unique_ptr<MeterBook>> open_tables(const std::string& file, Store& store) try {
  auto tables = std::make_unique<MeterTables>(file);
  const auto goes_on = goes_on_from(*tables, store);
  if (!goes_on) return fail(goes_on.error());
  if (!*goes_on)
    log::warn("meters.older_store",
              {{"why", "cloud.db is older than meters.db: it is read anew, nothing counts twice"}});
  return std::make_unique<SqliteMeterBook>(file, store, std::move(tables));
} catch (const sqlite::Fault& fault) {
  return fail(sqlite::to_error(fault, file));
}

}  // namespace

Expected<std::unique_ptr<MeterBook>> MeterBook::open(const std::string& file, Store& store) {
  return make_file_if_missing(file)
      .and_then([&] { return check_rights(file, sqlite::Connection::Mode::read_write); })
      .and_then([&] { return open_tables(file, store); });
}

}  // namespace platen::cloud
