// SQLite as Platen's databases use it: a connection, a prepared statement, a transaction.
//
//   Errors   `Fault` is thrown inside the room that uses it and becomes an Error at that room's port; it never leaves
//   it.
//   Threads  none of its own: the owner of a connection holds its mutex.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::sqlite {

struct Fault {
  int sqlite_code = 0;  // extended: its low octet is the primary one
  std::string text;
};
[[nodiscard]] Error to_error(const Fault& fault, const std::string& doing);

class Connection {
 public:
  enum class Mode { read_write, read_only };
  Connection(const std::string& file, Mode mode);
  void run(const char* sql);  // one statement or several, without answers
  [[nodiscard]] std::int64_t last_rowid() const { return sqlite3_last_insert_rowid(handle_.get()); }
  [[nodiscard]] bool read_only() const { return sqlite3_db_readonly(handle_.get(), "main") == 1; }
  [[nodiscard]] bool moved() const;  // its name is another file's now, or nobody's
  void leave_as_it_is();             // from now on nothing changes the file, not even closing it
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// Use: Query(statement, arguments…) binds; while (query.next()) … query.integer(0) …; it is reset when it goes.
// Text and blobs are bound without a copy: they must live as long as the query.
class Statement {
 public:
  Statement(Connection& connection, const char* sql);
  [[nodiscard]] sqlite3_stmt* handle() const { return handle_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

struct Blob {
  std::string_view octets;
};

class Query {
 public:
  template <class... Arguments>
  explicit Query(Statement& statement, const Arguments&... arguments) : handle_(statement.handle()) {
    int at = 0;
    (bind(++at, arguments), ...);
  }
  ~Query() { sqlite3_reset(handle_), sqlite3_clear_bindings(handle_); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  [[nodiscard]] bool next();  // true: a row stands there
  void run() {                // for statements without answers
    while (next()) {
    }
  }

  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(handle_, column); }
  [[nodiscard]] double real(int column) const { return sqlite3_column_double(handle_, column); }
  [[nodiscard]] bool null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::string_view octets(int column) const;  // lives until the next next()

 private:
  void bind(int at, std::int64_t value);
  void bind(int at, double value);
  void bind(int at, std::string_view text);
  void bind(int at, Blob blob);
  void bind(int at, const std::string& text) { bind(at, std::string_view(text)); }
  void bind(int at, const std::optional<Blob>& blob) {
    if (blob) bind(at, *blob);
  }
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    if (value) bind(at, static_cast<std::int64_t>(*value));  // absent stays NULL, which is what an unbound parameter is
  }
  void check(int code) const;

  sqlite3_stmt* handle_;
};

// Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) { connection_.run("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

// What is read while it lives is of one moment.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : connection_(connection) { connection_.run("BEGIN"); }
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

}  // namespace platen::sqlite
