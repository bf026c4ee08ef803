// The file of the store before anybody writes to it: can we, is it ours, does its schema fit, is it free?
//
//   Errors   Code::not_found, Code::denied rights, Code::corrupt another file, Code::invalid a newer schema,
//            Code::conflict a second writer (with its process id). Each says what to do.
//   Effects  a foreign file is never written to. The file is never opened past SQLite: closing such a descriptor would
//   drop the
//            POSIX locks of every connection that this process has on it (sqlite.org/howtocorrupt.html §2.2).
#pragma once

#include <string>

#include "base/expected.h"
#include "base/sqlite/sqlite.h"

namespace platen::cloud {

inline constexpr int schema_version = 6;
inline constexpr int application_id = 0x506C4364;  // "PlCd"

[[nodiscard]] Expected<void> make_file_if_missing(const std::string& file);  // empty, 0600
[[nodiscard]] Expected<void> check_rights(const std::string& file, sqlite::Connection::Mode mode);

struct Inspected {
  bool empty = false;  // made a moment ago: no schema yet
  bool older = false;  // of an earlier version: whoever may write brings it up to date
};
[[nodiscard]] Expected<Inspected> inspect(sqlite::Connection& connection, const std::string& file);

// Held as long as this process may write: flock on FILE.lock, which a crash releases.
class WriterLock {
 public:
  [[nodiscard]] static Expected<WriterLock> take(const std::string& file);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace platen::cloud
