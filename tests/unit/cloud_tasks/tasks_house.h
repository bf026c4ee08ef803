// A folder with keys and a book of tasks, and the agents' side of the conversation.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "cloud/tasks/task_book.h"
#include "platen/v1/tasks.pb.h"

namespace platen::cloud {

class TasksHouse {
 public:
  TasksHouse() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-tasks.XXXXXX").string();
    folder = ::mkdtemp(name.data());
    open();
  }
  ~TasksHouse() { std::filesystem::remove_all(folder); }
  TasksHouse(const TasksHouse&) = delete;
  TasksHouse& operator=(const TasksHouse&) = delete;

  void open() { book = TaskBook::open(folder + "/tasks.db", keys()).value(); }
  SigningKeys& keys() {
    if (!keys_) keys_ = std::make_unique<SigningKeys>(folder);
    return *keys_;
  }
  [[nodiscard]] WallTime now() const { return clock.wall(); }

  TaskRow add(const TaskOrder& order, const std::string& agent = "a",
              std::chrono::milliseconds life = std::chrono::hours(1)) {
    return book->add(order, "Dealer", agent, life, "a test", now()).value();
  }
  TaskRow scan(const std::string& agent = "a") { return add({.kind = "scan"}, agent); }
  v1::TaskList ask(const std::string& agent = "a", const std::vector<std::string>& have = {},
                   TaskBook::Which which = TaskBook::Which::all) {
    v1::TaskList list;
    REQUIRE(list.ParseFromString(book->hand_out(agent, which, have, now()).value()));
    return list;
  }
  static v1::Task task_of(const v1::SignedTask& signed_task) {
    v1::Task task;
    REQUIRE(task.ParseFromString(signed_task.task()));
    return task;
  }
  std::vector<std::string> ids_of(const v1::TaskList& list) {
    std::vector<std::string> ids;
    for (const v1::SignedTask& each : list.tasks()) ids.push_back(task_of(each).task_id());
    return ids;
  }
  static std::string result(const std::string& id, v1::TaskResult::Outcome outcome = v1::TaskResult::DONE,
                            const std::string& text = "", const std::string& output = "") {
    v1::TaskResult said;
    said.set_task_id(id), said.set_outcome(outcome), said.set_text(text), said.set_output(output);
    said.set_began_ms(1), said.set_ended_ms(2);
    return said.SerializeAsString();
  }
  void take(const std::string& agent, const std::string& octets) {
    REQUIRE(book->take(std::vector{TaskResultRecord{++record, agent, octets, now(), false}}));
  }
  TaskStanding standing(const TaskRow& task) { return book->find(task.id, now()).value().standing; }
  std::string state(const std::string& id, v1::TaskState::State state, std::uint32_t done = 0, std::uint32_t of = 0) {
    v1::TaskState said;
    said.set_task_id(id), said.set_state(state), said.set_done(done), said.set_of(of);
    return said.SerializeAsString();
  }

  std::string folder;
  ManualClock clock;
  std::unique_ptr<TaskBook> book;
  std::int64_t record = 0;

 private:
  std::unique_ptr<SigningKeys> keys_;
};

}  // namespace platen::cloud
