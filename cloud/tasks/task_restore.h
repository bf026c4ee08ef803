// What the book of tasks still knows when it, or the store beside it, was restored from an older copy (TaskBook: Restored).
//
//   Errors   throws sqlite::Fault. Threads: one at a time, within a transaction.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/sqlite/sqlite.h"

namespace platen::cloud {

// False: the book is older than `seen`, and was made good.
[[nodiscard]] bool is_as_new_as(sqlite::Connection& book, std::int64_t seen, WallTime now);
// False: the store's record under our number has another hash, and the book was made good.
[[nodiscard]] bool goes_on_from(sqlite::Connection& book, const std::string& hash, WallTime now);

}  // namespace platen::cloud
