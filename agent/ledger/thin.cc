// When space ends: what is worth least goes first, and is counted.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "agent/ledger/book.h"

namespace platen::ledger {
namespace {

using sqlite::Blob;
using sqlite::Query;
using sqlite::Statement;
using sqlite::Transaction;

std::int64_t signed_of(std::uint64_t seq) { return static_cast<std::int64_t>(seq); }
std::uint64_t unsigned_of(std::int64_t seq) { return static_cast<std::uint64_t>(seq); }

// What a thinned number still says. The gap records say the rest, by device.
const std::string& thinned_octets() {
  static const std::string octets = wire::encode_gap({.reason = wire::Gap::Reason::thinned});
  return octets;
}

constexpr std::size_t least_of_a_device = 16;  // on average
constexpr std::size_t least_at_once = 64,
                      most_at_once = 5000;  // but for fleets of which this would be too few to be worth it
constexpr std::uint64_t part = 32;          // of what is there

WallTime at(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

}  // namespace

struct Book::Thinned {
  std::uint64_t seq = 0;
  std::string device;
  std::int64_t appended_ms = 0;
};

// The newest meters of a device are never among them.
std::vector<Book::Thinned> Book::next_to_thin(Worth worth, std::size_t most) {
  Statement statement(
      connection_,
      "SELECT r.seq, d.name, r.appended_ms FROM record r JOIN device d ON d.number = r.device WHERE "
      "d.worth = ?1 AND r.kind <> 'withheld' AND (?1 < ?2 OR r.seq <> d.newest) ORDER BY r.seq LIMIT ?3");
  std::vector<Thinned> found;
  for (Query query(statement, static_cast<std::int64_t>(worth), static_cast<std::int64_t>(Worth::meters),
                   static_cast<std::int64_t>(most));
       query.next();)
    found.push_back({unsigned_of(query.integer(0)), query.text(1), query.integer(2)});
  return found;
}

// Neighbours that are thinned too become one row, which keeps the hash of the last of them: the chain stays whole.
void Book::withhold_thinned(std::uint64_t seq, std::uint64_t first) {
  Statement before(
      connection_,
      "SELECT seq, coalesce(first, seq), octets = ?2 AND kind = 'withheld' FROM record WHERE seq < ?1 ORDER "
      "BY seq DESC LIMIT 1");
  Statement after(connection_,
                  "SELECT seq, octets = ?2 AND kind = 'withheld' FROM record WHERE seq > ?1 ORDER BY seq LIMIT 1");
  Statement drop(connection_, "DELETE FROM record WHERE seq = ?1");
  Statement set(
      connection_,
      "UPDATE record SET kind = 'withheld', octets = ?3, first = ?2, frame = NULL, device = NULL, origins = NULL "
      "WHERE seq = ?1");
  if (Query query(before, signed_of(seq), Blob{thinned_octets()}); query.next() && query.integer(2) != 0) {
    first = unsigned_of(query.integer(1));
    Query(drop, query.integer(0)).run();
  }
  std::uint64_t end = seq;
  if (Query query(after, signed_of(seq), Blob{thinned_octets()}); query.next() && query.integer(1) != 0) {
    end = unsigned_of(query.integer(0));
    Query(drop, signed_of(seq)).run();
  }
  Query(set, signed_of(end), signed_of(first), Blob{thinned_octets()}).run();
}

// Small parts, so that what is worth more is not taken in one sweep with what is worth less; enough for the whole fleet.
std::size_t Book::thinned_at_once(const Head& head) {
  Statement statement(connection_, "SELECT count(DISTINCT name) FROM device");
  Query query(statement);
  const std::size_t devices = query.next() ? unsigned_of(query.integer(0)) : 0;
  return std::max({least_at_once, 2 * least_of_a_device * devices,
                   std::min<std::size_t>(most_at_once, (head.last - head.acknowledged) / part)});
}

// Each device gets a gap record, which takes room too.
bool Book::is_worth_it(const std::vector<Thinned>& rows) {
  std::set<std::string_view> devices;
  for (const Thinned& row : rows) devices.insert(row.device);
  return !rows.empty() && rows.size() >= least_of_a_device * devices.size();
}

std::pair<Head, std::size_t> Book::thin(Head head, WallTime now) {
  Transaction transaction(connection_);
  const std::size_t most = thinned_at_once(head);
  std::vector<Thinned> rows;
  for (const Worth worth : {Worth::status, Worth::supplies, Worth::meters}) {
    rows = next_to_thin(worth, most);
    if (is_worth_it(rows)) break;
    rows.clear();
  }
  if (rows.empty()) return {std::move(head), 0};
  std::map<std::string, wire::Gap> gaps;
  for (const Thinned& row : rows) {
    withhold_thinned(row.seq, row.seq);
    wire::Gap& gap = gaps[row.device];
    gap.records = gap.records.value_or(0) + 1;
    gap.from = std::min(gap.from.value_or(at(row.appended_ms)), at(row.appended_ms));
    gap.through = std::max(gap.through.value_or(at(row.appended_ms)), at(row.appended_ms));
  }
  std::vector<Draft> records;
  for (auto& [device, gap] : gaps) {
    gap.reason = wire::Gap::Reason::thinned, gap.device = device;
    records.push_back({.kind = std::string(wire::gap_kind), .octets = wire::encode_gap(gap)});
  }
  insert(head, records, now);
  connection_.run(
      "DELETE FROM frame WHERE number IN (SELECT frame FROM retired) AND number NOT IN (SELECT frame FROM record WHERE "
      "frame IS NOT NULL); DELETE FROM retired WHERE frame NOT IN (SELECT number FROM frame)");
  transaction.commit();
  return {std::move(head), rows.size()};
}

}  // namespace platen::ledger
