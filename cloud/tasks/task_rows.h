// The tables of tasks.db, and what their rows mean. Times are Unix milliseconds UTC.
//
//   Errors   throws sqlite::Fault. Threads: one at a time.
#pragma once

#include <string>

#include "base/sqlite/sqlite.h"
#include "cloud/tasks/task_book.h"

namespace platen::cloud {

// Empty: makes the tables. Errors: Code::corrupt another program's file, Code::invalid a newer one's.
[[nodiscard]] Expected<void> make_task_tables(sqlite::Connection& connection, const std::string& file);

// For SELECTs from `tasks`; task_row() reads them from column 0 on.
inline constexpr const char* task_columns =
    "number, agent, id, kind, about, made_by, made, not_after, delivered, running, cancelled, withdrawn, over, "
    "outcome, "
    "began, ended, done, of, text, output_octets, unsure";
[[nodiscard]] TaskRow task_row(const sqlite::Query& query, WallTime now);

// A platen.v1.TaskResult within its bounds. Code::invalid: it is none.
struct ReadResult {
  std::string task_id, text, output;
  std::int64_t outcome = 0;  // platen.v1.TaskResult.Outcome, one that we know
  std::int64_t began_ms = 0, ended_ms = 0;
};
[[nodiscard]] Expected<ReadResult> read_task_result(const std::string& octets);

}  // namespace platen::cloud
