#include "agent/tasks/book.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <random>

#include "agent/host/files.h"
#include "base/log.h"
#include "base/text.h"

namespace platen::tasks {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Query;
using sqlite::Statement;
using sqlite::Transaction;

constexpr unsigned owner_only = 0600;
constexpr std::int64_t version = 1;
constexpr std::chrono::hours kept_after_end{24}, old_keys_stay{24};
constexpr int outputs_kept = 32;

constexpr const char* durable = R"(
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA trusted_schema = OFF;
)";

// since: NULL while it is not known from when on this book is complete. ends: NULL while no end is known.
constexpr const char* schema = R"(
CREATE TABLE head(only INTEGER PRIMARY KEY CHECK(only = 1), version INTEGER NOT NULL, owner TEXT NOT NULL, lineage TEXT NOT NULL,
                  begun INTEGER NOT NULL, epoch TEXT NOT NULL, since INTEGER);
CREATE TABLE task(id TEXT PRIMARY KEY, kind TEXT NOT NULL, not_after INTEGER NOT NULL, over INTEGER NOT NULL, sent INTEGER NOT NULL,
                  outcome INTEGER NOT NULL, text TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL, output BLOB);
CREATE INDEX task_unsent ON task(ended) WHERE over = 1 AND sent = 0;
CREATE INDEX task_ended ON task(ended);
CREATE TABLE key(public_key BLOB PRIMARY KEY, ends INTEGER);
)";

constexpr const char* result_columns = "id, outcome, text, began, ended, output";

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }
WallTime time_of(std::int64_t value) { return WallTime(std::chrono::milliseconds(value)); }

std::string new_lineage() {
  std::random_device random;
  std::string octets;
  for (int i = 0; i < 16; ++i) octets += static_cast<char>(random() & 0xFFU);
  return to_hex(octets);
}

std::string owner_of(Connection& connection) {
  Statement check(connection, "PRAGMA quick_check(1)");
  Query whole(check);
  if (!whole.next() || whole.text(0) != "ok") throw sqlite::Fault{SQLITE_CORRUPT, "it is damaged"};
  Statement statement(connection, "SELECT owner, version FROM head");
  Query head(statement);
  if (!head.next() || head.integer(1) != version) throw sqlite::Fault{SQLITE_CORRUPT, "it is of another version"};
  return head.text(0);
}

void make(Connection& connection, const std::string& owner, bool nothing_before) {
  Transaction transaction(connection);
  connection.run(schema);
  Statement insert(connection, "INSERT INTO head VALUES(1, ?1, ?2, ?3, 0, '', ?4)");
  const std::string lineage = new_lineage();
  Query(insert, version, owner, lineage, nothing_before ? std::optional<std::int64_t>(0) : std::nullopt).run();
  transaction.commit();
}

Connection connect(const std::string& file) {
  Connection connection(file, Connection::Mode::read_write);
  connection.run(durable);
  return connection;
}

bool is_empty(const std::string& file) {
  std::error_code fault;
  const auto size = std::filesystem::file_size(file, fault);
  return !fault && size == 0;
}

void put_aside(const std::string& file, const std::string& why) {
  std::error_code ignored;
  std::filesystem::rename(file, file + ".aside", ignored);
  std::filesystem::remove(file + "-wal", ignored);
  std::filesystem::remove(file + "-shm", ignored);
  log::warn("tasks.book.begun-anew", {{"file", file}, {"why", why}});
}

}  // namespace

Expected<std::unique_ptr<Book>> Book::open(const std::string& state_dir, const std::string& owner, WallTime now) {
  const std::string file = state_dir + "/tasks.db";
  const auto mark = read_mark(state_dir);
  for (bool second = false;; second = true) {
    const auto made = host::write_file(file, "", owner_only, host::Existing::keep);
    if (!made && made.error().code != Code::conflict) return fail(made.error());
    try {
      const bool begin = is_empty(file) && !std::filesystem::exists(file + "-wal");
      Connection connection = connect(file);
      if (begin) make(connection, owner, mark && mark->lineage == fresh);
      if (owner_of(connection) != owner) throw sqlite::Fault{SQLITE_CORRUPT, "it is another agent's"};
      auto book = std::make_unique<Book>(state_dir, std::move(connection));
      const bool ours = mark && mark->lineage == book->lineage_ && mark->begun <= book->begun_;
      if (!ours && !begin) book->mistrust();
      book->interrupt_the_begun(now);
      if (const auto written = write_mark(state_dir, {book->lineage_, book->begun_}); !written)
        return fail(written.error());
      return book;
    } catch (const sqlite::Fault& fault) {
      const Error error = to_error(fault, file);
      if (error.code != Code::corrupt || second) return fail(error);
      put_aside(file, error.text);
    }
  }
}

Book::Book(std::string state_dir, Connection connection)
    : state_dir_(std::move(state_dir)), connection_(std::move(connection)) {
  load();
  load_keys();
}

void Book::load() {
  Statement statement(connection_, "SELECT lineage, begun, epoch, since FROM head");
  Query head(statement);
  if (!head.next()) throw sqlite::Fault{SQLITE_CORRUPT, "it has no head"};
  lineage_ = head.text(0);
  begun_ = static_cast<std::uint64_t>(head.integer(1));
  epoch_ = head.text(2);
  since_ = head.null(3) ? std::nullopt : std::optional(time_of(head.integer(3)));
}

void Book::load_keys() {
  keys_.clear();
  Statement statement(connection_, "SELECT public_key, ends FROM key");
  for (Query query(statement); query.next();) {
    TrustedKey key{.public_key = std::string(query.octets(0))};
    if (!query.null(1)) key.until = time_of(query.integer(1));
    keys_.push_back(std::move(key));
  }
}

