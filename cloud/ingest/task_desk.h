// What waits for an agent, in ingest's words. Whoever keeps the tasks fulfils it.
//
//   Threads  Callable from any thread.
#pragma once

#include <span>
#include <string>

namespace platen::cloud {

class TaskDesk {
 public:
  virtual ~TaskDesk() = default;
  // The octets of a platen.v1.TaskList: what waits for `agent`, without those in `have`; "": nothing, or not now. `peer` is
  // where it asks from.
  [[nodiscard]] virtual std::string tasks_for(const std::string& agent, const std::string& peer,
                                              std::span<const std::string> have) = 0;
  // Likewise, only those that it was never given: what is said unasked.
  [[nodiscard]] virtual std::string new_tasks_for(const std::string& agent) = 0;
  // `task_state`: the octets of a platen.v1.TaskState, as this agent said it.
  virtual void heard(const std::string& agent, const std::string& task_state) = 0;
  // Results of tasks are in the store now, of one or more.
  virtual void results_stored() = 0;
};

}  // namespace platen::cloud
