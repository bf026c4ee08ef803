#include "cloud/store/meter_tables.h"

#include <algorithm>

#include "base/meter/names.h"
#include "proto/chain.h"

namespace platen::cloud {
namespace {

using sqlite::Query;
using sqlite::Statement;

constexpr int application_id = 0x506C4D62, version = 2;  // "PlMb"

constexpr const char* schema = R"sql(
CREATE TABLE head (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  through    INTEGER NOT NULL,             -- number of the last record taken from the store
  hash       BLOB NOT NULL DEFAULT x'',    -- the chain's at that record
  shift      INTEGER NOT NULL DEFAULT 0    -- added to the store's numbers
) STRICT;
INSERT INTO head (one, through) VALUES (1, 0);

CREATE TABLE taken (                       -- what was taken from the store: it may come again under another number
  mark       BLOB PRIMARY KEY              -- of agent, kind and octets
) STRICT, WITHOUT ROWID;

CREATE TABLE meters (
  number     INTEGER PRIMARY KEY,
  printer    TEXT NOT NULL,
  key        TEXT NOT NULL,                -- base/meter/names.h
  name       TEXT NOT NULL, source TEXT NOT NULL, unit INTEGER,
  billed     INTEGER NOT NULL,             -- the total, or its split into mono and colour
  leapt      INTEGER NOT NULL DEFAULT 0,   -- something happened to it once
  UNIQUE (printer, key)
) STRICT;
CREATE INDEX leapt_meters ON meters (printer) WHERE leapt = 1;

CREATE TABLE whos (
  number     INTEGER PRIMARY KEY,
  words      TEXT NOT NULL UNIQUE          -- serial|engine id|MAC MAC …
) STRICT;

CREATE TABLE samples (
  meter      INTEGER NOT NULL REFERENCES meters,
  record     INTEGER NOT NULL,             -- the store's number, shifted
  value      INTEGER NOT NULL,             -- modulo 2^64
  at         INTEGER,                      -- NULL: that clock could not be trusted
  who        INTEGER NOT NULL REFERENCES whos,
  PRIMARY KEY (meter, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX samples_by_record ON samples (record);

CREATE TABLE decisions (                   -- what people said; the last word counts
  meter      INTEGER NOT NULL REFERENCES meters,
  record     INTEGER NOT NULL,
  confirmed  INTEGER NOT NULL,
  carry      INTEGER,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (meter, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE forecasts (
  agent      TEXT PRIMARY KEY,
  stored_at  INTEGER NOT NULL,
  octets     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// From version 1, which could not tell that the store was restored from an older copy; meter_restore.h fills it in.
constexpr const char* schema_1_to_2 = R"sql(
ALTER TABLE head ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE head ADD COLUMN shift INTEGER NOT NULL DEFAULT 0;
CREATE TABLE taken (mark BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
)sql";

std::int64_t number_said(sqlite::Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

void make_tables(sqlite::Connection& connection) {
  sqlite::Transaction whole(connection);
  if (number_said(connection, "PRAGMA application_id") == 0 &&
      number_said(connection, "SELECT count(*) FROM sqlite_master") == 0) {
    connection.run(schema);
    connection.run(("PRAGMA application_id=" + std::to_string(application_id)).c_str());
    connection.run(("PRAGMA user_version=" + std::to_string(version)).c_str());
  } else if (number_said(connection, "PRAGMA application_id") == application_id &&
             number_said(connection, "PRAGMA user_version") == 1) {
    connection.run(schema_1_to_2);
    connection.run(("PRAGMA user_version=" + std::to_string(version)).c_str());
  }
  whole.commit();
}

sqlite::Connection open(const std::string& file) {
  sqlite::Connection connection(file, sqlite::Connection::Mode::read_write);
  connection.run("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
  make_tables(connection);
  if (number_said(connection, "PRAGMA application_id") != application_id)
    throw sqlite::Fault{SQLITE_NOTADB, "another program's database"};
  if (number_said(connection, "PRAGMA user_version") > version)
    throw sqlite::Fault{SQLITE_NOTADB, "written by a newer platen-cloud; install that version"};
  return connection;
}

std::string words_of(const meter::Who& who) {
  std::string out = who.serial + "|" + who.engine_id + "|";
  for (const std::string& mac : who.macs) out.append(out.back() == '|' ? "" : " ").append(mac);
  return out;
}

meter::Who who_of(std::string_view words) {
  const std::size_t first = words.find('|'), second = words.find('|', first + 1);
  meter::Who who{.serial = std::string(words.substr(0, first)),
                 .engine_id = std::string(words.substr(first + 1, second - first - 1)),
                 .macs = {}};
  for (std::string_view rest = words.substr(second + 1); !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    who.macs.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return who;
}

KnownMeter meter_at(const Query& query) {
  return {.number = query.integer(0),
          .row = {.printer = query.text(1),
                  .meter = query.text(2),
                  .source = query.text(3),
                  .unit = query.null(4) ? std::nullopt : std::optional(static_cast<std::int32_t>(query.integer(4)))},
          .leapt = query.integer(5) != 0};
}
constexpr std::string_view meter_columns = "number, printer, name, source, unit, leapt, billed";

std::optional<std::int64_t> milliseconds(const std::optional<WallTime>& time) {
  return time ? std::optional<std::int64_t>(time->time_since_epoch().count()) : std::nullopt;
}

}  // namespace

MeterTables::MeterTables(const std::string& file)
    : connection_(open(file)),
      add_meter_(connection_,
                 "INSERT INTO meters (printer, key, name, source, unit, billed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      find_meter_(connection_,
                  ("SELECT " + std::string(meter_columns) + " FROM meters WHERE printer = ?1 AND key = ?2").c_str()),
      mark_billed_(connection_, "UPDATE meters SET billed = 1 WHERE number = ?1"),
      mark_leapt_(connection_, "UPDATE meters SET leapt = 1 WHERE number = ?1"),
      newest_(connection_, "SELECT record, value, at, who FROM samples WHERE meter = ?1 ORDER BY record DESC LIMIT 2"),
      add_sample_(connection_,
                  "INSERT INTO samples (meter, record, value, at, who) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO "
                  "NOTHING"),
      drop_sample_(connection_, "DELETE FROM samples WHERE meter = ?1 AND record = ?2"),
      add_who_(connection_, "INSERT INTO whos (words) VALUES (?1) ON CONFLICT (words) DO NOTHING"),
      find_who_(connection_, "SELECT number FROM whos WHERE words = ?1"),
      remember_(connection_, "INSERT INTO taken (mark) VALUES (?1) ON CONFLICT DO NOTHING") {}

MeterHead MeterTables::head() {
  Statement find(connection_, "SELECT through, hash, shift FROM head");
  Query query(find);
  if (!query.next()) return {};
  return {.through = query.integer(0), .hash = std::string(query.octets(1)), .shift = query.integer(2)};
}

void MeterTables::set_head(const MeterHead& head) {
  Statement set(connection_, "UPDATE head SET through = ?1, hash = ?2, shift = ?3");
  Query(set, head.through, sqlite::Blob{head.hash}, head.shift).run();
}

bool MeterTables::remember(const FeedRow& row) {
  constexpr std::size_t enough = 16;  // octets: no two of what all agents ever say will meet by chance
  const std::string mark = wire::chain_link(wire::chain_start(row.agent), 0, row.kind, row.octets).substr(0, enough);
  Query(remember_, sqlite::Blob{mark}).run();
  return sqlite3_changes(connection_.handle()) > 0;
}

KnownMeter MeterTables::meter(const std::string& printer, const CounterPoint& point, bool billed) {
  const std::string key = meter::key_of(point);
  {
    Query query(find_meter_, printer, key);
    if (query.next()) {
      KnownMeter found = meter_at(query);
      if (billed && query.integer(6) == 0) Query(mark_billed_, found.number).run();
      return found;
    }
  }
  const MeterRow row{
      .printer = printer, .meter = meter::name_of(point), .source = point.evidence.source, .unit = point.unit};
  Query(add_meter_, printer, key, row.meter, row.source, row.unit, std::int64_t{billed}).run();
  return {.number = connection_.last_rowid(), .row = row, .leapt = false};
}

std::int64_t MeterTables::number_of(const meter::Who& who) {
  const std::string words = words_of(who);
  Query(add_who_, words).run();
  Query query(find_who_, words);
  return query.next() ? query.integer(0) : 0;
}

meter::Who MeterTables::who(std::int64_t number) {
  const auto known = known_.find(number);
  if (known != known_.end()) return known->second;
  Statement find(connection_, "SELECT words FROM whos WHERE number = ?1");
  Query query(find, number);
  return known_[number] = query.next() ? who_of(query.text(0)) : meter::Who{};
}

std::vector<meter::Sample> MeterTables::newest_two(std::int64_t meter) {
  std::vector<meter::Sample> out;
  for (Query query(newest_, meter); query.next();) {
    out.push_back(
        {.order = static_cast<meter::Order>(query.integer(0)),
         .value = {static_cast<std::uint64_t>(query.integer(1)),
                   query.null(2) ? std::nullopt : std::optional(WallTime(std::chrono::milliseconds(query.integer(2))))},
         .who = who(query.integer(3))});
  }
  return out;
}

void MeterTables::add(const KnownMeter& meter, const meter::Sample& sample) {
  const std::vector<meter::Sample> last = newest_two(meter.number);
  const auto equal = [](const meter::Sample& a, const meter::Sample& b) {
    return a.value.count == b.value.count && a.who == b.who && a.value.at.has_value() == b.value.at.has_value();
  };
  if (!last.empty() && !meter.leapt &&
      meter::leap_between(last[0].value, sample.value, meter::change_between(last[0].who, sample.who)))
    Query(mark_leapt_, meter.number).run();
  if (last.size() == 2 && equal(last[0], last[1]) && equal(last[0], sample))
    Query(drop_sample_, meter.number, static_cast<std::int64_t>(last[0].order)).run();
  Query(add_sample_, meter.number, static_cast<std::int64_t>(sample.order),
        static_cast<std::int64_t>(sample.value.count), milliseconds(sample.value.at), number_of(sample.who))
      .run();
}

std::vector<KnownMeter> MeterTables::meters(const std::string& printer, bool only_leapt, bool only_billed) {
  Statement find(connection_, ("SELECT " + std::string(meter_columns) +
                               " FROM meters WHERE (?1 = '' OR printer = ?1) AND leapt >= ?2 AND billed >= ?3 "
                               "ORDER BY printer, length(name), name, source")
                                  .c_str());
  std::vector<KnownMeter> out;
  for (Query query(find, printer, std::int64_t{only_leapt}, std::int64_t{only_billed}); query.next();)
    out.push_back(meter_at(query));
  return out;
}

std::optional<KnownMeter> MeterTables::meter(std::int64_t number) {
  Statement find(connection_, ("SELECT " + std::string(meter_columns) + " FROM meters WHERE number = ?1").c_str());
  Query query(find, number);
  return query.next() ? std::optional(meter_at(query)) : std::nullopt;
}

std::vector<meter::Sample> MeterTables::samples(std::int64_t meter, std::optional<WallTime> from) {
  Statement find(connection_,
                 "SELECT record, value, at, who FROM samples WHERE meter = ?1 AND record >= coalesce((SELECT "
                 "max(record) FROM samples WHERE meter = ?1 AND at <= ?2), 0) ORDER BY record");
  std::vector<meter::Sample> out;
  for (Query query(find, meter, milliseconds(from)); query.next();) {
    out.push_back(
        {.order = static_cast<meter::Order>(query.integer(0)),
         .value = {static_cast<std::uint64_t>(query.integer(1)),
                   query.null(2) ? std::nullopt : std::optional(WallTime(std::chrono::milliseconds(query.integer(2))))},
         .who = who(query.integer(3))});
  }
  return out;
}

void MeterTables::drop_samples_after(meter::Order record) {
  Statement drop(connection_, "DELETE FROM samples WHERE record > ?1");
  Query(drop, static_cast<std::int64_t>(record)).run();
}

std::vector<std::int64_t> MeterTables::touched_by(meter::Order record) {
  Statement find(
      connection_,
      "SELECT s.meter FROM samples s JOIN meters m ON m.number = s.meter WHERE s.record = ?1 AND m.leapt = 1");
  std::vector<std::int64_t> out;
  for (Query query(find, static_cast<std::int64_t>(record)); query.next();) out.push_back(query.integer(0));
  return out;
}

std::vector<meter::Decision> MeterTables::decisions(std::int64_t meter) {
  Statement find(connection_, "SELECT record, confirmed, carry FROM decisions WHERE meter = ?1");
  std::vector<meter::Decision> out;
  for (Query query(find, meter); query.next();) {
    out.push_back({.epoch = static_cast<meter::Order>(query.integer(0)),
                   .confirmed = query.integer(1) != 0,
                   .carry = query.null(2) ? std::nullopt : std::optional(query.integer(2))});
  }
  return out;
}

void MeterTables::decide(std::int64_t meter, const meter::Decision& decision, WallTime now) {
  Statement set(connection_,
                "INSERT INTO decisions (meter, record, confirmed, carry, decided_at) VALUES (?1, ?2, ?3, ?4, ?5) "
                "ON CONFLICT (meter, record) DO UPDATE SET confirmed = excluded.confirmed, carry = excluded.carry, "
                "decided_at = excluded.decided_at");
  Query(set, meter, static_cast<std::int64_t>(decision.epoch), std::int64_t{decision.confirmed}, decision.carry,
        now.time_since_epoch().count())
      .run();
}

void MeterTables::set_forecast(const ForecastRow& forecast) {
  Statement set(connection_,
                "INSERT INTO forecasts (agent, stored_at, octets) VALUES (?1, ?2, ?3) ON CONFLICT (agent) DO UPDATE "
                "SET stored_at = excluded.stored_at, octets = excluded.octets");
  Query(set, forecast.agent, forecast.stored_at.time_since_epoch().count(), sqlite::Blob{forecast.octets}).run();
}

std::vector<ForecastRow> MeterTables::forecasts() {
  Statement find(connection_, "SELECT agent, stored_at, octets FROM forecasts ORDER BY agent");
  std::vector<ForecastRow> out;
  for (Query query(find); query.next();)
    out.push_back({query.text(0), WallTime(std::chrono::milliseconds(query.integer(1))), query.text(2)});
  return out;
}

}  // namespace platen::cloud
