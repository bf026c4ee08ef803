// The list of tasks as `serve` runs it: answers agents, takes their results out of the store, and says what is new as soon as
// it was made, also by another process.
//
//   Limits   requests for the list: 240 a minute of an agent, 12,000 of an address; who asks more often gets an empty list.
//            States of running tasks: 240 a minute of an agent; the rest is passed over.
//   Threads  one of its own, from follow() to stop(); TaskDesk's functions from any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cloud/enroll/limits.h"
#include "cloud/enroll/registry.h"
#include "cloud/ingest/task_desk.h"
#include "cloud/store/store.h"
#include "cloud/tasks/announcer.h"
#include "cloud/tasks/file_watch.h"
#include "cloud/tasks/task_book.h"

namespace platen::cloud {

class TaskService final : public TaskDesk {
 public:
  // The data folder: its keys and its tasks.db are made when there are none. What is given must outlive the service.
  [[nodiscard]] static Expected<std::unique_ptr<TaskService>> open(const std::string& folder, Store& store,
                                                                   enroll::Registry& registry, const Clock& clock);
  ~TaskService() override { stop(); }
  TaskService(const TaskService&) = delete;
  TaskService& operator=(const TaskService&) = delete;

  [[nodiscard]] TaskBook& book() { return *book_; }
  // The public key that this agent's tasks are signed with (enroll::DeskOptions).
  [[nodiscard]] Expected<std::string> key_for(const std::string& agent);

  std::string tasks_for(const std::string& agent, const std::string& peer, std::span<const std::string> have) override;
  std::string new_tasks_for(const std::string& agent) override;
  void heard(const std::string& agent, const std::string& task_state) override;
  void results_stored() override { watch_.wake(); }

  // `tell` is called for each agent that has a new task; `announcer` may be nullptr.
  using Tell = std::function<void(const std::string& agent)>;
  void follow(Tell tell, Announcer* announcer);
  void made_one() { watch_.wake(); }  // by this process
  void stop();

 private:
  TaskService(const std::string& folder, Store& store, enroll::Registry& registry, const Clock& clock)
      : store_(store), registry_(registry), clock_(clock), keys_(folder), watch_(folder + "/tasks.db") {}
  [[nodiscard]] bool may(enroll::Limit& limit, const std::string& key);
  void run(const std::stop_token& stop);
  [[nodiscard]] Expected<void> take_results();
  [[nodiscard]] Expected<void> announce_new();
  [[nodiscard]] Expected<void> tell_store();
  [[nodiscard]] Expected<void> tidy();

  Store& store_;
  enroll::Registry& registry_;
  const Clock& clock_;
  SigningKeys keys_;
  std::unique_ptr<TaskBook> book_;
  FileWatch watch_;
  Tell tell_;
  Announcer* announcer_ = nullptr;
  std::int64_t announced_ = 0;  // the newest task that was said
  std::int64_t told_ = -1;      // of the book's progress, to the store
  std::mutex mutex_;            // of the limits
  enroll::Limit of_agent_{240, std::chrono::minutes(1), 100'000}, of_address_{12'000, std::chrono::minutes(1)},
      states_{240, std::chrono::minutes(1), 100'000};
  std::jthread thread_;  // the last: it ends before what it uses
};

}  // namespace platen::cloud
