#include "cloud/tasks/task_book.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "agent/host/files.h"
#include "base/log.h"
#include "base/text.h"
#include "cloud/tasks/task_restore.h"
#include "cloud/tasks/task_rows.h"
#include "platen/v1/tasks.pb.h"
#include "proto/quiet.h"

namespace platen::cloud {
namespace {

using sqlite::Blob;
using sqlite::Query;
using sqlite::Statement;

constexpr std::size_t longest_progress = 256;
constexpr std::chrono::hours shortest_cancel_life{1};

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

std::string new_task_id() {
  std::array<char, 16> random{};
  if (::getentropy(random.data(), random.size()) != 0) throw sqlite::Fault{SQLITE_IOERR, "no random numbers"};
  return to_hex({random.data(), random.size()});
}

std::string select(const char* rest) { return std::string("SELECT ") + task_columns + " FROM tasks " + rest; }

// What is to be made, before it has an id.
struct Asked {
  TaskOrder order;
  std::string tenant, agent, made_by;
  std::chrono::milliseconds life{};
};

class SqliteTaskBook final : public TaskBook {
 public:
  SqliteTaskBook(const std::string& file, SigningKeys& keys)
      : file_(file), keys_(keys), connection_(file, sqlite::Connection::Mode::read_write) {}

  Expected<void> prepare() { return make_task_tables(connection_, file_); }

  Expected<TaskRow> add(const TaskOrder& order, const std::string& tenant, const std::string& agent,
                        std::chrono::milliseconds life, const std::string& made_by, WallTime now) override {
    return guarded([&] { return keep({order, tenant, agent, made_by, life}, now); });
  }

  Expected<std::vector<TaskRow>> list(const TaskQuery& query, WallTime now) override {
    return guarded([&]() -> Expected<std::vector<TaskRow>> {
      Statement find(connection_,
                     select("WHERE (?1 = '' OR agent = ?1) AND (?2 = 0 OR (outcome IS NULL AND withdrawn = 0 "
                            "AND (running IS NOT NULL OR not_after > ?3))) ORDER BY number DESC LIMIT ?4")
                         .c_str());
      std::vector<TaskRow> rows;
      for (Query row(find, query.agent, std::int64_t{query.open_only}, milliseconds(now),
                     static_cast<std::int64_t>(query.newest));
           row.next();)
        rows.push_back(task_row(row, now));
      return rows;
    });
  }

  Expected<std::map<std::string, std::size_t>> open_tasks(WallTime now) override {
    return guarded([&]() -> Expected<std::map<std::string, std::size_t>> {
      Statement count(
          connection_,
          "SELECT agent, count(*) FROM tasks WHERE outcome IS NULL AND withdrawn = 0 AND (not_after > ?1 OR "
          "running IS NOT NULL) GROUP BY agent");
      std::map<std::string, std::size_t> out;
      for (Query query(count, milliseconds(now)); query.next();)
        out[query.text(0)] = static_cast<std::size_t>(query.integer(1));
      return out;
    });
  }

  Expected<TaskRow> find(const std::string& id, WallTime now) override {
    return guarded([&] { return named(id, now); });
  }

  Expected<std::string> output(const TaskRow& task) override {
    return guarded([&]() -> Expected<std::string> {
      Statement find(connection_, "SELECT octets FROM outputs WHERE task = ?1");
      Query query(find, task.number);
      return query.next() ? std::string(query.octets(0)) : std::string();
    });
  }

  Expected<TaskRow> cancel(const std::string& id, const std::string& made_by, WallTime now) override {
    return guarded([&]() -> Expected<TaskRow> {
      sqlite::Transaction whole(connection_);
      const auto task = named(id, now);
      if (!task) return fail(task.error());
      if (is_over(task->standing))
        return fail(Code::conflict, "task " + task->id + " is over: " + std::string(word_of(task->standing)));
      const bool fresh = !task->cancelled;
      const bool withdrawn = is_nowhere(*task);
      Statement mark(connection_,
                     "UPDATE tasks SET cancelled = coalesce(cancelled, ?2), withdrawn = ?3 WHERE number = ?1");
      Query(mark, task->number, milliseconds(now), std::int64_t{withdrawn}).run();
      if (fresh && !withdrawn) {
        if (const auto made = keep_cancel(*task, made_by, now); !made) return fail(made.error());
      }
      whole.commit();
      return by_number(task->number, now);
    });
  }

