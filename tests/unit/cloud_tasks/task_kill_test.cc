// Killed at any moment: what was answered is kept, nothing twice, and the next one goes on from there.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "tests/unit/cloud_tasks/tasks_house.h"

using namespace platen;
using namespace platen::cloud;

namespace {

constexpr std::int64_t most = 40;

// Runs `work` in a process of its own, which says an octet for each thing done, and is killed when it has said so many.
template <class Work>
void killed_after(std::int64_t said, Work work) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);  // otherwise everybody would be killed
  if (child == 0) {
    ::close(ends[0]);
    work([&] { static_cast<void>(::write(ends[1], "x", 1) == 1); });
    ::_exit(0);
  }
  ::close(ends[1]);
  for (char octet; said > 0 && ::read(ends[0], &octet, 1) == 1;) --said;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
}

}  // namespace

TEST_CASE_FIXTURE(TasksHouse, "killed while results are taken: each is there once, up to the number that is kept") {
  std::vector<TaskResultRecord> records;
  for (std::int64_t i = 1; i <= most; ++i)
    records.push_back({i, "a", result(scan().id, v1::TaskResult::DONE, std::to_string(i), "output"), now(), false});
  for (std::int64_t said = 0; said <= most; said += 7) {
    CAPTURE(said);
    book.reset();
    killed_after(said, [&](const auto& say) {
      open();
      for (std::int64_t i = book->taken_through().value(); i < most; ++i) {
        if (!book->take({&records[static_cast<std::size_t>(i)], 1})) return;
        say();
      }
    });
    open();
    const std::int64_t through = book->taken_through().value();
    CHECK(through >= std::min(said, most));
    std::set<std::string> texts;
    const auto rows = book->list({}, now()).value();
    for (const TaskRow& row : rows) {
      if (!is_over(row.standing)) continue;
      texts.insert(row.text);
      CHECK(book->output(row).value() == "output");
    }
    CHECK(static_cast<std::int64_t>(texts.size()) == through);
  }
  REQUIRE(book->take(records));  // all of them once more
  const auto rows = book->list({}, now()).value();
  for (const TaskRow& row : rows) CHECK(row.standing == TaskStanding::done);
}

TEST_CASE_FIXTURE(TasksHouse, "killed while tasks are made and handed out: what was answered is kept") {
  for (std::int64_t said = 1; said < 16; said += 3) {
    CAPTURE(said);
    const auto before = static_cast<std::int64_t>(book->list({}, now())->size());
    book.reset();
    killed_after(said, [&](const auto& say) {
      open();
      for (int i = 0; i < most; ++i) {
        if (!book->add({.kind = "scan"}, "Dealer", "a", std::chrono::hours(1), "a test", now()) ||
            !book->hand_out("a", TaskBook::Which::never_handed_out, {}, now()))
          return;
        say();
      }
    });
    open();
    const auto rows = book->list({}, now()).value();
    CHECK(static_cast<std::int64_t>(rows.size()) >= before + said);
    std::int64_t delivered = 0;
    std::set<std::string> ids;
    for (const TaskRow& row : rows) delivered += row.delivered ? 1 : 0, ids.insert(row.id);
    CHECK(delivered >= before + said - 1);
    CHECK(ids.size() == rows.size());
    CHECK(ask().tasks_size() == static_cast<int>(std::min<std::size_t>(64, rows.size())));
  }
}
