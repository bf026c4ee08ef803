#include "cloud/store/sqlite_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "proto/chain.h"
#include "proto/reading_codec.h"

namespace platen::cloud {
namespace {

using sqlite::Query;
using sqlite::Statement;

WallTime time_at(const Query& query, int column) { return WallTime{std::chrono::milliseconds{query.integer(column)}}; }

std::uint64_t count_at(const Query& query, int column) { return static_cast<std::uint64_t>(query.integer(column)); }

template <class T>
std::optional<T> maybe_at(const Query& query, int column) {
  return query.null(column) ? std::nullopt : std::optional(static_cast<T>(query.integer(column)));
}

Reading decoded(std::string_view octets, const std::string& whose) {
  auto reading = wire::decode_reading(octets);
  if (!reading)
    throw sqlite::Fault{SQLITE_CORRUPT, "a stored reading of " + whose + " cannot be read: " + reading.error().text};
  return std::move(*reading);
}

std::int64_t limit_of(std::size_t newest) {
  return static_cast<std::int64_t>(std::min<std::size_t>(newest, std::numeric_limits<std::int64_t>::max()));
}

FleetRow fleet_row_at(const Query& query) {
  return {.id = query.text(0),
          .agent = query.text(1),
          .manufacturer = query.text(2),
          .model = query.text(3),
          .serial = query.text(4),
          .address = query.text(5),
          .name = query.text(6),
          .location = query.text(7),
          .total = maybe_at<std::uint64_t>(query, 8),
          .mono = maybe_at<std::uint64_t>(query, 9),
          .color = maybe_at<std::uint64_t>(query, 10),
          .lowest = {.is = static_cast<LowestSupply::Is>(query.integer(11)),
                     .percent = query.real(12),
                     .name = query.text(13)},
          .alerts = static_cast<std::uint32_t>(query.integer(14)),
          .critical_alerts = static_cast<std::uint32_t>(query.integer(15)),
          .device_status = maybe_at<std::int32_t>(query, 16),
          .printer_status = maybe_at<std::int32_t>(query, 17),
          .detected_errors = query.text(18),
          .complete = query.integer(19) != 0,
          .last_read = time_at(query, 20)};
}

}  // namespace

SqliteReader::SqliteReader(const std::string& file) : connection_(file, sqlite::Connection::Mode::read_only) {}

Standing SqliteReader::standing(const std::string& agent, const std::string& epoch) {
  Statement find(
      connection_,
      "SELECT through, hash FROM positions p JOIN agents a ON a.number = p.agent WHERE a.agent = ?1 AND p.epoch = ?2");
  Query query(find, agent, epoch);
  return query.next() ? Standing{count_at(query, 0), query.text(1)} : Standing{0, wire::chain_start(epoch)};
}

std::optional<std::string> SqliteReader::octets(const std::string& agent, const std::string& epoch, std::uint64_t seq) {
  Statement find(connection_,
                 "SELECT r.octets FROM agents a JOIN positions p ON p.agent = a.number JOIN records r ON r.position = "
                 "p.number WHERE a.agent = ?1 AND p.epoch = ?2 AND r.seq = ?3 AND r.kind <> 'withheld'");
  Query query(find, agent, epoch, static_cast<std::int64_t>(seq));
  return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

std::vector<AgentRow> SqliteReader::agents() {
  Statement all(
      connection_,
      "SELECT a.agent, a.epoch, a.version, coalesce(p.through, 0), a.records, a.first_seen, a.last_seen, a.trouble, "
      "coalesce(a.trouble_at, 0), a.newest, (SELECT coalesce(sum(r.seq - coalesce(r.first, r.seq) + 1), 0) FROM "
      "positions o JOIN records r ON r.position = o.number AND r.kind = 'withheld' WHERE o.agent = a.number), "
      "a.address FROM "
      "agents a LEFT JOIN positions p ON p.agent = a.number AND p.epoch = a.epoch ORDER "
      "BY a.agent");
  std::vector<AgentRow> rows;
  for (Query query(all); query.next();) {
    rows.push_back({.agent = query.text(0),
                    .epoch = query.text(1),
                    .version = query.text(2),
                    .through_seq = count_at(query, 3),
                    .records = count_at(query, 4),
                    .newest = std::max(count_at(query, 9), count_at(query, 3)),
                    .withheld = count_at(query, 10),
                    .first_seen = time_at(query, 5),
                    .last_seen = time_at(query, 6),
                    .trouble = query.text(7),
                    .trouble_at = time_at(query, 8),
                    .address = query.text(11)});
  }
  return rows;
}

std::vector<PrinterRow> SqliteReader::printers(const std::string& id) {
  const sqlite::Snapshot snapshot(connection_);
  const Previews previews(connection_);
  std::vector<PrinterRow> rows = printers(id, previews);
  for (const PrinterRow& stranger : previews.strangers()) {
    if (id.empty() || id == stranger.id) rows.push_back(stranger);
  }
  if (!previews.strangers().empty()) std::ranges::sort(rows, {}, &PrinterRow::id);
  return rows;
}

std::vector<PrinterRow> SqliteReader::printers(const std::string& id, const Previews& previews) {
  Statement find(
      connection_,
      "SELECT p.id, p.agent, p.first_seen, p.last_read, p.readings, f.octets, s.octets, p.number, p.full_at, "
      "p.status_at FROM printers p "
      "JOIN records f ON f.number = p.full_record LEFT JOIN records s ON s.number = p.status_record "
      "WHERE ?1 = '' OR p.id = ?1 ORDER BY p.id");
  std::vector<PrinterRow> rows;
  for (Query query(find, id); query.next();) {
    PrinterRow row{.id = query.text(0),
                   .agent = query.text(1),
                   .latest = {},
                   .first_seen = time_at(query, 2),
                   .last_read = time_at(query, 3),
                   .readings = count_at(query, 4)};
    row.latest = decoded(query.octets(5), row.id);
    std::optional<Timed> status;
    if (!query.null(6)) status = Timed{query.integer(9), decoded(query.octets(6), row.id)};
    take_newest(row, query.integer(8), std::move(status), previews.of(query.integer(7)));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ReadingRow> SqliteReader::readings(const std::string& printer_id, std::size_t newest) {
  const std::string sql =
      std::string(
          "SELECT p.id, a.agent, o.epoch, c.seq, c.octets FROM readings r JOIN printers p ON p.number = r.printer ") +
      "JOIN records c ON c.number = r.record JOIN positions o ON o.number = c.position JOIN agents a ON a.number = "
      "o.agent " +
      (printer_id.empty() ? "WHERE ?1 = ''" : "WHERE p.id = ?1") + " ORDER BY r.at DESC, r.record DESC LIMIT ?2";
  Statement find(connection_, sql.c_str());
  std::vector<ReadingRow> rows;
  for (Query query(find, printer_id, limit_of(newest)); query.next();) {
    rows.push_back(
        {query.text(0), query.text(1), query.text(2), count_at(query, 3), decoded(query.octets(4), query.text(0))});
  }
  return rows;
}

std::vector<FleetRow> SqliteReader::fleet() {
  const sqlite::Snapshot snapshot(connection_);
  const Previews previews(connection_);
  Statement all(connection_,
                "SELECT id, agent, manufacturer, model, serial, address, name, location, total, mono, color, "
                "lowest_is, lowest_percent, lowest_name, alerts, critical_alerts, device_status, printer_status, "
                "detected_errors, complete, "
                "last_read, number FROM printers ORDER BY id");
  std::vector<FleetRow> rows;
  for (Query query(all); query.next();) {
    rows.push_back(fleet_row_at(query));
    if (previews.of(query.integer(21)) != nullptr) rows.back() = fleet_row(printers(query.text(0), previews).at(0));
  }
  for (const PrinterRow& stranger : previews.strangers()) rows.push_back(fleet_row(stranger));
  if (!previews.strangers().empty()) std::ranges::sort(rows, {}, &FleetRow::id);
  return rows;
}

std::vector<HistoryPoint> SqliteReader::history(const std::string& printer_id, std::size_t newest) {
  Statement find(connection_,
                 "SELECT r.at, r.total FROM readings r JOIN printers p ON p.number = r.printer WHERE p.id = ?1 "
                 "ORDER BY r.at DESC, r.record DESC LIMIT ?2");
  std::vector<HistoryPoint> points;
  for (Query query(find, printer_id, limit_of(newest)); query.next();) {
    points.push_back({time_at(query, 0), maybe_at<std::uint64_t>(query, 1)});
  }
  return points;
}

std::vector<FeedRow> SqliteReader::feed(std::int64_t after, std::size_t most) {
  Statement find(connection_,
                 "SELECT c.number, a.agent, c.kind, c.stored_at, coalesce(p.id, ''), c.octets, c.hash FROM records c "
                 "JOIN positions o ON o.number = c.position JOIN agents a ON a.number = o.agent "
                 "LEFT JOIN readings r ON r.record = c.number LEFT JOIN printers p ON p.number = r.printer "
                 "WHERE c.number > ?1 AND c.kind IN ('reading', 'forecast') ORDER BY c.number LIMIT ?2");
  std::vector<FeedRow> rows;
  for (Query query(find, after, limit_of(most)); query.next();) {
    FeedRow row{.number = query.integer(0),
                .agent = query.text(1),
                .kind = query.text(2),
                .stored_at = time_at(query, 3),
                .printer_id = query.text(4),
                .reading = {},
                .octets = std::string(query.octets(5)),
                .hash = std::string(query.octets(6))};
    auto reading = row.printer_id.empty() ? fail(Error{}) : wire::decode_reading(row.octets);
    if (reading) row.reading = std::move(*reading);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::int64_t SqliteReader::tasks_seen() {
  Statement find(connection_, "SELECT progress FROM tasks_seen");
  Query query(find);
  return query.next() ? query.integer(0) : 0;
}

std::vector<FeedRow> SqliteReader::task_results(std::int64_t after, std::size_t most) {
  Statement find(
      connection_,
      "SELECT c.number, a.agent, c.kind, c.stored_at, c.octets, c.hash FROM records c JOIN positions o ON o.number = "
      "c.position JOIN agents a ON a.number = o.agent WHERE c.kind IN ('task-begun', 'task-result') AND c.number > ?1 "
      "ORDER BY "
      "c.number LIMIT ?2");
  std::vector<FeedRow> rows;
  for (Query query(find, after, limit_of(most)); query.next();) {
    rows.push_back({.number = query.integer(0),
                    .agent = query.text(1),
                    .kind = query.text(2),
                    .stored_at = time_at(query, 3),
                    .printer_id = {},
                    .reading = {},
                    .octets = std::string(query.octets(4)),
                    .hash = std::string(query.octets(5))});
  }
  return rows;
}

}  // namespace platen::cloud
