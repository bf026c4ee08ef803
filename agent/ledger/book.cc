#include "agent/ledger/book.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "proto/chain.h"

namespace platen::ledger {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Query;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::int64_t spare_pages = 1024;   // kept free for the next records; more is given back to the file system
constexpr std::int64_t most_parked = 1000;   // the newest
constexpr std::size_t worth_a_frame = 256;   // octets; smaller records stand for themselves
constexpr std::uint64_t long_ago = 100'000;  // records; a device that was not read since is forgotten at the next start

std::int64_t number(Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

std::int64_t signed_of(std::uint64_t seq) { return static_cast<std::int64_t>(seq); }
std::uint64_t unsigned_of(std::int64_t seq) { return static_cast<std::uint64_t>(seq); }

std::optional<Blob> blob_or_null(const std::string& octets) {
  return octets.empty() ? std::nullopt : std::optional(Blob{octets});
}

bool fits(const std::string& before, const Entry& entry) {
  if (entry.kind == wire::withheld_kind || before.empty()) return true;
  return wire::chain_link(before, entry.seq, entry.kind, entry.octets) == entry.hash;
}

}  // namespace

Book::Book(Connection connection)
    : connection_(std::move(connection)),
      insert_(connection_,
              "INSERT INTO record(seq, kind, octets, hash, appended_ms, origins, device, frame) VALUES(?1, ?2, ?3, ?4, "
              "?5, ?6, ?7, ?8)"),
      range_(connection_,
             "SELECT r.seq, r.kind, r.octets, r.hash, r.first, r.origins, f.octets, d.name, d.worth FROM record r LEFT "
             "JOIN frame "
             "f ON f.number = r.frame LEFT JOIN device d ON d.number = r.device WHERE r.seq > ?1 ORDER BY r.seq"),
      hash_of_(connection_, "SELECT hash FROM record WHERE seq = ?1"),
      covering_(connection_, "SELECT seq, hash FROM record WHERE seq >= ?1 ORDER BY seq LIMIT 1"),
      drop_through_(connection_, "DELETE FROM record WHERE seq <= ?1"),
      drop_after_(connection_, "DELETE FROM record WHERE seq > ?1"),
      shorten_(connection_, "UPDATE record SET first = ?2 WHERE seq = ?1"),
      withhold_(connection_,
                "UPDATE record SET kind = 'withheld', octets = ?2, frame = NULL, origins = NULL WHERE seq = ?1"),
      set_head_(connection_, "UPDATE head SET last = ?1, acknowledged = ?2, last_hash = ?3, acknowledged_hash = ?4"),
      get_head_(connection_, "SELECT epoch, last, acknowledged, last_hash, acknowledged_hash, owner FROM head"),
      find_device_(connection_,
                   "SELECT d.number, d.newest, d.frame, f.octets FROM device d LEFT JOIN frame f ON f.number = d.frame "
                   "WHERE d.name = ?1 AND d.worth = ?2"),
      add_device_(connection_, "INSERT INTO device(name, worth, newest) VALUES(?1, ?2, 0)"),
      set_device_(connection_, "UPDATE device SET newest = ?2, frame = ?3 WHERE number = ?1"),
      add_frame_(connection_, "INSERT INTO frame(octets) VALUES(?1)"),
      retire_frame_(connection_, "INSERT OR REPLACE INTO retired(last_seq, frame) VALUES(?1, ?2)"),
      drop_frames_(connection_, "DELETE FROM frame WHERE number IN (SELECT frame FROM retired WHERE last_seq <= ?1)"),
      drop_retired_(connection_, "DELETE FROM retired WHERE last_seq <= ?1") {}

Head Book::head() {
  Query query(get_head_);
  if (!query.next()) throw sqlite::Fault{SQLITE_CORRUPT, "it has no head"};
  return {.owner = query.text(5),
          .epoch = query.text(0),
          .last = unsigned_of(query.integer(1)),
          .acknowledged = unsigned_of(query.integer(2)),
          .last_hash = query.text(3),
          .acknowledged_hash = query.text(4)};
}

std::string Book::implausible(const Head& head) {
  const auto range = [this](const char* which) { return number(connection_, which); };
  const std::uint64_t oldest = unsigned_of(range("SELECT coalesce(first, seq) FROM record ORDER BY seq LIMIT 1"));
  const std::uint64_t newest = unsigned_of(range("SELECT seq FROM record ORDER BY seq DESC LIMIT 1"));
  const bool empty = head.acknowledged == head.last;
  if (empty ? newest == 0 : oldest == head.acknowledged + 1 && newest == head.last) return "";
  return fmt::format("it does not hold the records {} to {} that it counts", head.acknowledged + 1, head.last);
}

void Book::write(const Head& head) {
  Query(set_head_, signed_of(head.last), signed_of(head.acknowledged), Blob{head.last_hash},
        Blob{head.acknowledged_hash})
      .run();
}

void Book::insert(Head& head, std::span<const Draft> records, WallTime now) {
  for (const Draft& record : records) {
    head.last_hash = wire::chain_link(head.last_hash, ++head.last, record.kind, record.octets);
    if (!record.device.empty() && record.octets.size() >= worth_a_frame) {
      insert_reading(head.last, record, head.last_hash, now);
      continue;
    }
    Query(insert_, signed_of(head.last), record.kind, Blob{record.octets}, Blob{head.last_hash},
          std::int64_t{now.time_since_epoch().count()}, blob_or_null(record.origins))
        .run();
  }
  write(head);
}

// As the difference to the device's frame, or, when there is none or too little is the same, as its new frame.
void Book::insert_reading(std::uint64_t seq, const Draft& record, const std::string& hash, WallTime now) {
  const auto worth = static_cast<std::int64_t>(record.worth);
  std::int64_t device = 0;
  std::uint64_t newest = 0;
  std::optional<std::int64_t> frame;
  std::string patch;
  if (Query query(find_device_, record.device, worth); query.next()) {
    device = query.integer(0), newest = unsigned_of(query.integer(1));
    if (!query.null(2)) frame = query.integer(2);
    if (frame) patch = make_patch_.make(query.octets(3), record.octets);
  }
  if (device == 0) Query(add_device_, record.device, worth).run(), device = connection_.last_rowid();
  if (patch.empty() || patch.size() > record.octets.size() / 2)
    patch.clear(), frame = new_frame(newest, frame, record.octets);
  Query(set_device_, device, signed_of(seq), frame).run();
  Query(insert_, signed_of(seq), record.kind, Blob{patch}, Blob{hash}, std::int64_t{now.time_since_epoch().count()},
        blob_or_null(record.origins), device, frame)
      .run();
}

std::int64_t Book::new_frame(std::uint64_t newest, std::optional<std::int64_t> old, const std::string& octets) {
  if (old) Query(retire_frame_, signed_of(newest), *old).run();
  Query(add_frame_, Blob{octets}).run();
  return connection_.last_rowid();
}

// Columns: those of range_.
Entry Book::entry_at(const Query& query) {
  Entry entry{.seq = unsigned_of(query.integer(0)),
              .kind = query.text(1),
              .octets = query.text(2),
              .hash = query.text(3),
              .origins = query.text(5),
              .device = query.text(7)};
  if (!entry.device.empty()) entry.worth = static_cast<Worth>(query.integer(8));
  entry.first = query.null(4) ? entry.seq : unsigned_of(query.integer(4));
  if (query.null(6)) return entry;
  if (entry.octets.empty()) {
    entry.octets = query.text(6);
  } else {
    auto whole = patch_.apply(query.octets(6), entry.octets);
    if (!whole) throw sqlite::Fault{SQLITE_CORRUPT, fmt::format("record {}: {}", entry.seq, whole.error().text)};
    entry.octets = *std::move(whole);
  }
  return entry;
}

Head Book::append(Head head, std::span<const Draft> records, WallTime now) {
  Transaction transaction(connection_);
  insert(head, records, now);
  transaction.commit();
  return head;
}

// `through` may lie within numbers that were withheld here after the cloud had stored them one by one.
Head Book::trim(Head head, std::uint64_t through) {
  Transaction transaction(connection_);
  std::uint64_t end = 0;
  {
    Query query(covering_, signed_of(through));
    if (!query.next()) throw sqlite::Fault{SQLITE_CORRUPT, fmt::format("record {} is missing", through)};
    end = unsigned_of(query.integer(0));
    head.acknowledged_hash = end == through ? query.text(1) : "";
  }
  if (end != through) Query(shorten_, signed_of(end), signed_of(through + 1)).run();
  head.acknowledged = through;
  Query(drop_through_, signed_of(through)).run();
  Query(drop_frames_, signed_of(through)).run();
  Query(drop_retired_, signed_of(through)).run();
  write(head);
  give_space_back();
  transaction.commit();
  return head;
}

void Book::give_space_back() {
  if (number(connection_, "PRAGMA freelist_count") > spare_pages) connection_.run("PRAGMA incremental_vacuum(256)");
}

void Book::cut_back_to(const Head& head) {
  Transaction transaction(connection_);
  Query(drop_after_, signed_of(head.last)).run();
  Statement newest(connection_,
                   "UPDATE device SET newest = coalesce((SELECT max(seq) FROM record WHERE device = device.number), 0) "
                   "WHERE newest > ?1");
  Query(newest, signed_of(head.last)).run();
  write(head);
  transaction.commit();
}

void Book::begin_rescue(const Rescue& rescue) {
  Statement statement(connection_, "INSERT OR IGNORE INTO rescue VALUES(?1, ?2, 0, 0)");
  Query(statement, rescue.file, signed_of(rescue.missing)).run();
}

std::vector<Rescue> Book::rescues() {
  Statement statement(connection_, "SELECT file, missing, after, carried FROM rescue ORDER BY rowid");
  std::vector<Rescue> found;
  for (Query query(statement); query.next();) {
    found.push_back(
        {query.text(0), unsigned_of(query.integer(1)), unsigned_of(query.integer(2)), unsigned_of(query.integer(3))});
  }
  return found;
}

Head Book::carry_over(Head head, const Rescue& rescue, std::span<const Draft> records, WallTime now) {
  Transaction transaction(connection_);
  insert(head, records, now);
  Statement statement(connection_, "UPDATE rescue SET after = ?2, carried = ?3 WHERE file = ?1");
  Query(statement, rescue.file, signed_of(rescue.after), signed_of(rescue.carried)).run();
  transaction.commit();
  return head;
}

Head Book::end_rescue(Head head, const Rescue& rescue, const Draft& gap, WallTime now) {
  Transaction transaction(connection_);
  insert(head, {&gap, 1}, now);
  Statement statement(connection_, "DELETE FROM rescue WHERE file = ?1");
  Query(statement, rescue.file).run();
  transaction.commit();
  return head;
}

bool Book::park(const Head& head, std::uint64_t seq, const std::string& why, WallTime now) {
  const wire::Gap gap{.reason = wire::Gap::Reason::parked, .records = 1, .text = why};
  const std::string octets = wire::encode_gap(gap);
  Transaction transaction(connection_);
  const auto found = after(head, seq - 1, 0);
  if (found.empty() || found.front().seq != seq || found.front().kind == wire::withheld_kind) return false;
  const Entry& entry = found.front();
  Statement keep(connection_, "INSERT INTO parked VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  Query(keep, head.epoch, signed_of(seq), entry.kind, Blob{entry.octets}, Blob{entry.hash}, blob_or_null(entry.origins),
        why, std::int64_t{now.time_since_epoch().count()})
      .run();
  Statement bound(connection_, "DELETE FROM parked WHERE rowid <= (SELECT max(rowid) FROM parked) - ?1");
  Query(bound, most_parked).run();
  Query(withhold_, signed_of(seq), Blob{octets}).run();
  transaction.commit();
  return true;
}

std::vector<Entry> Book::after(const Head& head, std::uint64_t seq, std::size_t max_octets) {
  std::vector<Entry> entries;
  std::size_t octets = 0;
  seq = std::max(seq, head.acknowledged);
  std::string before = hash_at(head, seq);
  for (Query query(range_, signed_of(seq)); query.next();) {
    Entry entry = entry_at(query);
    octets += entry.octets.size();
    if (!entries.empty() && octets > max_octets) break;
    if (!fits(before, entry))
      throw sqlite::Fault{SQLITE_CORRUPT, fmt::format("record {} was changed, or the one before it was", entry.seq)};
    before = entry.hash;
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<Entry> Book::newest_of_each(std::uint64_t after, std::uint64_t before, std::size_t max_octets) {
  Statement newest(connection_,
                   "SELECT max(newest) AS seq FROM device GROUP BY name, worth = ?1 HAVING seq > ?2 AND seq < ?3 ORDER "
                   "BY seq DESC");
  std::vector<Entry> entries;
  std::size_t octets = 0;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (Query query(newest, static_cast<std::int64_t>(Worth::status), signed_of(after),
                   before > unsigned_of(most) ? most : signed_of(before));
       query.next();) {
    Query row(range_, query.integer(0) - 1);
    if (!row.next() || row.integer(0) != query.integer(0)) continue;
    Entry entry = entry_at(row);
    if (entry.kind != wire::reading_kind) continue;  // thinned or parked meanwhile
    octets += entry.octets.size();
    if (!entries.empty() && octets > max_octets) break;
    entries.push_back(std::move(entry));
  }
  return entries;
}

void Book::each(const std::function<void(const Entry&)>& told) {
  for (Query query(range_, std::int64_t{0}); query.next();) told(entry_at(query));
}

std::string Book::hash_at(const Head& head, std::uint64_t seq) {
  if (seq == 0) return wire::chain_start(head.epoch);
  if (seq == head.last) return head.last_hash;
  if (seq == head.acknowledged) return head.acknowledged_hash;
  Query query(hash_of_, signed_of(seq));
  return query.next() ? query.text(0) : "";
}

void Book::forget_old_devices(const Head& head) {
  if (head.acknowledged < long_ago) return;
  Transaction transaction(connection_);
  Statement frames(connection_, "DELETE FROM frame WHERE number IN (SELECT frame FROM device WHERE newest < ?1)");
  Statement devices(connection_, "DELETE FROM device WHERE newest < ?1");
  for (Statement* each : {&frames, &devices}) Query(*each, signed_of(head.acknowledged - long_ago)).run();
  transaction.commit();
}

std::uint64_t Book::parked() { return unsigned_of(number(connection_, "SELECT count(*) FROM parked")); }

std::uint64_t Book::octets_in_use() {
  const std::int64_t pages = number(connection_, "PRAGMA page_count") - number(connection_, "PRAGMA freelist_count");
  return unsigned_of(pages * number(connection_, "PRAGMA page_size"));
}

}  // namespace platen::ledger
