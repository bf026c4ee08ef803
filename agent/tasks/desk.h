// Where tasks arrive, wait, are done one at a time, and get their results: each of them at most once, whatever comes how often.
//
//   Once     Nothing is begun before the cloud was heard in this process and has acknowledged a ledger record that says that the
//            task begins (kind "task-begun"). Then the book has it durably, then it is executed. A ledger that goes on in another epoch
//            (a restored disk, a damaged file), and a book that is no longer the newest (book.h), end the memory: what was issued
//            before is refused. ADR 0030.
//   Order    The oldest first. What is equal in kind and arguments, and waits, is done once and answered for each. An expired
//            one is never begun. Cancel, TrustKey and what needs no work are done on arrival.
//   Bounds   256 wait; more are left for the next look at the list. Refusals are counted, logged within bounds, and answered when
//            the signature is good, or the cloud itself handed them in (audit.h).
//   Results  written to the book first, then to the ledger as records of kind "task-result", again after a crash in between.
//   Threads  offer(), heard(), take_list(), have(), next_state(), look_now(), state() from any thread. tick() from one, which also runs the jobs.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/tasks/audit.h"
#include "agent/tasks/book.h"
#include "agent/tasks/policy.h"
#include "agent/tasks/task.h"
#include "base/clock.h"

namespace platen::tasks {

using Outcome = wire::TaskResult::Outcome;

struct Ending {
  Outcome outcome = Outcome::done;
  std::string text = {};
  std::string output = {};
};
struct Progress {
  std::uint32_t done = 0, of = 0;
  std::string text = {};
  friend bool operator==(const Progress&, const Progress&) = default;
};

// One task under way. All of it is called from tick()'s thread.
class Job {
 public:
  virtual ~Job() = default;
  // A moment's work; the ending when it is over. `between`: no printer is being asked just now, so that settings may change.
  [[nodiscard]] virtual std::optional<Ending> step(bool between) = 0;
  [[nodiscard]] virtual Progress progress() const { return {}; }
  virtual void cancel() = 0;  // step() gives the ending soon
};

// Who does the work: of kinds that need any.
class Hands {
 public:
  virtual ~Hands() = default;
  [[nodiscard]] virtual std::unique_ptr<Job> begin(const Task& task) = 0;
};

// The ledger, in the desk's words. Called from tick()'s thread only.
struct Place {
  std::string epoch;  // "": there is no ledger now
  std::uint64_t seq = 0;
};
class Journal {
 public:
  virtual ~Journal() = default;
  // Durable when it returns.
  [[nodiscard]] virtual Expected<Place> append(std::string_view kind, const std::string& octets) = 0;
  [[nodiscard]] virtual Place acknowledged() = 0;
};

struct Setup {
  std::string state_dir, policy_file;
  std::string tenant, agent_id;
  std::string task_key = {};           // that the identity came with; "": none
  std::function<void()> wake = [] {};  // there is something for tick() to do
};

class Desk {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<Desk>> open(Setup setup, Journal& journal, Hands& hands,
                                                            const Clock& clock);
  ~Desk();

  enum class From { cloud /*the uplink*/, broker };
  enum class Said {
    taken,  // it waits its turn, or is done already
    again,  // it was here before: it is answered with what became of it
    refused,
    later  // no room, or the cloud's clock is not known yet: polling brings it again
  };
  struct Offered {
    Said said = Said::refused;
    std::string task_id = {};  // of what was taken
  };
  Offered offer(std::string_view signed_task, From from = From::broker);

  // The uplink's side: what the list need not hold, when to ask for it, what it held, and what people may see meanwhile.
  [[nodiscard]] std::vector<std::string> have();
  void heard(const CloudTime& cloud);
  void look_now();
  [[nodiscard]] bool wants_list();  // once for each reason
  void take_list(const std::vector<std::string>& signed_tasks);
  [[nodiscard]] std::optional<wire::TaskState> next_state();

  void key_of_identity(const std::string& task_key);  // a renewal may bring another
  void tick(bool between);
  [[nodiscard]] bool busy();  // something runs, or waits and may begin

  struct State {
    Policy policy;
    std::size_t waiting = 0;
    std::string running;  // its kind; "": nothing runs
    std::uint64_t replayed = 0;
    std::map<std::string, std::uint64_t, std::less<>> refused;  // by reason, since the start
    std::vector<Book::Past> last;
    std::string trouble;  // why nothing can be begun; "": it can
  };
  [[nodiscard]] State state();

 private:
  struct Waiting {
    Task task;
    std::vector<Book::Name> names;  // its own, and those that want the same
  };
  struct Running {
    Waiting what;
    Place claim;
    std::unique_ptr<Job> job;  // nullptr: the claim is on its way
    WallTime began{};
    Progress told;
    MonotonicTime told_at{};
    bool cancel = false;
  };

  Desk(Setup setup, std::unique_ptr<Book> book, Journal& journal, Hands& hands, const Clock& clock);
  [[nodiscard]] std::optional<WallTime> now() const;
  void settle(WallTime now);
  Offered offer_locked(std::string_view signed_task, From from);
  Offered refuse(const Refusal& refusal, From from, WallTime now);
  Offered accept(Task task, WallTime now);
  Offered answer_again(const std::string& task_id, const Book::Row& row);
  void wait(Task task, WallTime now);
  void end_now(const Book::Name& name, Outcome outcome, std::string text, WallTime now);
  [[nodiscard]] std::optional<Ending> at_once(const Task& task, WallTime now);
  [[nodiscard]] Ending cancel(const Cancel& order, WallTime now);
  [[nodiscard]] Ending trust(const TrustKey& order, const std::string& signer, WallTime now);

  void watch_epoch(WallTime now);
  void send_results();
  void drop_expired(WallTime now);
  void claim_next(WallTime now);
  void begin(WallTime now);
  void run(std::unique_lock<std::mutex>& hold, bool between);
  void end(const Ending& ending, WallTime now);
  void tell(wire::TaskState state);
  [[nodiscard]] std::size_t waiting_names() const;

  const Setup setup_;
  Journal& journal_;
  Hands& hands_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<Book> book_;
  std::string task_key_;
  std::optional<CloudTime> cloud_;
  std::list<Waiting> waiting_;  // in order of issue
  std::optional<Running> running_;
  std::deque<wire::TaskResult> answers_;  // of what is in no book
  std::map<std::string, wire::TaskState, std::less<>> states_;
  Audit audit_;
  std::uint64_t replayed_ = 0;
  bool look_ = true, more_ = false;
  std::string trouble_;
  std::optional<MonotonicTime> pruned_;
};

}  // namespace platen::tasks
