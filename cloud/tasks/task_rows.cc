#include "cloud/tasks/task_rows.h"

#include <array>

#include "platen/v1/tasks.pb.h"
#include "proto/quiet.h"

namespace platen::cloud {
namespace {

using sqlite::Query;
using sqlite::Statement;
using Outcome = v1::TaskResult;

constexpr std::int64_t tasks_application = 0x506C546B, tasks_version = 3;  // "PlTk"
constexpr std::size_t longest_text = 4096, longest_output = std::size_t{256} * 1024;

constexpr const char* tasks_schema = R"sql(
CREATE TABLE tasks (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  agent      TEXT NOT NULL,
  id         TEXT NOT NULL,
  kind       TEXT NOT NULL,
  about      TEXT NOT NULL,
  made_by    TEXT NOT NULL,
  octets     BLOB NOT NULL,                -- platen.v1.Task: what is signed
  made       INTEGER NOT NULL,
  not_after  INTEGER NOT NULL,
  announced  INTEGER,                      -- it went to a broker
  delivered  INTEGER, running INTEGER,     -- when the agent had it, and began it, as far as we heard
  done       INTEGER NOT NULL DEFAULT 0, of INTEGER NOT NULL DEFAULT 0,
  cancelled  INTEGER,                      -- somebody asked for that
  withdrawn  INTEGER NOT NULL DEFAULT 0,   -- cancelled before anybody had it
  over       INTEGER, outcome INTEGER,     -- the agent's first result
  began      INTEGER, ended INTEGER,
  text       TEXT NOT NULL DEFAULT '',
  output_octets INTEGER NOT NULL DEFAULT 0,
  unsure     INTEGER,                      -- when a database was found restored, and with it what became of this unknown
  UNIQUE (agent, id)
) STRICT;
CREATE INDEX tasks_by_id ON tasks (id);
CREATE INDEX tasks_by_agent ON tasks (agent, number);
CREATE INDEX open_tasks ON tasks (agent, number, not_after) WHERE outcome IS NULL AND withdrawn = 0;

CREATE TABLE outputs (                     -- apart, so that lists do not read them
  task       INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
  octets     BLOB NOT NULL
) STRICT;

CREATE TABLE agent_keys (                  -- by which key an agent knows us
  agent      TEXT PRIMARY KEY,
  key_id     BLOB NOT NULL,
  since      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE head (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  through    INTEGER NOT NULL,             -- number of the last record taken from the store
  hash       BLOB NOT NULL DEFAULT x'',    -- the chain's at that record
  progress   INTEGER NOT NULL DEFAULT 0    -- rises with every change
) STRICT;
INSERT INTO head (one, through) VALUES (1, 0);
)sql";

// Whatever changes a task; nobody has to think of it.
constexpr const char* progress_sql = R"sql(
CREATE TRIGGER task_made    AFTER INSERT ON tasks BEGIN UPDATE head SET progress = progress + 1; END;
CREATE TRIGGER task_changed AFTER UPDATE ON tasks BEGIN UPDATE head SET progress = progress + 1; END;
)sql";

// From version 1, which did not count how often tasks were made.
constexpr const char* tasks_1_to_2 = "CREATE INDEX tasks_by_agent ON tasks (agent, number)";
// From version 2, which could not tell that a database was restored from an older copy.
constexpr const char* tasks_2_to_3 = R"sql(
ALTER TABLE tasks ADD COLUMN unsure INTEGER;
ALTER TABLE head  ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE head  ADD COLUMN progress INTEGER NOT NULL DEFAULT 0;
)sql";

struct OutcomeWords {
  int outcome;  // v1::TaskResult::Outcome
  TaskStanding standing;
};
constexpr OutcomeWords outcomes[] = {
    {Outcome::DONE, TaskStanding::done},           {Outcome::FAILED, TaskStanding::failed},
    {Outcome::EXPIRED, TaskStanding::expired},     {Outcome::FORBIDDEN, TaskStanding::forbidden},
    {Outcome::REFUSED, TaskStanding::refused},     {Outcome::INTERRUPTED, TaskStanding::interrupted},
    {Outcome::CANCELLED, TaskStanding::cancelled}, {Outcome::NOT_YET, TaskStanding::not_yet},
};

constexpr std::array<std::string_view, 12> words = {"queued",      "delivered", "running",   "done",
                                                    "failed",      "expired",   "forbidden", "refused",
                                                    "interrupted", "cancelled", "not-yet",   "unknown"};

