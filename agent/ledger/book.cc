#include "agent/ledger/book.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "agent/ledger/chain.h"
#include "base/text.h"

namespace platen::ledger {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Query;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::int64_t application_id = 0x504C544C;  // "PLTL", in the file's header
constexpr std::int64_t schema_version = 1;

constexpr const char* schema = R"(
  CREATE TABLE head(
    only INTEGER PRIMARY KEY CHECK(only = 1),
    epoch TEXT NOT NULL,
    last INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL CHECK(acknowledged <= last),
    last_hash BLOB NOT NULL,
    acknowledged_hash BLOB NOT NULL) STRICT;
  CREATE TABLE record(
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    octets BLOB NOT NULL,
    hash BLOB NOT NULL,
    appended_ms INTEGER NOT NULL) STRICT;
  PRAGMA application_id = 1347179596;
  PRAGMA user_version = 1;
)";
static_assert(application_id == 1347179596 && schema_version == 1);

// EXCLUSIVE keeps every other connection out, so that one connection alone writes and checkpoints, and needs no -shm
// file.
constexpr const char* alone = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;";
constexpr const char* durable =
    "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; PRAGMA wal_autocheckpoint = 1000;";
constexpr std::int64_t spare_pages = 1024;  // kept free for the next records; more is given back to the file system

std::int64_t number(Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

std::int64_t signed_of(std::uint64_t seq) { return static_cast<std::int64_t>(seq); }
std::uint64_t unsigned_of(std::int64_t seq) { return static_cast<std::uint64_t>(seq); }

Expected<void> make_if_missing(const std::string& file) {
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (made >= 0) return ::close(made), Expected<void>{};
  const int number = errno;
  const std::string why = file + ": " + std::generic_category().message(number);
  if (number == ENOENT || number == ENOTDIR) return fail(Code::not_found, why + "; make its folder first");
  if (number == EISDIR) return fail(Code::invalid, why + "; name a file, not a folder");
  if (number == EACCES || number == EPERM || number == EROFS)
    return fail(Code::denied, why + "; give this user the right to write the file and its folder");
  return fail(Code::unavailable, why);
}

Expected<bool> is_new(Connection& connection, const std::string& file) {
  const std::int64_t id = number(connection, "PRAGMA application_id");
  const std::int64_t version = number(connection, "PRAGMA user_version");
  if (id == 0 && version == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0) return true;
  if (id != application_id)
    return fail(Code::corrupt,
                file + " is another program's database, not a ledger; name another file, or move it away");
  if (version > schema_version) {
    return fail(Code::invalid,
                fmt::format("{} was written by a newer platen-agent (schema {}, this one knows {}); install "
                            "that version, or move the file away",
                            file, version, schema_version));
  }
  return false;
}

void create(Connection& connection) {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw sqlite::Fault{SQLITE_IOERR, "no random numbers from the system for a new epoch"};
  const std::string epoch = to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
  const std::string hash = chain_start(epoch);
  Transaction transaction(connection);
  connection.run(schema);
  Statement statement(connection, "INSERT INTO head VALUES(1, ?1, 0, 0, ?2, ?2)");
  Query(statement, epoch, Blob{hash}).run();
  transaction.commit();
}

void enter_wal(Connection& connection) {
  Statement statement(connection, "PRAGMA journal_mode = WAL");
  Query query(statement);
  if (!query.next() || query.text(0) != "wal")
    throw sqlite::Fault{SQLITE_IOERR, "its file system cannot hold a write-ahead log"};
}

}  // namespace

Expected<std::unique_ptr<Book>> Book::open(const std::string& file) try {
  if (auto made = make_if_missing(file); !made) return fail(made.error());
  Connection connection(file, Connection::Mode::read_write);
  connection.run(alone);
  auto fresh = is_new(connection, file);
  if (!fresh) return fail(fresh.error());
  if (connection.read_only()) return fail(Code::denied, file + ": no right to write it; give it to this user");
  if (*fresh) connection.run("PRAGMA auto_vacuum = INCREMENTAL");
  enter_wal(connection);
  connection.run(durable);
  if (*fresh) create(connection);
  return std::make_unique<Book>(std::move(connection));
} catch (const sqlite::Fault& fault) {
  Error error = sqlite::to_error(fault, "ledger " + file);
  if (error.code == Code::corrupt)
    error.text += "; it is no ledger or it is damaged: move it away and a new one is made";
  return fail(std::move(error));
}

