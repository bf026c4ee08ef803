#include "cloud/store/sqlite_writer.h"

#include <algorithm>

#include "cloud/store/candidates.h"
#include "cloud/store/chain_upkeep.h"
#include "cloud/store/schema.h"
#include "cloud/store/store_file.h"
#include "proto/chain.h"
#include "proto/reading_codec.h"

namespace platen::cloud {
namespace {

using sqlite::Blob;
using sqlite::Query;

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

void make_schema(sqlite::Connection& connection) {
  sqlite::Transaction whole(connection);
  connection.run(schema_sql);
  connection.run(("PRAGMA application_id=" + std::to_string(application_id)).c_str());
  connection.run(("PRAGMA user_version=" + std::to_string(schema_version)).c_str());
  whole.commit();
}

std::int64_t version_of(sqlite::Connection& connection) {
  sqlite::Statement statement(connection, "PRAGMA user_version");
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

void bring_up_to_date(sqlite::Connection& connection) {
  sqlite::Transaction whole(connection);
  const std::int64_t version = version_of(connection);
  if (version < 2) {
    connection.run(schema_1_to_2_sql);
    fill_in_hashes(connection);
  }
  if (version < 3) connection.run(schema_2_to_3_sql);
  if (version < 4) connection.run(schema_3_to_4_sql);
  if (version < 5) connection.run(schema_4_to_5_sql);
  connection.run(schema_5_to_6_sql);
  connection.run(("PRAGMA user_version=" + std::to_string(schema_version)).c_str());
  whole.commit();
}

// WAL and FULL: a commit survives a power cut, and readers never wait for it.
sqlite::Connection open_for_writing(const std::string& file) {
  sqlite::Connection connection(file, sqlite::Connection::Mode::read_write);
  if (connection.read_only()) throw sqlite::Fault{SQLITE_READONLY, "the file cannot be written"};
  const Expected<Inspected> found = inspect(connection, file);  // again, now that nobody else can write
  if (!found) throw sqlite::Fault{SQLITE_NOTADB, found.error().text};
  if (found->empty) make_schema(connection);
  if (found->older) bring_up_to_date(connection);
  connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
  return connection;
}

std::uint64_t first_of(const StoredRecord& record) { return record.first == 0 ? record.seq : record.first; }

struct Parts {
  std::span<const StoredRecord> known, fresh;
};
// What is stored already and what is new, or nullopt when they do not go on from `through` without a hole. A withheld
// record may reach from what is stored into what is not: the agent gave up numbers of which only some had come.
std::optional<Parts> parts_of(std::span<const StoredRecord> records, std::uint64_t through) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::uint64_t first = first_of(records[i]);
    if (first == 0 || first > records[i].seq || (i > 0 && first != records[i - 1].seq + 1)) return std::nullopt;
  }
  const auto fresh =
      std::find_if(records.begin(), records.end(), [&](const StoredRecord& record) { return record.seq > through; });
  if (fresh != records.end() && first_of(*fresh) > through + 1) return std::nullopt;
  const auto known = static_cast<std::size_t>(fresh - records.begin());
  return Parts{records.first(known), records.subspan(known)};
}

std::string link_after(const std::string& before, const StoredRecord& record) {
  if (record.kind == wire::withheld_kind) return record.link;
  return wire::chain_link(before, record.seq, record.kind, record.octets);
}

}  // namespace