  Expected<std::string> hand_out(const std::string& agent, Which which, std::span<const std::string> have,
                                 WallTime now) override {
    return guarded([&]() -> Expected<std::string> {
      const std::unordered_set<std::string_view> held(have.begin(), have.end());
      sqlite::Transaction whole(connection_);
      auto listed = waiting(agent, which, held, now);
      if (listed) whole.commit();
      return listed;
    });
  }

  Expected<bool> heard(const std::string& agent, const std::string& task_state, WallTime now) override {
    return guarded([&]() -> Expected<bool> { return mark_state(agent, task_state, false, now); });
  }

  Expected<std::int64_t> taken_through() override {
    return guarded([&]() -> Expected<std::int64_t> { return number_said("SELECT through FROM head"); });
  }

  Expected<void> take(std::span<const TaskResultRecord> records) override {
    if (records.empty()) return {};
    return guarded([&]() -> Expected<void> {
      sqlite::Transaction whole(connection_);
      for (const TaskResultRecord& record : records) take_one(record);
      Statement move(connection_, "UPDATE head SET through = ?1, hash = ?2 WHERE through < ?1");
      Query(move, records.back().number, Blob{records.back().hash}).run();
      whole.commit();
      return {};
    });
  }

  Expected<std::int64_t> progress() override {
    return guarded([&]() -> Expected<std::int64_t> { return number_said("SELECT progress FROM head"); });
  }

  Expected<bool> is_as_new_as(std::int64_t seen, WallTime now) override {
    return in_one([&] { return cloud::is_as_new_as(connection_, seen, now); });
  }

  Expected<bool> goes_on_from(const std::string& hash, WallTime now) override {
    return in_one([&] { return cloud::goes_on_from(connection_, hash, now); });
  }

  Expected<std::vector<NewTask>> made_since(std::int64_t after, std::size_t most, bool announced,
                                            WallTime now) override {
    return guarded([&]() -> Expected<std::vector<NewTask>> {
      sqlite::Transaction whole(connection_);
      Statement find(
          connection_,
          "SELECT number, agent, octets FROM tasks WHERE number > ?1 AND outcome IS NULL AND withdrawn = 0 AND "
          "not_after > ?2 ORDER BY number LIMIT ?3");
      std::vector<NewTask> out;
      for (Query query(find, after, milliseconds(now), static_cast<std::int64_t>(most)); query.next();) {
        NewTask task{.number = query.integer(0), .agent = query.text(1), .signed_task = {}};
        if (announced) {
          auto signed_task = sign(task.agent, std::string(query.octets(2)), now);
          if (!signed_task) return fail(signed_task.error());
          task.signed_task = signed_task->SerializeAsString();
        }
        out.push_back(std::move(task));
      }
      Statement mark(connection_, "UPDATE tasks SET announced = ?2 WHERE number = ?1");
      for (const NewTask& task : out) {
        if (announced) Query(mark, task.number, milliseconds(now)).run();
      }
      whole.commit();
      return out;
    });
  }

  Expected<std::int64_t> newest_number() override {
    return guarded([&]() -> Expected<std::int64_t> { return number_said("SELECT max(number) FROM tasks"); });
  }

  Expected<std::string> key_for(const std::string& agent, WallTime now) override {
    return guarded([&]() -> Expected<std::string> {
      return key_of(agent, now).map([](const wire::TaskKey& key) { return key.public_key; });
    });
  }

  Expected<std::vector<AgentKey>> keys_in_use() override {
    return guarded([&]() -> Expected<std::vector<AgentKey>> {
      Statement find(connection_, "SELECT agent, key_id, since FROM agent_keys ORDER BY agent");
      std::vector<AgentKey> out;
      for (Query query(find); query.next();)
        out.push_back({query.text(0), query.text(1), WallTime(std::chrono::milliseconds(query.integer(2)))});
      return out;
    });
  }

  Expected<std::size_t> send_current_key(std::span<const std::pair<std::string, std::string>> tenants,
                                         std::chrono::seconds overlap, WallTime now) override {
    return guarded([&]() -> Expected<std::size_t> {
      const auto current = keys_.current();
      if (!current) return fail(current.error());
      sqlite::Transaction whole(connection_);
      TaskOrder order{.kind = "trust_key"};
      order.public_key = current->public_key, order.overlap_s = static_cast<std::uint32_t>(overlap.count());
      std::size_t made = 0;
      for (const auto& [agent, tenant] : tenants) {
        const std::string key_id = known_key(agent);
        if (key_id.empty() || key_id == wire::task_key_id(current->public_key) ||
            is_being_told(agent, current->public_key, now))
          continue;
        if (const auto kept = insert({order, tenant, agent, "rotation of the key", longest_task_life}, now); !kept)
          return fail(kept.error());
        ++made;
      }
      whole.commit();
      return made;
    });
  }

