#include "cloud/main/task_service.h"

#include <algorithm>
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
  // As a backup does, and its restoring, while nothing runs.
  void close() { service.reset(), store.reset(); }
  void open() {
    store = open_sqlite_store(data + "/cloud.db").value();
    start();
  }
  void back_up(const std::string& file) {
    close();
    std::filesystem::copy_file(data + "/" + file, folder / ("old-" + file));
    open();
  }
  void restore(const std::string& file) {
    close();
    std::filesystem::copy_file(folder / ("old-" + file), data + "/" + file,
                               std::filesystem::copy_options::overwrite_existing);
    open();
  }
  // What the service does with what the store has.
  void catch_up() {
    service->follow({}, nullptr);
    const TaskRow last = add(service->book(), "last");
    put("last", "task-result", result(last.id));
    service->results_stored();
    CHECK(comes_to(last, TaskStanding::done));
    service->stop();
  }
  TaskStanding standing(const TaskRow& task, std::chrono::hours later = {}) {
    return service->book().find(task.id, system_clock().wall() + later)->standing;
  }
  std::vector<std::string> handed_out(const std::string& agent = "a") {
    v1::TaskList list;
    REQUIRE(list.ParseFromString(service->tasks_for(agent, "192.0.2.1", {})));
    std::vector<std::string> ids;
    for (const v1::SignedTask& each : list.tasks()) {
      v1::Task task;
      REQUIRE(task.ParseFromString(each.task()));
      ids.push_back(task.task_id());
    }
    return ids;
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

TEST_CASE(
    "a store that is older than the list of tasks: no result is skipped, and nothing is claimed that is not certain") {
  House house;
  auto& add = House::add;
  const TaskRow done = add(house.service->book(), "a"), lost = add(house.service->book(), "a"),
                resent = add(house.service->book(), "a");
  REQUIRE(house.handed_out().size() == 3);
  const TaskRow queued = add(house.service->book(), "b");
  house.catch_up();
  house.back_up("cloud.db");
  house.put("a", "task-result", House::result(done.id));
  for (const TaskRow& task : {lost, resent}) house.put("a", "task-begun", House::begun(task.id));
  house.catch_up();
  CHECK(house.standing(done) == TaskStanding::done);
  CHECK(house.standing(lost) == TaskStanding::running);

  house.restore("cloud.db");
  house.put("a", "task-result", House::result(resent.id));  // under a number that was another's
  house.catch_up();
  CHECK(house.standing(resent) == TaskStanding::done);
  CHECK(house.standing(done) == TaskStanding::done);
  CHECK(house.standing(queued) == TaskStanding::queued);
  CHECK(house.standing(lost) == TaskStanding::delivered);
  CHECK(house.standing(lost, std::chrono::hours(2)) == TaskStanding::unknown);
  CHECK(house.handed_out() == std::vector<std::string>{lost.id});  // the agent answers with its first result
}

TEST_CASE("a list of tasks that is older than the store: nothing is done again, or although it was taken back") {
  House house;
  auto& add = House::add;
  const TaskRow done = add(house.service->book(), "a"), taken_back = add(house.service->book(), "a");
  house.catch_up();
  house.back_up("tasks.db");
  REQUIRE(house.handed_out().size() == 2);
  house.put("a", "task-result", House::result(done.id));
  REQUIRE(house.service->book().cancel(taken_back.id, "a test", system_clock().wall()));
  const TaskRow newer = add(house.service->book(), "a");
  house.catch_up();

  house.restore("tasks.db");
  CHECK(house.standing(taken_back) == TaskStanding::unknown);
  CHECK(house.handed_out().empty());
  house.catch_up();
  CHECK(house.standing(done) == TaskStanding::done);  // the store has its result
  CHECK(house.standing(taken_back) == TaskStanding::unknown);
  CHECK_FALSE(house.service->book().find(newer.id, system_clock().wall()));
  const TaskRow later = add(house.service->book(), "a");
  CHECK(house.handed_out() == std::vector<std::string>{later.id});
  house.close();
  house.open();  // and now they fit together again
  CHECK(house.standing(later) == TaskStanding::delivered);
}

TEST_CASE("a store begun anew, and both restored together: results are taken from the first on") {
  House house;
  const TaskRow task = House::add(house.service->book(), "a");
  house.catch_up();
  house.back_up("cloud.db");
  house.back_up("tasks.db");
  house.put("a", "task-result", House::result(task.id));
  house.catch_up();
  house.restore("cloud.db");
  house.restore("tasks.db");
  house.put("a", "task-result", House::result(task.id));
  house.catch_up();
  CHECK(house.standing(task) == TaskStanding::done);
  house.close();
  std::filesystem::remove(house.data + "/cloud.db");
  house.open();
  const TaskRow later = House::add(house.service->book(), "a");
  house.put("a", "task-result", House::result(later.id));
  house.catch_up();
  CHECK(house.standing(later) == TaskStanding::done);
}

TEST_CASE("task list and task send know a restored list before any server does") {
  House house;
  const TaskRow task = House::add(house.service->book(), "a");
  house.catch_up();
  house.back_up("tasks.db");
  House::add(house.service->book(), "a");
  house.catch_up();
  house.close();
  std::filesystem::copy_file(house.folder / "old-tasks.db", house.data + "/tasks.db",
                             std::filesystem::copy_options::overwrite_existing);
  const Ran listed = run(house.folder, {"task", "list", "a", "--data", house.data, "--json"});
  REQUIRE_MESSAGE(listed.code == 0, listed.err);
  CHECK_MESSAGE(listed.out.find("\"state\":\"unknown\"") != std::string::npos, listed.out);
  CHECK(listed.out.find(task.id) != std::string::npos);
  CHECK(listed.out.find("queued") == std::string::npos);
}
