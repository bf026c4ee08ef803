// Opening, making and bringing up to date of the ledger's file.
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "agent/ledger/book.h"
#include "base/text.h"
#include "proto/chain.h"

namespace platen::ledger {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Query;
using sqlite::Statement;
using sqlite::Transaction;

// A record that leans on a frame has a patch (proto/patch.h) against that frame's octets, or nothing when it is the same.
// A device has one frame for each kind of reading; the ones before are retired until no record needs them.
constexpr const char* schema = R"(
  CREATE TABLE head(
    only INTEGER PRIMARY KEY CHECK(only = 1),
    epoch TEXT NOT NULL,
    last INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL CHECK(acknowledged <= last),
    last_hash BLOB NOT NULL,
    acknowledged_hash BLOB NOT NULL,
    owner TEXT NOT NULL DEFAULT '') STRICT;
  CREATE TABLE record(
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    octets BLOB NOT NULL,
    hash BLOB NOT NULL,
    appended_ms INTEGER NOT NULL,
    first INTEGER,
    device INTEGER,
    frame INTEGER,
    origins BLOB) STRICT;
)";
constexpr const char* schema_of_version_2 = R"(
  CREATE TABLE device(number INTEGER PRIMARY KEY, name TEXT NOT NULL, worth INTEGER NOT NULL, newest INTEGER NOT NULL,
    frame INTEGER, UNIQUE(name, worth)) STRICT;
  CREATE TABLE frame(number INTEGER PRIMARY KEY, octets BLOB NOT NULL) STRICT;
  CREATE TABLE retired(last_seq INTEGER PRIMARY KEY, frame INTEGER NOT NULL) STRICT;
  CREATE TABLE parked(epoch TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, octets BLOB NOT NULL,
    hash BLOB NOT NULL, origins BLOB, why TEXT NOT NULL, parked_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE rescue(file TEXT PRIMARY KEY, missing INTEGER NOT NULL, after INTEGER NOT NULL, carried INTEGER NOT NULL) STRICT;
)";
constexpr const char* version_1_to_2 = R"(
  ALTER TABLE head ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  ALTER TABLE record ADD COLUMN first INTEGER;
  ALTER TABLE record ADD COLUMN device INTEGER;
  ALTER TABLE record ADD COLUMN frame INTEGER;
  ALTER TABLE record ADD COLUMN origins BLOB;
)";
constexpr const char* marks_of_version_2 = "PRAGMA application_id = 1347179596; PRAGMA user_version = 2;";
static_assert(application_id == 1347179596 && schema_version == 2);

// EXCLUSIVE keeps every other connection out, so that one connection alone writes and checkpoints, and needs no -shm
// file.
constexpr const char* alone = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;";
constexpr const char* durable =
    "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; PRAGMA wal_autocheckpoint = 1000;";