  Expected<void> forget_old(WallTime now) override {
    return guarded([&]() -> Expected<void> {
      Statement drop(connection_, "DELETE FROM tasks WHERE max(coalesce(over, not_after), made) < ?1");
      Query(drop, milliseconds(now - finished_tasks_kept)).run();
      return {};
    });
  }

 private:
  template <class Do>
  auto guarded(Do run) -> decltype(run()) try {
    const std::lock_guard hold(mutex_);
    return run();
  } catch (const sqlite::Fault& fault) {
    return fail(sqlite::to_error(fault, file_));
  }

  template <class Do>
  Expected<bool> in_one(Do run) {
    return guarded([&]() -> Expected<bool> {
      sqlite::Transaction whole(connection_);
      const bool said = run();
      whole.commit();
      return said;
    });
  }

  std::int64_t number_said(const char* sql) {
    Statement statement(connection_, sql);
    Query query(statement);
    return query.next() ? query.integer(0) : 0;
  }

  Expected<TaskRow> by_number(std::int64_t number, WallTime now) {
    Statement find(connection_, select("WHERE number = ?1").c_str());
    Query query(find, number);
    return query.next() ? Expected<TaskRow>(task_row(query, now)) : fail(Code::not_found, "no such task any more");
  }

  Expected<TaskRow> named(const std::string& id, WallTime now) {
    const bool possible =
        !id.empty() && id.size() <= 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
    Statement find(connection_, select("WHERE id >= ?1 AND id < ?2 ORDER BY number LIMIT 2").c_str());
    const std::string beyond = id + "g";  // after every hex digit
    std::vector<TaskRow> rows;
    if (possible) {
      for (Query query(find, id, beyond); query.next();) rows.push_back(task_row(query, now));
    }
    if (rows.empty()) return fail(Code::not_found, "no task '" + id + "'; platen-cloud task list shows them");
    if (rows.size() > 1) return fail(Code::invalid, "'" + id + "' begins more than one task; write more of it");
    return rows.front();
  }

  [[nodiscard]] bool is_nowhere(const TaskRow& task) {
    Statement find(connection_, "SELECT 1 FROM tasks WHERE number = ?1 AND announced IS NULL AND delivered IS NULL");
    return Query(find, task.number).next();
  }

  // False: it changes nothing.
  bool mark_state(const std::string& agent, const std::string& octets, bool begun, WallTime now) {
    const wire::Quiet quiet;
    v1::TaskState state;
    if (!state.ParseFromString(octets) || !is_task_id(state.task_id())) return false;
    const bool running = begun || state.state() == v1::TaskState::RUNNING;
    const std::string text = state.text().size() <= longest_progress ? state.text() : "";
    Statement mark(
        connection_,
        "UPDATE tasks SET delivered = coalesce(delivered, ?3), running = CASE WHEN ?4 THEN coalesce(running, "
        "?3) ELSE running END, done = ?5, of = ?6, text = ?7, withdrawn = iif(unsure IS NULL, withdrawn, 0), "
        "unsure = NULL WHERE agent = ?1 AND id = ?2 AND outcome IS NULL AND (delivered IS NULL OR done <> ?5 OR "
        "of <> ?6 OR text <> ?7 OR (?4 AND running IS NULL))");
    Query(mark, agent, state.task_id(), milliseconds(now), std::int64_t{running}, std::int64_t{state.done()},
          std::int64_t{state.of()}, text)
        .run();
    return sqlite3_changes(connection_.handle()) > 0;
  }

  Expected<TaskRow> keep(const Asked& asked, WallTime now) {
    sqlite::Transaction whole(connection_);
    auto made = insert(asked, now);
    if (!made) return made;
    if (const auto may = not_too_often(asked.agent, now); !may) return fail(may.error());
    whole.commit();
    return made;
  }