SqliteWriter::SqliteWriter(const std::string& file)
    : connection_(open_for_writing(file)),
      find_position_(
          connection_,
          "SELECT p.number, p.through, p.hash FROM positions p JOIN agents a ON a.number = p.agent WHERE a.agent = "
          "?1 AND p.epoch = ?2"),
      add_agent_(connection_,
                 "INSERT INTO agents (agent, epoch, version, records, first_seen, last_seen) VALUES (?1, ?2, '', 0, "
                 "?3, ?3) ON CONFLICT (agent) DO NOTHING"),
      add_position_(connection_,
                    "INSERT INTO positions (agent, epoch, through, hash) SELECT number, ?2, 0, ?3 FROM agents WHERE "
                    "agent = ?1 "
                    "ON CONFLICT (agent, epoch) DO NOTHING"),
      move_position_(connection_, "UPDATE positions SET through = ?2, hash = ?3 WHERE number = ?1"),
      touch_agent_(
          connection_,
          "UPDATE agents SET epoch = ?2, records = records + ?3, last_seen = max(last_seen, ?4) WHERE agent = ?1"),
      saw_agent_(
          connection_,
          "UPDATE agents SET epoch = ?2, version = ?3, last_seen = max(last_seen, ?4), newest = ?5, address = ?6 WHERE "
          "agent = ?1"),
      set_trouble_(connection_, "UPDATE agents SET trouble = ?2, trouble_at = ?3 WHERE agent = ?1"),
      find_hash_(connection_, "SELECT hash FROM records WHERE position = ?1 AND seq = ?2"),
      find_origin_(connection_,
                   "SELECT 1 FROM agents a JOIN positions p ON p.agent = a.number JOIN records r ON r.position = "
                   "p.number WHERE a.agent = ?1 AND p.epoch = ?2 AND r.seq = ?3 AND r.hash = ?4 UNION ALL SELECT 1 "
                   "FROM agents a JOIN origins o ON o.agent = a.number WHERE a.agent = ?1 AND o.epoch = ?2 AND o.seq = "
                   "?3 AND o.hash = ?4"),
      add_origin_(connection_,
                  "INSERT OR IGNORE INTO origins (agent, epoch, seq, hash) SELECT number, ?2, ?3, ?4 FROM agents WHERE "
                  "agent = ?1"),
      add_record_(connection_,
                  "INSERT INTO records (position, seq, kind, octets, stored_at, hash, first) VALUES (?1, ?2, ?3, ?4, "
                  "?5, ?6, ?7)"),
      record_octets_(connection_, "SELECT octets FROM records WHERE number = ?1"),
      add_reading_(connection_, "INSERT INTO readings (record, printer, at, total) VALUES (?1, ?2, ?3, ?4)"),
      add_preview_(connection_,
                   "INSERT INTO previews (agent, printer, kind, position, seq, at, octets) SELECT agent, ?2, ?3, ?1, "
                   "?4, ?5, ?6 FROM positions WHERE number = ?1 ON CONFLICT (agent, printer, kind) DO UPDATE SET "
                   "position = ?1, seq = ?4, at = ?5, octets = ?6 WHERE position <> ?1 OR seq < ?4"),
      drop_previews_(connection_, "DELETE FROM previews WHERE position = ?1 AND seq <= ?2"),
      drop_old_previews_(connection_,
                         "DELETE FROM previews WHERE agent = (SELECT agent FROM positions WHERE number = ?1) AND "
                         "position <> ?1"),
      know_newest_(connection_, "UPDATE agents SET newest = max(newest, ?2) WHERE agent = ?1"),
      find_printers_(connection_, candidates_sql),
      add_printer_(
          connection_,
          "INSERT INTO printers (id, serial_key, mac_key, model_key, place, agent, first_seen, last_read, readings, "
          "full_at, full_record, "
          "manufacturer, model, serial, address, name, location, lowest_is, lowest_percent, lowest_name, alerts, "
          "critical_alerts, detected_errors, complete) "
          "VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?6, 0, ?6, ?7, '', '', '', '', '', '', 0, 0, '', 0, 0, '', 1)"),
      id_taken_(connection_, "SELECT 1 FROM printers WHERE id = ?1"),
      find_latest_(connection_,
                   "SELECT id, full_at, full_record, status_at, status_record FROM printers WHERE number = ?1"),
      count_reading_(connection_,
                     "UPDATE printers SET readings = readings + 1, last_read = max(last_read, ?2), first_seen = "
                     "min(first_seen, ?2) WHERE number = ?1"),
      set_latest_(connection_,
                  "UPDATE printers SET full_at = ?2, full_record = ?3, status_at = ?4, status_record = ?5, readings = "
                  "readings + "
                  "1, last_read = max(last_read, ?6), first_seen = min(first_seen, ?6) WHERE number = ?1"),
      set_keys_(connection_,
                "UPDATE printers SET serial_key = iif(?2 <> '', ?2, serial_key), mac_key = iif(?3 <> '', ?3, mac_key), "
                "model_key = iif(?4 <> '', ?4, model_key), place = ?5, agent = ?6 WHERE number = ?1"),
      // "place <> ''" lets SQLite use the partial index: without it, every full reading scanned the fleet
      leave_place_(connection_, "UPDATE printers SET place = '' WHERE place <> '' AND place = ?1 AND number <> ?2"),
      set_row_(connection_,
               "UPDATE printers SET manufacturer = ?2, model = ?3, serial = ?4, address = ?5, name = ?6, location = "
               "?7, total = ?8, mono = ?9, "
               "color = ?10, lowest_is = ?11, lowest_percent = ?12, lowest_name = ?13, alerts = ?14, "
               "critical_alerts = ?15, device_status = ?16, printer_status = ?17, detected_errors = ?18, complete = "
               "?19 WHERE number = ?1") {}

