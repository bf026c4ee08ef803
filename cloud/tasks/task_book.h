// What was asked of every agent, and what became of it: the durable list of tasks. One SQLite file (tasks.db) beside the
// store.
//
//   Source   proto/platen/v1/tasks.proto. A task is kept as the octets that its signature covers; it is signed when it is
//            handed out, by the newest key that this agent is known to trust.
//   Agent    Whoever calls says which agent speaks: the name of its certificate, never what a message claims. What one agent
//            says changes no other's tasks, whatever ids it names.
//   Results  Come through the store: ledger records of kind "task-begun" and "task-result", in the order of their numbers.
//            take() keeps them and the number of the last one in one transaction, so that a kill at any moment neither loses nor doubles one.
//            An agent's first result counts; later ones are passed over. Only REFUSED gives way: somebody may have sent a
//            forged task under this id.
//   Restored The book or the store may be an older copy than the other. An older store: everything in it is taken anew, and
//            what agents had and is not over is known no further than that; they answer with their first result when they are
//            given it again. An older book: what was open in it may have been done, or taken back, meanwhile; it is unknown and
//            handed out no more. An agent's result takes the place of unknown.
//   Bounds   10,000 tasks wait for an agent at most, and people make 240 a minute for one, by whatever way: a script gone wild
//            is told when to go on. Cancelling is always possible. A list has 64 tasks and 256 KiB at most, the oldest first. What is over
//            is kept for 90 days.
//   Errors   open: Code::corrupt another file, Code::invalid a newer one's, Code::denied rights. add: Code::invalid,
//            Code::conflict too many wait, Code::timeout too many were made just now; the rest: Code::not_found, Code::unavailable not durable. Each says what to do.
//   Threads  callable from any thread, and by several processes at once (a rollback journal, no WAL).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "cloud/tasks/signing_keys.h"
#include "cloud/tasks/task_order.h"

namespace platen::cloud {

inline constexpr std::size_t most_waiting_tasks = 10'000, most_made_tasks = 240;  // the latter within
inline constexpr std::chrono::minutes made_tasks_window{1};
inline constexpr std::size_t most_listed_tasks = 64, most_listed_octets = std::size_t{256} * 1024;
inline constexpr std::chrono::days finished_tasks_kept{90};

// `expired` and `cancelled` are also said by the cloud, of what never reached the agent in time; an agent's word that comes
// late takes their place.
enum class TaskStanding {
  queued,     // nobody has it yet
  delivered,  // the agent has it
  running,
  done,
  failed,
  expired,
  forbidden,
  refused,
  interrupted,
  cancelled,
  not_yet,
  unknown  // a database was restored from an older copy: what became of it may have been lost
};
[[nodiscard]] std::string_view word_of(TaskStanding standing);  // "queued", …, "unknown"
[[nodiscard]] bool is_over(TaskStanding standing);

struct TaskRow {
  std::int64_t number = 0;  // rises with each task that is made
  std::string agent, id, kind, about;
  std::string made_by;  // a person's way in: "command line", "portal, 127.0.0.1"
  TaskStanding standing = TaskStanding::queued;
  WallTime made{}, not_after{};
  std::optional<WallTime> delivered, running;  // when we heard of it
  std::optional<WallTime> cancelled;           // when somebody asked for that
  std::optional<WallTime> over;                // when the cloud had its result
  std::optional<WallTime> began, ended;        // by the agent's clock
  std::uint32_t done = 0, of = 0;              // progress; both 0: nobody can say
  std::string text;                            // the result's; before that the progress's
  std::size_t output_octets = 0;
};

struct TaskQuery {
  std::string agent;  // "": of all agents
  bool open_only = false;
  std::size_t newest = 1000;
};

// One record of the store's feed.
struct TaskResultRecord {
  std::int64_t number = 0;
  std::string agent, octets;  // platen.v1.TaskResult, or the TaskState of a beginning
  WallTime stored_at{};
  bool begun = false;     // it is a beginning
  std::string hash = {};  // the chain's at this record, which tells one history of the store from another
};

struct NewTask {
  std::int64_t number = 0;
  std::string agent, signed_task;  // platen.v1.SignedTask
};

// By which key an agent knows us, as far as we do.
struct AgentKey {
  std::string agent, key_id;
  WallTime since{};
};

class TaskBook {
 public:
  enum class Which { all, never_handed_out };