  // The newest is the one in question. Made in the future, because the clock was set back, counts as long ago.
  Expected<void> not_too_often(const std::string& agent, WallTime now) {
    Statement earlier(connection_,
                      "SELECT made FROM tasks WHERE agent = ?1 AND kind NOT IN ('cancel', 'trust_key') ORDER BY number "
                      "DESC LIMIT 1 OFFSET ?2");
    Query query(earlier, agent, static_cast<std::int64_t>(most_made_tasks));
    if (!query.next()) return {};
    const WallTime made(std::chrono::milliseconds(query.integer(0))), again = made + made_tasks_window;
    if (made > now || again <= now) return {};
    return fail(Code::timeout, std::to_string(most_made_tasks) + " tasks were made for '" + agent +
                                   "' within a minute; one read_now can name many printers; go on in " +
                                   std::to_string(std::chrono::ceil<std::chrono::seconds>(again - now).count()) + " s");
  }

  Expected<TaskRow> insert(const Asked& asked, WallTime now) {
    Statement count(
        connection_,
        "SELECT count(*) FROM tasks WHERE agent = ?1 AND outcome IS NULL AND withdrawn = 0 AND not_after > ?2");
    Query waiting(count, asked.agent, milliseconds(now));
    if (waiting.next() && waiting.integer(0) >= static_cast<std::int64_t>(most_waiting_tasks))
      return fail(Code::conflict, "10,000 tasks wait for '" + asked.agent +
                                      "' already; cancel some with platen-cloud task cancel, or wait until it is back");
    const TaskFrame frame{asked.tenant, asked.agent, new_task_id(), now, now + asked.life};
    const auto octets = task_octets(asked.order, frame);
    if (!octets) return fail(octets.error());
    Statement insert(connection_,
                     "INSERT INTO tasks (agent, id, kind, about, made_by, octets, made, not_after) VALUES (?1, ?2, ?3, "
                     "?4, ?5, ?6, ?7, ?8)");
    const std::string what = about(asked.order);
    Query(insert, frame.agent, frame.id, asked.order.kind, what, asked.made_by, Blob{*octets},
          milliseconds(frame.issued), milliseconds(frame.not_after))
        .run();
    return by_number(connection_.last_rowid(), now);
  }

  Expected<TaskRow> keep_cancel(const TaskRow& task, const std::string& made_by, WallTime now) {
    v1::Task parsed;
    parsed.ParseFromString(octets_of(task.number));
    const auto life =
        std::clamp<std::chrono::milliseconds>(task.not_after - now, shortest_cancel_life, longest_task_life);
    TaskOrder order{.kind = "cancel"};
    order.task_id = task.id;
    return insert({order, parsed.tenant(), task.agent, made_by, life}, now);
  }

  std::string octets_of(std::int64_t number) {
    Statement find(connection_, "SELECT octets FROM tasks WHERE number = ?1");
    Query query(find, number);
    return query.next() ? std::string(query.octets(0)) : std::string();
  }

  std::string known_key(const std::string& agent) {
    Statement find(connection_, "SELECT key_id FROM agent_keys WHERE agent = ?1");
    Query query(find, agent);
    return query.next() ? query.text(0) : std::string();
  }

  Expected<wire::TaskKey> key_of(const std::string& agent, WallTime now) {
    const std::string key_id = known_key(agent);
    if (!key_id.empty()) return keys_.find(key_id);
    auto current = keys_.current();
    if (current) set_key(agent, current->public_key, now);
    return current;
  }

  void set_key(const std::string& agent, const std::string& public_key, WallTime now) {
    Statement put(
        connection_,
        "INSERT INTO agent_keys VALUES (?1, ?2, ?3) ON CONFLICT (agent) DO UPDATE SET key_id = excluded.key_id, "
        "since = excluded.since");
    const std::string key_id = wire::task_key_id(public_key);
    Query(put, agent, Blob{key_id}, milliseconds(now)).run();
  }

  bool is_being_told(const std::string& agent, const std::string& public_key, WallTime now) {
    Statement find(
        connection_,
        "SELECT octets FROM tasks WHERE agent = ?1 AND kind = 'trust_key' AND outcome IS NULL AND withdrawn = 0 "
        "AND not_after > ?2");
    for (Query query(find, agent, milliseconds(now)); query.next();) {
      v1::Task task;
      if (task.ParseFromString(std::string(query.octets(0))) && task.trust_key().public_key() == public_key)
        return true;
    }
    return false;
  }

  Expected<v1::SignedTask> sign(const std::string& agent, const std::string& octets, WallTime now) {
    const auto key = key_of(agent, now);
    if (!key) return fail(key.error());
    auto signature = wire::sign_task(*key, octets);
    if (!signature) return fail(signature.error());
    v1::SignedTask out;
    out.set_task(octets), out.set_signature(*signature), out.set_key_id(wire::task_key_id(key->public_key));
    return out;
  }