PutResult SqliteWriter::put(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                            WallTime now) {
  sqlite::Transaction batch(connection_);
  struct Forget {  // unless committed, nothing that is remembered is there
    RowMemory* memory;
    ~Forget() {
      if (memory != nullptr) memory->forget();
    }
  } forget{&memory_};
  Position position = position_of(agent, epoch);
  const PutResult nothing{.through_seq = position.through};
  const auto parts = parts_of(records, position.through);
  if (!parts) return {.through_seq = position.through, .gap = true};
  if (!stored_like_this(epoch, position, parts->known)) return {.through_seq = position.through, .fork = true};
  if (parts->fresh.empty()) return nothing;
  if (position.number == 0) position = make_position(agent, epoch, now);
  if (!store_fresh(agent, position, parts->fresh, now)) return {.through_seq = nothing.through_seq, .fork = true};
  Query(move_position_, position.number, static_cast<std::int64_t>(position.through), Blob{position.hash}).run();
  Query(drop_previews_, position.number, static_cast<std::int64_t>(position.through)).run();
  Query(touch_agent_, agent, epoch, static_cast<std::int64_t>(parts->fresh.size()), milliseconds(now)).run();
  batch.commit();
  forget.memory = nullptr;
  return {.through_seq = position.through};
}

// A resend is success only when it is the same: with two histories of one epoch, success would lose the second one.
bool SqliteWriter::stored_like_this(const std::string& epoch, const Position& position,
                                    std::span<const StoredRecord> known) {
  if (known.empty()) return true;
  const std::uint64_t first = first_of(known.front());
  std::optional<std::string> hash = first == 1 ? wire::chain_start(epoch) : hash_of(position, first - 1);
  const std::optional<std::string> stored = hash_of(position, known.back().seq);
  if (!hash || !stored) return true;  // within numbers that were withheld: nothing is there to compare with
  for (const StoredRecord& record : known) hash = link_after(*hash, record);
  return hash == stored;
}

bool SqliteWriter::store_fresh(const std::string& agent, Position& position, std::span<const StoredRecord> fresh,
                               WallTime now) {
  for (const StoredRecord& record : fresh) {
    std::string hash = link_after(position.hash, record);
    if (!record.link.empty() && hash != record.link) return false;
    position.hash = std::move(hash);
    const std::int64_t number = store_record(position, record, now);
    position.through = record.seq;
    if (record.gap) trouble(agent, wire::to_text(*record.gap), now);
    if (record.reading && !known_by_origin(agent, record))
      store_reading({agent, *record.reading, number, milliseconds(std::min(record.reading->read_at, now))});
  }
  return true;
}

