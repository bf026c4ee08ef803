// The book of tasks: which ids were begun, how they ended, which keys sign them. It survives the agent, and knows when it is
// an older copy of itself.
//
//   Source   SQLite (WAL, synchronous=FULL, one connection), tasks.db in the state folder; tasks.mark beside it (mark.h).
//   Rules    begin() is durable in both files before anything is executed. A row that was begun and did not end is
//            INTERRUPTED when the book is opened, and never executed again. Rows stay until a day after their task's end.
//   Restored A book that is new, damaged, of another lineage than its mark or behind it does not know what was begun before:
//            remembers_since() is then nothing until settle() is told the time, and tasks issued before that are not for it.
//   Errors   open: Expected. The rest throws sqlite::Fault, which desk.cc turns into words; nothing has changed then.
//   Threads  none of its own: the desk holds a mutex.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/tasks/mark.h"
#include "agent/tasks/verdict.h"
#include "base/sqlite/sqlite.h"
#include "proto/task_codec.h"

namespace platen::tasks {

class Book {
 public:
  // `owner`: tenant and agent; the book of another one is put aside.
  [[nodiscard]] static Expected<std::unique_ptr<Book>> open(const std::string& state_dir, const std::string& owner,
                                                            WallTime now);
  Book(std::string state_dir, sqlite::Connection connection);

  // Every task that was issued from then on and begun is in here.
  [[nodiscard]] const std::optional<WallTime>& remembers_since() const { return since_; }
  void settle(WallTime since);
  void mistrust();  // it may be an older copy: nothing before the next settle() is known

  // The ledger's epoch that it goes with; "": none yet.
  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  void go_with(const std::string& epoch);

  struct Row {
    bool over = false;
    wire::TaskResult result;  // when it is over
    bool whole = true;        // the output is still there
  };
  [[nodiscard]] std::optional<Row> find(const std::string& task_id);
  // Several at once: tasks that are done by one execution.
  struct Name {
    std::string task_id;
    std::string kind;
    WallTime not_after{};
  };
  void begin(const std::vector<Name>& names, WallTime now);
  void finish(const Name& name, const wire::TaskResult& result);

  // Results that have not gone to the ledger yet, oldest first.
  [[nodiscard]] std::vector<wire::TaskResult> unsent(std::size_t most);
  void sent(const std::string& task_id);
  struct Past {
    std::string kind;
    bool over = false;
    wire::TaskResult result;  // without its output
  };
  [[nodiscard]] std::vector<Past> newest(std::size_t most);  // those that are not over first, then the newest
  void prune(WallTime now);

  [[nodiscard]] const std::vector<TrustedKey>& keys() const { return keys_; }
  // The key that the identity came with: taken in once; an ended one does not come back. Others end a day later.
  void adopt(const std::string& public_key, WallTime now);
  void trust(const std::string& public_key, const std::string& instead_of, WallTime old_until);

 private:
  void load();
  void load_keys();
  void interrupt_the_begun(WallTime now);
  [[nodiscard]] wire::TaskResult result_in(const sqlite::Query& query) const;

  const std::string state_dir_;
  sqlite::Connection connection_;
  std::string lineage_, epoch_;
  std::uint64_t begun_ = 0;
  std::optional<WallTime> since_;
  std::vector<TrustedKey> keys_;
};

}  // namespace platen::tasks
