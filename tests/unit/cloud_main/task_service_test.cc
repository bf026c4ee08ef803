#include "cloud/main/task_service.h"

#include <atomic>
#include <condition_variable>

#include "base/sqlite/sqlite.h"
#include "platen/v1/tasks.pb.h"
#include "tests/unit/cloud_main/run_cloud.h"

using namespace platen;
using namespace platen::cloud;

namespace {

constexpr std::chrono::seconds deadline{30};

// What the service says, as it says it.
class Ears final : public Announcer {
 public:
  void announce(const std::string& agent, const std::string& signed_task) override {
    say("announced " + agent + (signed_task.empty() ? " look" : ""));
  }
  void say(const std::string& what) {
    const std::lock_guard hold(mutex_);
    heard_.push_back(what);
    changed_.notify_all();
  }
  bool wait_for(const std::string& what) {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, deadline,
                             [&] { return std::find(heard_.begin(), heard_.end(), what) != heard_.end(); });
  }
  std::size_t count(const std::string& what) {
    const std::lock_guard hold(mutex_);
    return static_cast<std::size_t>(std::count(heard_.begin(), heard_.end(), what));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
};

class House {
 public:
  House() {
    std::filesystem::create_directory(data);
    store = open_sqlite_store(data + "/cloud.db").value();
    registry = enroll::Registry::open(data + "/enrol.db").value();
    start();
  }
  void start() { service = TaskService::open(data, *store, *registry, system_clock()).value(); }
  static TaskRow add(TaskBook& book, const std::string& agent = "a") {
    return book.add({.kind = "scan"}, "Dealer", agent, std::chrono::hours(1), "a test", system_clock().wall()).value();
  }
  void put(const std::string& agent, const std::string& kind, const std::string& octets) {
    StoredRecord record;
    record.seq = store->position(agent, "e1").value() + 1, record.kind = kind, record.octets = octets;
    REQUIRE(store->put(agent, "e1", std::vector{record}, system_clock().wall()));
  }
  static std::string result(const std::string& id) {
    v1::TaskResult said;
    said.set_task_id(id), said.set_outcome(v1::TaskResult::DONE);
    return said.SerializeAsString();
  }
  static std::string begun(const std::string& id) {
    v1::TaskState said;
    said.set_task_id(id);
    return said.SerializeAsString();
  }
  bool comes_to(const TaskRow& task, TaskStanding standing) {
    FileWatch watch(data + "/tasks.db");
    for (int turn = 0; turn < 60; ++turn) {
      if (service->book().find(task.id, system_clock().wall())->standing == standing) return true;
      static_cast<void>(watch.wait(std::chrono::milliseconds(500)));
    }
    return false;
  }

  Folder folder;
  std::string data = folder / "data";
  std::unique_ptr<Store> store;
  std::unique_ptr<enroll::Registry> registry;
  std::unique_ptr<TaskService> service;
};

}  // namespace

TEST_CASE("what another process makes is told at once, to the stream and to the broker; what was there before is not") {
  House house;
  House::add(house.service->book(), "earlier");
  Ears ears;
  house.service->follow([&](const std::string& agent) { ears.say("told " + agent); }, &ears);
  SigningKeys keys(house.data);
  const auto other = TaskBook::open(house.data + "/tasks.db", keys).value();
  House::add(*other);
  CHECK(ears.wait_for("told a"));
  CHECK(ears.wait_for("announced a"));
  house.service->stop();
  CHECK(ears.count("told earlier") == 0);
  CHECK(ears.count("announced a") == 1);
}

TEST_CASE("more new tasks than can be announced: the agent is told to look") {
  House house;
  Ears ears;
  house.service->follow({}, &ears);
  House::add(house.service->book());
  sqlite::Connection(house.data + "/tasks.db", sqlite::Connection::Mode::read_write)
      .run(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO tasks (agent, id, "
          "kind, about, made_by, octets, made, not_after) SELECT agent, printf('%032x', i), kind, about, made_by, "
          "octets, "
          "made, not_after FROM tasks, n");
  CHECK(ears.wait_for("announced a look"));
  house.service->stop();
  CHECK(ears.count("announced a look") == 1);
  CHECK(ears.count("announced a") < 70);
}

TEST_CASE("results go from the store into the book: also those that were stored while nobody followed") {
  House house;
  const TaskRow missed = House::add(house.service->book()), begun = House::add(house.service->book()),
                later = House::add(house.service->book()), others = House::add(house.service->book(), "b");
  house.put("a", "task-result", House::result(missed.id));
  house.put("a", "task-begun", House::begun(begun.id));
  house.put("a", "task-result", House::result(others.id));  // not its own
  house.put("a", "reading", "whatever");
  house.service->follow({}, nullptr);
  CHECK(house.comes_to(missed, TaskStanding::done));
  CHECK(house.comes_to(begun, TaskStanding::running));
  house.put("a", "task-result", House::result(later.id));
  house.service->results_stored();
  CHECK(house.comes_to(later, TaskStanding::done));
  CHECK(house.comes_to(others, TaskStanding::queued));
  house.service->stop();
  house.service.reset();
  house.start();  // and on from there
  house.put("b", "task-result", House::result(others.id));
  house.service->follow({}, nullptr);
  CHECK(house.comes_to(others, TaskStanding::done));
}

TEST_CASE("who asks too often gets an empty list, and does not keep others from theirs") {
  House house;
  House::add(house.service->book());
  House::add(house.service->book(), "b");
  int lists = 0;
  for (int i = 0; i < 250; ++i) lists += house.service->tasks_for("a", "192.0.2.1", {}).empty() ? 0 : 1;
  CHECK(lists == 240);
  CHECK_FALSE(house.service->tasks_for("b", "192.0.2.1", {}).empty());
}
