// A desk with a ledger, a cloud's clock and hands that a test moves.
#pragma once

#include <filesystem>

#include "agent/tasks/desk.h"
#include "tests/unit/agent_ledger/folder.h"
#include "tests/unit/agent_tasks/signing.h"

namespace platen::test {

class FakeJournal final : public tasks::Journal {
 public:
  Expected<tasks::Place> append(std::string_view kind, const std::string& octets) override {
    if (full) return fail(Code::unavailable, "the disk is full");
    records.emplace_back(kind, octets);
    if (acknowledges) through = records.size();
    return tasks::Place{epoch, records.size()};
  }
  tasks::Place acknowledged() override { return {epoch, through}; }
  [[nodiscard]] std::vector<wire::TaskResult> results() const {
    std::vector<wire::TaskResult> out;
    for (const auto& [kind, octets] : records) {
      if (kind == wire::task_result_kind) out.push_back(wire::decode_task_result(octets).value());
    }
    return out;
  }
  std::string epoch = "e1";
  std::uint64_t through = 0;
  bool acknowledges = true, full = false;
  std::vector<std::pair<std::string, std::string>> records;
};

// Does everything in `steps` steps and remembers what.
class FakeHands final : public tasks::Hands {
 public:
  std::unique_ptr<tasks::Job> begin(const tasks::Task& task) override {
    begun.push_back(task.id);
    return std::make_unique<Work>(*this);
  }
  std::vector<std::string> begun;
  int steps = 1;
  tasks::Ending ending = {tasks::Outcome::done, "read", "output"};
  tasks::Progress progress;

 private:
  class Work final : public tasks::Job {
   public:
    explicit Work(FakeHands& hands) : hands_(hands), left_(hands.steps) {}
    std::optional<tasks::Ending> step(bool) override {
      if (cancelled_) return tasks::Ending{tasks::Outcome::cancelled};
      return --left_ <= 0 ? std::optional(hands_.ending) : std::nullopt;
    }
    [[nodiscard]] tasks::Progress progress() const override { return hands_.progress; }
    void cancel() override { cancelled_ = true; }

   private:
    FakeHands& hands_;
    int left_;
    bool cancelled_ = false;
  };
};

struct Bench {
  Bench() {
    if (!tasks::write_mark(folder.path(), {.lineage = std::string(tasks::fresh)}))
      throw std::runtime_error("tasks.mark");
  }
  tasks::Desk& open() {
    desk.reset();
    desk = tasks::Desk::open({.state_dir = folder.path(),
                              .policy_file = folder.path() + "/tasks-policy.toml",
                              .tenant = "Example",
                              .agent_id = "agent-1",
                              .task_key = key().public_key},
                             journal, hands, clock)
               .value();
    if (heard) desk->heard({clock.wall(), clock.monotonic()});
    return *desk;
  }
  void tick(int times = 4) {
    for (int i = 0; i < times; ++i) desk->tick(true);
  }
  // "kind outcome" of the results, in their order.
  [[nodiscard]] std::vector<std::string> outcomes() const {
    std::vector<std::string> out;
    for (const wire::TaskResult& result : journal.results())
      out.push_back(std::to_string(std::stoul(result.task_id, nullptr, 16)) + " " +
                    std::string(wire::name_of(result.outcome)));
    return out;
  }
  [[nodiscard]] v1::Task task(unsigned number) const { return test::task(number, clock.wall()); }
  [[nodiscard]] std::string signed_task(unsigned number) const { return sign(task(number)); }

  tests::Folder folder;
  ManualClock clock;
  FakeJournal journal;
  FakeHands hands;
  bool heard = true;
  std::unique_ptr<tasks::Desk> desk;
};

using Said = tasks::Desk::Said;
using From = tasks::Desk::From;
using Lines = std::vector<std::string>;

}  // namespace platen::test
