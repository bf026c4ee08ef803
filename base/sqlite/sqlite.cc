#include "base/sqlite/sqlite.h"

#include <system_error>

namespace platen::sqlite {
namespace {

constexpr int patience_ms = 5000;  // for the moment in which another process recovers the WAL

Code code_of(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::corrupt;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH: return Code::denied;
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return Code::bug;
    default: return Code::unavailable;
  }
}

// The extended code says which call failed, when it is about the same thing; errno says why: "disk I/O error" alone helps nobody.
[[noreturn]] void raise(sqlite3* handle, int code) {
  if (handle == nullptr) throw Fault{code, sqlite3_errstr(code)};
  const int extended = sqlite3_extended_errcode(handle), primary = code & 0xFF;
  std::string text = sqlite3_errmsg(handle);
  const int number = sqlite3_system_errno(handle);
  if (number != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN))
    text += " (" + std::generic_category().message(number) + ")";
  throw Fault{(extended & 0xFF) == primary ? extended : code, std::move(text)};
}

}  // namespace

Error to_error(const Fault& fault, const std::string& doing) {
  return Error{code_of(fault.sqlite_code), fault.text}.in(doing);
}

Connection::Connection(const std::string& file, Mode mode) {
  const int flags = (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  handle_.reset(opened);
  if (code != SQLITE_OK) raise(opened, code);
  sqlite3_busy_timeout(opened, patience_ms);
}

void Connection::run(const char* sql) {
  if (const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK) {
    raise(handle_.get(), code);
  }
}

bool Connection::moved() const {
  int answer = 0;
  const int code = sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &answer);
  return code == SQLITE_OK && answer != 0;
}

void Connection::leave_as_it_is() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  run("PRAGMA query_only = ON");
}

Statement::Statement(Connection& connection, const char* sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  handle_.reset(prepared);
  if (code != SQLITE_OK) raise(connection.handle(), code);
}

bool Query::next() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) raise(sqlite3_db_handle(handle_), code);
  return false;
}

std::string Query::text(int column) const { return std::string(octets(column)); }

std::string_view Query::octets(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

void Query::check(int code) const {
  if (code != SQLITE_OK) raise(sqlite3_db_handle(handle_), code);
}
void Query::bind(int at, std::int64_t value) { check(sqlite3_bind_int64(handle_, at, value)); }
void Query::bind(int at, double value) { check(sqlite3_bind_double(handle_, at, value)); }
void Query::bind(int at, std::string_view text) {
  check(sqlite3_bind_text64(handle_, at, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8));
}
void Query::bind(int at, Blob blob) {
  check(sqlite3_bind_blob64(handle_, at, blob.octets.data() == nullptr ? "" : blob.octets.data(), blob.octets.size(),
                            SQLITE_STATIC));
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Snapshot::~Snapshot() { sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }

void Transaction::commit() {
  connection_.run("COMMIT");
  open_ = false;
}

}  // namespace platen::sqlite