std::int64_t number_said(sqlite::Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

std::optional<WallTime> time_in(const Query& query, int column) {
  if (query.null(column)) return std::nullopt;
  return WallTime(std::chrono::milliseconds(query.integer(column)));
}
WallTime time_at(const Query& query, int column) { return time_in(query, column).value_or(WallTime{}); }

// At the border of a character of UTF-8, so that what is kept can be shown.
std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

// `unsure`: what became of it may have been lost; what is certain is said as long as there is something.
TaskStanding standing_of(const TaskRow& row, std::optional<std::int64_t> outcome, bool withdrawn, bool unsure,
                         WallTime now) {
  if (outcome) {
    for (const OutcomeWords& each : outcomes) {
      if (each.outcome == *outcome) return each.standing;
    }
    return TaskStanding::failed;
  }
  if (unsure && (withdrawn || now >= row.not_after)) return TaskStanding::unknown;
  if (withdrawn) return TaskStanding::cancelled;
  if (row.running) return TaskStanding::running;
  if (now >= row.not_after) return TaskStanding::expired;
  return row.delivered ? TaskStanding::delivered : TaskStanding::queued;
}

}  // namespace

std::string_view word_of(TaskStanding standing) { return words.at(static_cast<std::size_t>(standing)); }
bool is_over(TaskStanding standing) { return standing >= TaskStanding::done; }

Expected<void> make_task_tables(sqlite::Connection& connection, const std::string& file) {
  connection.run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  sqlite::Transaction whole(connection);
  const std::int64_t id = number_said(connection, "PRAGMA application_id");
  const std::int64_t version = number_said(connection, "PRAGMA user_version");
  if (id == 0 && version == 0 && number_said(connection, "SELECT count(*) FROM sqlite_master") == 0) {
    connection.run(tasks_schema);
    connection.run(progress_sql);
    connection.run(("PRAGMA application_id = " + std::to_string(tasks_application) +
                    "; PRAGMA user_version = " + std::to_string(tasks_version))
                       .c_str());
  } else if (id != tasks_application) {
    return fail(Code::corrupt, file + ": not the tasks of platen-cloud; give another --data, or move it away");
  } else if (version > tasks_version) {
    return fail(Code::invalid,
                file + ": written by a newer platen-cloud; install that version, or give another --data");
  } else if (version < tasks_version) {
    if (version < 2) connection.run(tasks_1_to_2);
    connection.run(tasks_2_to_3);
    connection.run(progress_sql);
    connection.run(("PRAGMA user_version = " + std::to_string(tasks_version)).c_str());
  }
  whole.commit();
  return {};
}

TaskRow task_row(const Query& query, WallTime now) {
  TaskRow row{.number = query.integer(0),
              .agent = query.text(1),
              .id = query.text(2),
              .kind = query.text(3),
              .about = query.text(4),
              .made_by = query.text(5),
              .made = time_at(query, 6),
              .not_after = time_at(query, 7),
              .delivered = time_in(query, 8),
              .running = time_in(query, 9),
              .cancelled = time_in(query, 10),
              .over = time_in(query, 12),
              .began = time_in(query, 14),
              .ended = time_in(query, 15),
              .done = static_cast<std::uint32_t>(query.integer(16)),
              .of = static_cast<std::uint32_t>(query.integer(17)),
              .text = query.text(18),
              .output_octets = static_cast<std::size_t>(query.integer(19))};
  const auto outcome = query.null(13) ? std::nullopt : std::optional(query.integer(13));
  row.standing = standing_of(row, outcome, query.integer(11) != 0, !query.null(20), now);
  return row;
}

Expected<ReadResult> read_task_result(const std::string& octets) {
  const wire::Quiet quiet;
  v1::TaskResult result;
  if (!result.ParseFromString(octets)) return fail(Code::invalid, "no result of a task");
  if (!is_task_id(result.task_id())) return fail(Code::invalid, "a result without a task");
  ReadResult out{.task_id = result.task_id(),
                 .text = shortened(result.text(), longest_text),
                 .output = {},
                 .outcome = result.outcome(),
                 .began_ms = result.began_ms(),
                 .ended_ms = result.ended_ms()};
  if (result.outcome() == Outcome::OUTCOME_UNSPECIFIED || !Outcome::Outcome_IsValid(result.outcome())) {
    out.outcome = Outcome::FAILED;
    out.text = shortened("The agent gave an outcome that this cloud does not know. " + out.text, longest_text);
  }
  if (result.output().size() <= longest_output) {
    out.output = result.output();
  } else {
    out.text = shortened("Its output was larger than 256 KiB and was not kept. " + out.text, longest_text);
  }
  return out;
}

}  // namespace platen::cloud