  Expected<std::string> waiting(const std::string& agent, Which which, const std::unordered_set<std::string_view>& held,
                                WallTime now) {
    Statement find(
        connection_,
        "SELECT number, id, octets, delivered FROM tasks WHERE agent = ?1 AND outcome IS NULL AND withdrawn = 0 "
        "AND not_after > ?2 AND (?3 = 0 OR delivered IS NULL) ORDER BY number");
    v1::TaskList list;
    std::vector<std::int64_t> fresh;
    std::size_t octets = 0;
    for (Query query(find, agent, milliseconds(now), std::int64_t{which == Which::never_handed_out}); query.next();) {
      const bool has_it = held.count(query.text(1)) != 0;
      if (!has_it) {
        auto task = sign(agent, std::string(query.octets(2)), now);
        if (!task) return fail(task.error());
        octets += task->ByteSizeLong() + 8;
        if (octets > most_listed_octets && list.tasks_size() > 0) break;
        *list.add_tasks() = std::move(*task);
      }
      if (query.null(3)) fresh.push_back(query.integer(0));
      if (list.tasks_size() == static_cast<int>(most_listed_tasks)) break;
    }
    Statement mark(connection_, "UPDATE tasks SET delivered = ?2 WHERE number = ?1");
    for (const std::int64_t number : fresh) Query(mark, number, milliseconds(now)).run();
    if (list.tasks_size() == 0) return std::string();
    list.set_cloud_time_ms(milliseconds(now));
    return list.SerializeAsString();
  }

  void take_one(const TaskResultRecord& record) {
    if (record.begun) return static_cast<void>(mark_state(record.agent, record.octets, true, record.stored_at));
    const auto result = read_task_result(record.octets);
    if (!result) return log::warn("tasks.unreadable_result", {{"agent", record.agent}, {"why", result.error().text}});
    Statement find(connection_, "SELECT number, kind, octets, outcome FROM tasks WHERE agent = ?1 AND id = ?2");
    Query query(find, record.agent, result->task_id);
    if (!query.next()) return log::warn("tasks.foreign_result", {{"agent", record.agent}, {"task", result->task_id}});
    const bool again = !query.null(3);
    if (again && (query.integer(3) != v1::TaskResult::REFUSED || result->outcome == v1::TaskResult::REFUSED)) return;
    const std::int64_t number = query.integer(0);
    if (result->outcome == v1::TaskResult::DONE && query.text(1) == "trust_key") {
      v1::Task task;
      if (task.ParseFromString(std::string(query.octets(2))))
        set_key(record.agent, task.trust_key().public_key(), record.stored_at);
    }
    keep_result(number, *result, record.stored_at);
  }

  void keep_result(std::int64_t number, const ReadResult& result, WallTime stored_at) {
    Statement mark(
        connection_,
        "UPDATE tasks SET delivered = coalesce(delivered, ?2), over = ?2, outcome = ?3, began = ?4, ended = ?5, "
        "text = ?6, output_octets = ?7 WHERE number = ?1");
    const auto time = [](std::int64_t ms) { return ms > 0 ? std::optional(ms) : std::nullopt; };
    Query(mark, number, milliseconds(stored_at), result.outcome, time(result.began_ms), time(result.ended_ms),
          result.text, static_cast<std::int64_t>(result.output.size()))
        .run();
    if (result.output.empty()) return;
    Statement put(connection_, "INSERT OR REPLACE INTO outputs VALUES (?1, ?2)");
    Query(put, number, Blob{result.output}).run();
  }

  const std::string file_;
  SigningKeys& keys_;
  std::mutex mutex_;
  sqlite::Connection connection_;
};

}  // namespace

Expected<std::unique_ptr<TaskBook>> TaskBook::open(const std::string& file, SigningKeys& keys) try {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    const auto made = host::write_file(file, "", 0600, host::Existing::keep);
    if (!made && made.error().code != Code::conflict) return fail(made.error());
  }
  auto book = std::make_unique<SqliteTaskBook>(file, keys);
  if (auto ready = book->prepare(); !ready) return fail(ready.error());
  return book;
} catch (const sqlite::Fault& fault) {
  return fail(sqlite::to_error(fault, file));
}

}  // namespace platen::cloud
