#include "cloud/tasks/file_watch.h"

#include <thread>

#include "base/sqlite/sqlite.h"
#include "tests/unit/cloud_tasks/tasks_house.h"

using namespace platen;
using namespace platen::cloud;

namespace {

constexpr std::chrono::minutes deadline{1};

}  // namespace

TEST_CASE_FIXTURE(TasksHouse, "what another connection commits wakes whoever waits") {
  FileWatch watch(folder + "/tasks.db");
  const auto other = TaskBook::open(folder + "/tasks.db", keys()).value();
  REQUIRE(other->add({.kind = "scan"}, "Dealer", "a", std::chrono::hours(1), "a test", now()));
  CHECK(watch.wait(deadline));  // also when it happened before the call
  std::jthread later(
      [&] { static_cast<void>(other->add({.kind = "scan"}, "Dealer", "a", std::chrono::hours(1), "a test", now())); });
  CHECK(watch.wait(deadline));
}

TEST_CASE_FIXTURE(TasksHouse, "it is woken by a word, and by nothing but its own file") {
  FileWatch watch(folder + "/tasks.db");
  watch.wake();
  CHECK(watch.wait(deadline));
  SigningKeys another(folder);
  const auto other = TaskBook::open(folder + "/others.db", another).value();
  REQUIRE(other->add({.kind = "scan"}, "Dealer", "a", std::chrono::hours(1), "a test", now()));
  CHECK_FALSE(watch.wait(std::chrono::milliseconds(0)));
  std::jthread later([&] { watch.wake(); });
  CHECK(watch.wait(deadline));
}