void Book::settle(WallTime since) {
  Statement statement(connection_, "UPDATE head SET since = ?1");
  Query(statement, ms(since)).run();
  since_ = since;
}

void Book::mistrust() {
  connection_.run("UPDATE head SET since = NULL");
  since_.reset();
}

void Book::go_with(const std::string& epoch) {
  Statement statement(connection_, "UPDATE head SET epoch = ?1");
  Query(statement, epoch).run();
  epoch_ = epoch;
}

wire::TaskResult Book::result_in(const Query& query) const {
  return {.task_id = query.text(0),
          .outcome = static_cast<wire::TaskResult::Outcome>(std::clamp<std::int64_t>(query.integer(1), 0, 8)),
          .text = query.text(2),
          .began = time_of(query.integer(3)),
          .ended = time_of(query.integer(4)),
          .output = std::string(query.octets(5))};
}

std::optional<Book::Row> Book::find(const std::string& task_id) {
  Statement statement(connection_,
                      "SELECT id, outcome, text, began, ended, output, over, output IS NULL FROM task WHERE id = ?1");
  Query query(statement, task_id);
  if (!query.next()) return std::nullopt;
  return Row{.over = query.integer(6) != 0, .result = result_in(query), .whole = query.integer(7) == 0};
}

void Book::begin(const std::vector<Name>& names, WallTime now) {
  Transaction transaction(connection_);
  Statement insert(connection_, "INSERT INTO task VALUES(?1, ?2, ?3, 0, 0, 0, '', ?4, 0, x'')");
  for (const Name& name : names) Query(insert, name.task_id, name.kind, ms(name.not_after), ms(now)).run();
  connection_.run("UPDATE head SET begun = begun + 1");
  transaction.commit();
  ++begun_;
  if (const auto written = write_mark(state_dir_, {lineage_, begun_}); !written)
    throw sqlite::Fault{SQLITE_IOERR, written.error().text};
}

void Book::finish(const Name& name, const wire::TaskResult& result) {
  Statement statement(
      connection_,
      "INSERT INTO task VALUES(?1, ?2, ?3, 1, 0, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(id) DO UPDATE SET over = 1, "
      "outcome = ?4, text = ?5, began = ?6, ended = ?7, output = ?8");
  Query(statement, name.task_id, name.kind, ms(name.not_after), static_cast<std::int64_t>(result.outcome), result.text,
        ms(result.began), ms(result.ended), Blob{result.output})
      .run();
}

void Book::interrupt_the_begun(WallTime now) {
  Statement statement(connection_, "UPDATE task SET over = 1, outcome = ?1, text = ?2, ended = ?3 WHERE over = 0");
  Query(statement, static_cast<std::int64_t>(wire::TaskResult::Outcome::interrupted),
        std::string("the agent ended in the middle of it; it is not run again"), ms(now))
      .run();
}

std::vector<wire::TaskResult> Book::unsent(std::size_t most) {
  const std::string sql =
      fmt::format("SELECT {} FROM task WHERE over = 1 AND sent = 0 ORDER BY ended, id LIMIT ?1", result_columns);
  Statement statement(connection_, sql.c_str());
  std::vector<wire::TaskResult> out;
  for (Query query(statement, static_cast<std::int64_t>(most)); query.next();) out.push_back(result_in(query));
  return out;
}

void Book::sent(const std::string& task_id) {
  Transaction transaction(connection_);
  Statement statement(connection_, "UPDATE task SET sent = 1 WHERE id = ?1");
  Query(statement, task_id).run();
  Statement strip(connection_,
                  "UPDATE task SET output = NULL WHERE sent = 1 AND length(output) > 0 AND id NOT IN "
                  "(SELECT id FROM task WHERE length(output) > 0 ORDER BY ended DESC LIMIT ?1)");
  Query(strip, std::int64_t{outputs_kept}).run();
  transaction.commit();
}

std::vector<Book::Past> Book::newest(std::size_t most) {
  Statement statement(
      connection_,
      "SELECT id, outcome, text, began, ended, NULL, kind, over FROM task ORDER BY over, ended DESC LIMIT ?1");
  std::vector<Past> out;
  for (Query query(statement, static_cast<std::int64_t>(most)); query.next();)
    out.push_back({.kind = query.text(6), .over = query.integer(7) != 0, .result = result_in(query)});
  return out;
}

void Book::prune(WallTime now) {
  Statement statement(connection_, "DELETE FROM task WHERE sent = 1 AND not_after < ?1");
  Query(statement, ms(now - kept_after_end)).run();
}

void Book::adopt(const std::string& public_key, WallTime now) {
  const bool known =
      std::any_of(keys_.begin(), keys_.end(), [&](const TrustedKey& key) { return key.public_key == public_key; });
  if (public_key.empty() || known) return;
  Transaction transaction(connection_);
  Statement end(connection_, "UPDATE key SET ends = ?1 WHERE ends IS NULL OR ends > ?1");
  Query(end, ms(now + old_keys_stay)).run();
  Statement insert(connection_, "INSERT INTO key VALUES(?1, NULL)");
  Query(insert, Blob{public_key}).run();
  transaction.commit();
  load_keys();
}

void Book::trust(const std::string& public_key, const std::string& instead_of, WallTime old_until) {
  Transaction transaction(connection_);
  Statement end(connection_, "UPDATE key SET ends = min(coalesce(ends, ?2), ?2) WHERE public_key = ?1");
  Query(end, Blob{instead_of}, ms(old_until)).run();
  Statement insert(connection_, "INSERT INTO key VALUES(?1, NULL) ON CONFLICT(public_key) DO UPDATE SET ends = NULL");
  Query(insert, Blob{public_key}).run();
  transaction.commit();
  load_keys();
}

}  // namespace platen::tasks