  // Makes the file, readable by its owner only, when there is none. `keys` must outlive the book.
  [[nodiscard]] static Expected<std::unique_ptr<TaskBook>> open(const std::string& file, SigningKeys& keys);
  virtual ~TaskBook() = default;

  // `tenant`: the dealer of the agent. Durable when it returns.
  [[nodiscard]] virtual Expected<TaskRow> add(const TaskOrder& order, const std::string& tenant,
                                              const std::string& agent, std::chrono::milliseconds life,
                                              const std::string& made_by, WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::vector<TaskRow>> list(const TaskQuery& query, WallTime now) = 0;  // newest first
  [[nodiscard]] virtual Expected<std::map<std::string, std::size_t>> open_tasks(WallTime now) = 0;      // by agent
  // By id, or by the beginning of one that fits no other. Code::not_found, Code::invalid when it fits several.
  [[nodiscard]] virtual Expected<TaskRow> find(const std::string& id, WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::string> output(const TaskRow& task) = 0;
  // What nobody has yet is over at once; for what the agent has, a task that cancels it is made.
  [[nodiscard]] virtual Expected<TaskRow> cancel(const std::string& id, const std::string& made_by, WallTime now) = 0;

  // The octets of a platen.v1.TaskList for this agent, without those in `have`; "" when it would be empty. That it has them is
  // kept before they are returned.
  [[nodiscard]] virtual Expected<std::string> hand_out(const std::string& agent, Which which,
                                                       std::span<const std::string> have, WallTime now) = 0;
  // `task_state`: the octets of a platen.v1.TaskState. False: it is none, or about no task of this agent that is not over.
  virtual Expected<bool> heard(const std::string& agent, const std::string& task_state, WallTime now) = 0;

  // The number of the last record that was taken; and those after it.
  [[nodiscard]] virtual Expected<std::int64_t> taken_through() = 0;
  virtual Expected<void> take(std::span<const TaskResultRecord> records) = 0;

  // Rises with everything that changes; the store keeps it, as it was a moment ago.
  [[nodiscard]] virtual Expected<std::int64_t> progress() = 0;
  // `seen`: what the store keeps. False: this book is older than that. It is made good (Restored), and said once.
  [[nodiscard]] virtual Expected<bool> is_as_new_as(std::int64_t seen, WallTime now) = 0;
  // `hash`: of the record that stands in the store under the number of the last one taken; "": there is none. False: the store
  // has another history. It is made good (Restored); taken_through() is 0 then.
  [[nodiscard]] virtual Expected<bool> goes_on_from(const std::string& hash, WallTime now) = 0;

  // What was made after the task `after` and waits, the oldest first. `announced`: it goes to a broker, and may be anywhere
  // from then on; without that, `signed_task` stays "".
  [[nodiscard]] virtual Expected<std::vector<NewTask>> made_since(std::int64_t after, std::size_t most, bool announced,
                                                                  WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::int64_t> newest_number() = 0;

  // The public half of the key that this agent trusts; the current one when none was given it yet, which is then kept.
  [[nodiscard]] virtual Expected<std::string> key_for(const std::string& agent, WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::vector<AgentKey>> keys_in_use() = 0;  // by agent
  // Makes TrustKey tasks, signed by the key that each agent trusts, for those that trust another than the current one and have
  // no such task waiting. `tenants`: agent and dealer of those who may be asked. How many were made.
  [[nodiscard]] virtual Expected<std::size_t> send_current_key(
      std::span<const std::pair<std::string, std::string>> tenants, std::chrono::seconds overlap, WallTime now) = 0;

  // Forgets what was over 90 days ago.
  virtual Expected<void> forget_old(WallTime now) = 0;
};

}  // namespace platen::cloud