std::int64_t number(Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

// SQLite would make the file readable as the umask says, and would report a missing folder as "unable to open".
Expected<void> make_if_missing(const std::string& file) {
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  const int number = errno;
  if (made >= 0) return ::close(made), Expected<void>();
  const std::string why = file + ": " + std::generic_category().message(number);
  if (number == ENOENT || number == ENOTDIR) return fail(Code::not_found, why + "; make its folder first");
  if (number == EISDIR) return fail(Code::corrupt, why);
  if (number == EACCES || number == EPERM || number == EROFS)
    return fail(Code::denied, why + "; give this user the right to write the file and its folder");
  return fail(Code::unavailable, why);
}

enum class Found { empty, older, ours };

Expected<Found> inspect(Connection& connection, const std::string& file) {
  const std::int64_t id = number(connection, "PRAGMA application_id");
  const std::int64_t version = number(connection, "PRAGMA user_version");
  if (id == 0 && version == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0) return Found::empty;
  if (id != application_id) return fail(Code::corrupt, file + " is another program's database, not a ledger");
  if (version > schema_version || version < 1) {
    return fail(Code::corrupt, fmt::format("{} was written by another version of platen-agent (schema {}, this one "
                                           "knows {})",
                                           file, version, schema_version));
  }
  return version < schema_version ? Found::older : Found::ours;
}

void bring_up_to_date(Connection& connection) {
  Transaction transaction(connection);
  connection.run(version_1_to_2);
  connection.run(schema_of_version_2);
  connection.run(marks_of_version_2);
  transaction.commit();
}

void enter_wal(Connection& connection) {
  Statement statement(connection, "PRAGMA journal_mode = WAL");
  Query query(statement);
  if (!query.next() || query.text(0) != "wal")
    throw sqlite::Fault{SQLITE_IOERR, "its file system cannot hold a write-ahead log"};
}

std::string owner_of(Connection& connection) {
  Statement statement(connection, "SELECT owner FROM head");
  Query query(statement);
  return query.next() ? query.text(0) : "";
}

void own(Connection& connection, const std::string& owner) {
  Statement statement(connection, "UPDATE head SET owner = ?1");
  Query(statement, owner).run();
}

// What SQLite says of a file that is none of its own, or of a schema that is not the one its version promises.
bool has_to_go(const sqlite::Fault& fault) {
  const int kind = fault.sqlite_code & 0xFF;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_ERROR || kind == SQLITE_FORMAT;
}

Error error_of(const sqlite::Fault& fault, const std::string& file) {
  Error error = sqlite::to_error(fault, "ledger " + file);
  if (has_to_go(fault)) error.code = Code::corrupt;
  return error;
}

}  // namespace

Connection open_alone(const std::string& file) {
  Connection connection(file, Connection::Mode::read_write);
  connection.run(alone);
  return connection;
}

void make_schema(Connection& connection, const std::string& owner) {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw sqlite::Fault{SQLITE_IOERR, "no random numbers from the system for a new epoch"};
  const std::string epoch = to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
  const std::string hash = wire::chain_start(epoch);
  Transaction transaction(connection);
  connection.run(schema);
  connection.run(schema_of_version_2);
  connection.run(marks_of_version_2);
  Statement statement(
      connection,
      "INSERT INTO head(only, epoch, last, acknowledged, last_hash, acknowledged_hash, owner) VALUES(1, "
      "?1, 0, 0, ?2, ?2, ?3)");
  Query(statement, epoch, Blob{hash}, owner).run();
  transaction.commit();
}

Expected<std::unique_ptr<Book>> Book::open(const std::string& file, const std::string& owner) {
  if (auto made = make_if_missing(file); !made) return fail(made.error());
  Connection connection = open_alone(file);
  const auto found = inspect(connection, file);
  if (!found) return fail(found.error());
  if (connection.read_only()) return fail(Code::denied, file + ": no right to write it; give it to this user");
  if (*found == Found::empty) connection.run("PRAGMA auto_vacuum = INCREMENTAL");
  enter_wal(connection);
  connection.run(durable);
  if (*found == Found::empty) make_schema(connection, owner);
  if (*found == Found::older) bring_up_to_date(connection);
  const std::string theirs = owner_of(connection);
  if (theirs.empty() && !owner.empty()) own(connection, owner);
  if (!theirs.empty() && !owner.empty() && theirs != owner)
    return fail(Code::corrupt, fmt::format("{} is the ledger of agent \"{}\", not of \"{}\"", file, theirs, owner));
  return std::make_unique<Book>(std::move(connection));
}

Expected<std::unique_ptr<Book>> Book::open_to_look(const std::string& file) try {
  Connection connection = open_alone(file);
  connection.leave_as_it_is();
  const auto found = inspect(connection, file);
  if (!found) return fail(found.error());
  if (*found != Found::ours)
    return fail(Code::invalid,
                file + " is empty, or of an older version; the agent brings it up to date when it starts");
  return std::make_unique<Book>(std::move(connection));
} catch (const sqlite::Fault& fault) {
  return fail(error_of(fault, file));
}

}  // namespace platen::ledger
