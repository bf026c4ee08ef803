// The ledger's file: its schema, the checks before anything is touched, and the statements that read and write it.
//
//   Errors   open: Expected, with the way out. Everything else throws sqlite::Fault, which ledger.cc turns into an
//   Error.
//   Threads  none of its own: ledger.cc holds a mutex.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/ledger/ledger.h"
#include "base/sqlite/sqlite.h"

namespace platen::ledger {

// What the file says of itself, in one row.
struct Head {
  std::string epoch;
  std::uint64_t last = 0, acknowledged = 0;
  std::string last_hash, acknowledged_hash;  // chain.h
};

class Book {
 public:
  // Makes the file when there is none, or an empty one.
  [[nodiscard]] static Expected<std::unique_ptr<Book>> open(const std::string& file);
  explicit Book(sqlite::Connection connection);

  [[nodiscard]] Head head();
  // Writes records and head in one transaction; returns the head as it is now on disk.
  [[nodiscard]] Head append(Head head, std::string_view kind, std::span<const std::string> records, WallTime now);
  [[nodiscard]] Head trim(Head head, std::uint64_t through);
  // Takes back what a failed commit may have left behind: the file ends with `head` again.
  void cut_back_to(const Head& head);
  [[nodiscard]] std::vector<Entry> after(std::uint64_t seq, std::size_t max_octets);
  // Reads everything. The first sentence that is not true, or "".
  [[nodiscard]] std::string fault();

 private:
  void write(const Head& head);
  void give_space_back();

  sqlite::Connection connection_;
  sqlite::Statement insert_, range_, hash_of_, drop_through_, drop_after_, set_head_, get_head_;
};

}  // namespace platen::ledger