std::optional<std::string> SqliteWriter::hash_of(const Position& position, std::uint64_t seq) {
  Query query(find_hash_, position.number, static_cast<std::int64_t>(seq));
  return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

// Remembers the origins of a record that is not, so that it is known when it comes again.
bool SqliteWriter::known_by_origin(const std::string& agent, const StoredRecord& record) {
  for (const wire::Origin& origin : record.origins) {
    if (Query(find_origin_, agent, origin.epoch, static_cast<std::int64_t>(origin.seq), Blob{origin.hash}).next())
      return true;
  }
  for (const wire::Origin& origin : record.origins)
    Query(add_origin_, agent, origin.epoch, static_cast<std::int64_t>(origin.seq), Blob{origin.hash}).run();
  return false;
}

void SqliteWriter::saw_tasks(std::int64_t progress) {
  sqlite::Statement set(connection_, "UPDATE tasks_seen SET progress = ?1");
  Query(set, progress).run();
}

void SqliteWriter::trouble(const std::string& agent, const std::string& text, WallTime now) {
  Query(set_trouble_, agent, text, milliseconds(now)).run();
}

void SqliteWriter::saw(const std::string& agent, const Greeting& greeting, WallTime now) {
  sqlite::Transaction whole(connection_);
  const Position position = make_position(agent, greeting.epoch, now);
  Query(drop_old_previews_, position.number).run();
  Query(saw_agent_, agent, greeting.epoch, greeting.version, milliseconds(now),
        static_cast<std::int64_t>(greeting.newest), greeting.address)
      .run();
  whole.commit();
}

// The newest of each printer and kind. Nothing that makes history or identity is touched.
void SqliteWriter::preview(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                           WallTime now) {
  sqlite::Transaction whole(connection_);
  const Position position = make_position(agent, epoch, now);
  std::int64_t newest = 0;
  for (const StoredRecord& record : records) {
    if (!record.reading || record.seq <= position.through) continue;
    const IdentityKeys keys = keys_of(agent, *record.reading);
    const auto seq = static_cast<std::int64_t>(record.seq);
    Query(add_preview_, position.number, keys.serial + '|' + keys.mac + '|' + keys.place,
          static_cast<std::int64_t>(keys.kind), seq, milliseconds(std::min(record.reading->read_at, now)),
          Blob{record.octets})
        .run();
    newest = std::max(newest, seq);
  }
  Query(know_newest_, agent, newest).run();
  whole.commit();
}

SqliteWriter::Position SqliteWriter::position_of(const std::string& agent, const std::string& epoch) {
  Query query(find_position_, agent, epoch);
  if (query.next()) return {query.integer(0), static_cast<std::uint64_t>(query.integer(1)), query.text(2)};
  return {.hash = wire::chain_start(epoch)};
}

SqliteWriter::Position SqliteWriter::make_position(const std::string& agent, const std::string& epoch, WallTime now) {
  Query(add_agent_, agent, epoch, milliseconds(now)).run();
  const std::string start = wire::chain_start(epoch);
  Query(add_position_, agent, epoch, Blob{start}).run();
  return position_of(agent, epoch);
}

std::int64_t SqliteWriter::store_record(const Position& position, const StoredRecord& record, WallTime now) {
  const std::uint64_t first = std::max(first_of(record), position.through + 1);
  Query(add_record_, position.number, static_cast<std::int64_t>(record.seq), record.kind, Blob{record.octets},
        milliseconds(now), Blob{position.hash}, first == record.seq ? std::nullopt : std::optional(first))
      .run();
  return connection_.last_rowid();
}

void SqliteWriter::store_reading(const Arrived& arrived) {
  const IdentityKeys keys = keys_of(arrived.agent, arrived.reading);
  const Match match = whose(keys);
  if (match.is == Match::Is::nobody) return;
  const std::int64_t printer = match.is == Match::Is::fresh ? make_printer(keys, arrived) : match.number;
  const CounterPoint* total = total_of(arrived.reading);
  Query(add_reading_, arrived.record, printer, arrived.at,
        total == nullptr ? std::nullopt : std::optional(total->value))
      .run();
  Latest latest = latest_of(printer);
  if (!becomes_latest(latest, arrived)) return Query(count_reading_, printer, arrived.at).run();
  Query(set_latest_, printer, latest.full_at, latest.full_record, latest.status_at, latest.status_record, arrived.at)
      .run();
  if (arrived.reading.kind == Reading::Kind::full) take_identity(printer, keys, arrived.agent);
  refresh_row(latest, arrived);
}

Match SqliteWriter::whose(const IdentityKeys& keys) {
  Query query(find_printers_, keys.serial, keys.mac, keys.place);
  return match_printer(keys, candidates_of(query));
}

std::int64_t SqliteWriter::make_printer(const IdentityKeys& keys, const Arrived& arrived) {
  const std::string wish = fresh_id(keys);
  std::string id = wish;
  for (int again = 2; Query(id_taken_, id).next(); ++again) id = wish + "-" + std::to_string(again);
  Query(add_printer_, id, keys.serial, keys.mac, keys.model, arrived.agent, arrived.at, arrived.record).run();
  return connection_.last_rowid();
}

SqliteWriter::Latest SqliteWriter::latest_of(std::int64_t printer) {
  Query query(find_latest_, printer);
  if (!query.next()) throw sqlite::Fault{SQLITE_CORRUPT, "a printer is gone"};
  const auto maybe = [&](int column) {
    return query.null(column) ? std::nullopt : std::optional(query.integer(column));
  };
  return {printer, query.text(0), query.integer(1), query.integer(2), maybe(3), maybe(4)};
}

// Late arrivals (an agent that was offline) are history, not news.
bool SqliteWriter::becomes_latest(Latest& latest, const Arrived& arrived) {
  if (arrived.reading.kind == Reading::Kind::full) {
    if (arrived.at < latest.full_at) return false;
    latest.full_at = arrived.at, latest.full_record = arrived.record;
    if (latest.status_at && *latest.status_at <= arrived.at) latest.status_at.reset(), latest.status_record.reset();
    return true;
  }
  if (arrived.at < latest.full_at || arrived.at < latest.status_at.value_or(arrived.at)) return false;
  latest.status_at = arrived.at, latest.status_record = arrived.record;
  return true;
}

void SqliteWriter::take_identity(std::int64_t printer, const IdentityKeys& keys, const std::string& agent) {
  Query(leave_place_, keys.place, printer).run();
  Query(set_keys_, printer, keys.serial, keys.mac, keys.model, keys.place, agent).run();
}

std::optional<Reading> SqliteWriter::stored(std::int64_t record) {
  Query query(record_octets_, record);
  if (!query.next()) return std::nullopt;
  auto reading = wire::decode_reading(query.octets(0));
  return reading ? std::optional(std::move(*reading)) : std::nullopt;
}

void SqliteWriter::refresh_row(const Latest& latest, const Arrived& arrived) {
  RowMemory::Printer& known = memory_.of(latest.printer);
  std::optional<Reading> read;
  const auto get = [&](std::int64_t record) -> const Reading* {
    if (record == arrived.record) return &arrived.reading;
    read = stored(record);
    return read ? &*read : nullptr;
  };
  if (known.full_record() != latest.full_record) {
    const Reading* full = get(latest.full_record);
    if (full == nullptr) return;  // octets that this version cannot read: the list goes on showing what it showed
    known.take_full(latest.full_record, *full);
  }
  const FleetRow row = known.row(latest.status_record ? get(*latest.status_record) : nullptr);
  if (known.written == row) return;
  const auto flag = [](bool is) { return static_cast<std::int64_t>(is); };
  Query(set_row_, latest.printer, row.manufacturer, row.model, row.serial, row.address, row.name, row.location,
        row.total, row.mono, row.color, static_cast<std::int64_t>(row.lowest.is), row.lowest.percent, row.lowest.name,
        std::int64_t{row.alerts}, std::int64_t{row.critical_alerts}, row.device_status, row.printer_status,
        row.detected_errors, flag(row.complete))
      .run();
  known.written = row;
}

}  // namespace platen::cloud