Book::Book(Connection connection)
    : connection_(std::move(connection)),
      insert_(connection_, "INSERT INTO record VALUES(?1, ?2, ?3, ?4, ?5)"),
      range_(connection_, "SELECT seq, kind, octets, hash FROM record WHERE seq > ?1 ORDER BY seq"),
      hash_of_(connection_, "SELECT hash FROM record WHERE seq = ?1"),
      drop_through_(connection_, "DELETE FROM record WHERE seq <= ?1"),
      drop_after_(connection_, "DELETE FROM record WHERE seq > ?1"),
      set_head_(connection_, "UPDATE head SET last = ?1, acknowledged = ?2, last_hash = ?3, acknowledged_hash = ?4"),
      get_head_(connection_, "SELECT epoch, last, acknowledged, last_hash, acknowledged_hash FROM head") {}

Head Book::head() {
  Query query(get_head_);
  if (!query.next()) throw sqlite::Fault{SQLITE_CORRUPT, "it has no head"};
  return {query.text(0), unsigned_of(query.integer(1)), unsigned_of(query.integer(2)), query.text(3), query.text(4)};
}

void Book::write(const Head& head) {
  Query(set_head_, signed_of(head.last), signed_of(head.acknowledged), Blob{head.last_hash},
        Blob{head.acknowledged_hash})
      .run();
}

Head Book::append(Head head, std::string_view kind, std::span<const std::string> records, WallTime now) {
  Transaction transaction(connection_);
  for (const std::string& octets : records) {
    head.last_hash = chain_link(head.last_hash, ++head.last, kind, octets);
    Query(insert_, signed_of(head.last), kind, Blob{octets}, Blob{head.last_hash},
          std::int64_t{now.time_since_epoch().count()})
        .run();
  }
  write(head);
  transaction.commit();
  return head;
}

Head Book::trim(Head head, std::uint64_t through) {
  {
    Query query(hash_of_, signed_of(through));
    if (!query.next()) throw sqlite::Fault{SQLITE_CORRUPT, fmt::format("record {} is missing", through)};
    head.acknowledged_hash = query.text(0);
  }
  head.acknowledged = through;
  Transaction transaction(connection_);
  Query(drop_through_, signed_of(through)).run();
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
  write(head);
  transaction.commit();
}

std::vector<Entry> Book::after(std::uint64_t seq, std::size_t max_octets) {
  std::vector<Entry> entries;
  std::size_t octets = 0;
  Query query(range_, signed_of(seq));
  while (query.next()) {
    octets += query.octets(2).size();
    if (!entries.empty() && octets > max_octets) break;
    entries.push_back({unsigned_of(query.integer(0)), query.text(1), query.text(2)});
  }
  return entries;
}

std::string Book::fault() {
  Statement check(connection_, "PRAGMA integrity_check(1)");
  Query integrity(check);
  if (integrity.next() && integrity.text(0) != "ok") return integrity.text(0);
  const Head head = this->head();
  std::uint64_t seq = head.acknowledged;
  std::string hash = head.acknowledged_hash;
  Query query(range_, std::int64_t{0});
  while (query.next()) {
    const std::uint64_t here = unsigned_of(query.integer(0));
    if (here != seq + 1) return fmt::format("records {} to {} are missing", seq + 1, here - 1);
    hash = chain_link(hash, here, query.octets(1), query.octets(2));
    if (hash != query.octets(3)) return fmt::format("record {} was changed, or the one before it was cut out", here);
    seq = here;
  }
  if (seq != head.last) return fmt::format("records {} to {} are missing", seq + 1, head.last);
  if (hash != head.last_hash) return "the newest record is not the one that was written last";
  return "";
}

}  // namespace platen::ledger
