#include "cloud/tasks/task_book.h"

#include <algorithm>
#include <fstream>
#include <functional>

#include "base/sqlite/sqlite.h"
#include "tests/unit/cloud_tasks/tasks_house.h"

using namespace platen;
using namespace platen::cloud;
using Which = TaskBook::Which;
using std::chrono::days;
using std::chrono::hours;

TEST_CASE_FIXTURE(TasksHouse, "a task is handed out as it was made, signed by a key that the agent was given") {
  const TaskRow made = add({.kind = "read_now", .printers = {{"S1", "", "192.0.2.7"}}});
  CHECK(made.standing == TaskStanding::queued);
  CHECK(made.about == "serial S1");
  const v1::TaskList list = ask();
  REQUIRE(list.tasks_size() == 1);
  const v1::SignedTask& sent = list.tasks(0);
  const std::string key = book->key_for("a", now()).value();
  CHECK(wire::signed_by(key, sent.task(), sent.signature()));
  CHECK(sent.key_id() == wire::task_key_id(key));
  const v1::Task task = task_of(sent);
  CHECK(task.tenant() == "Dealer");
  CHECK(task.agent_id() == "a");
  CHECK(task.task_id() == made.id);
  CHECK(is_task_id(task.task_id()));
  CHECK(task.issued_ms() == now().time_since_epoch().count());
  CHECK(task.not_after_ms() == (now() + hours(1)).time_since_epoch().count());
  CHECK(task.read_now().printers(0).serial() == "S1");
  CHECK(standing(made) == TaskStanding::delivered);
  CHECK(book->find(made.id, now())->delivered == now());

  clock.advance(std::chrono::minutes(1));
  open();  // another process
  CHECK(ask().tasks(0).task() == sent.task());
  CHECK(book->find(made.id.substr(0, 8), now())->delivered == now() - std::chrono::minutes(1));
}

TEST_CASE_FIXTURE(TasksHouse, "an agent gets its own tasks, the oldest first, without those that it has") {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(scan().id);
  const std::string of_b = scan("b").id;
  CHECK(ids_of(ask()) == ids);
  CHECK(ids_of(ask("b")) == std::vector{of_b});
  CHECK(ask("c").tasks_size() == 0);
  CHECK(ids_of(ask("a", {ids[0], of_b, "nonsense"})) == std::vector{ids[1], ids[2]});
  CHECK(ask("a", ids).tasks_size() == 0);
  const std::string late = scan().id;
  CHECK(ids_of(ask("a", {}, Which::never_handed_out)) == std::vector{late});
  CHECK(book->hand_out("a", Which::never_handed_out, {}, now()).value().empty());
  const std::string held = scan().id;  // MQTT brought it: the agent has it before it ever asked
  CHECK(ask("a", {held}).tasks_size() == 4);
  CHECK(book->find(held, now())->standing == TaskStanding::delivered);
}

TEST_CASE_FIXTURE(TasksHouse, "what the agent says of its tasks is shown; of another's tasks nothing is believed") {
  const TaskRow task = scan();
  CHECK(book->heard("a", state(task.id, v1::TaskState::RECEIVED), now()).value());
  CHECK(standing(task) == TaskStanding::delivered);
  CHECK_FALSE(book->heard("b", state(task.id, v1::TaskState::RUNNING), now()).value());
  CHECK(standing(task) == TaskStanding::delivered);
  CHECK(book->heard("a", state(task.id, v1::TaskState::RUNNING, 3, 9), now()).value());
  const TaskRow running = book->find(task.id, now()).value();
  CHECK(running.standing == TaskStanding::running);
  CHECK(running.done == 3);
  CHECK(running.of == 9);
  CHECK_FALSE(book->heard("a", "no message", now()).value());
  CHECK_FALSE(book->heard("a", state("zz", v1::TaskState::RUNNING), now()).value());
  take("a", result(task.id));
  CHECK_FALSE(book->heard("a", state(task.id, v1::TaskState::RUNNING), now()).value());
  CHECK(standing(task) == TaskStanding::done);
}

TEST_CASE_FIXTURE(TasksHouse, "each outcome has its word; one of a newer agent is a failure that says so") {
  const std::pair<int, std::string_view> rows[] = {
      {v1::TaskResult::DONE, "done"},
      {v1::TaskResult::FAILED, "failed"},
      {v1::TaskResult::EXPIRED, "expired"},
      {v1::TaskResult::FORBIDDEN, "forbidden"},
      {v1::TaskResult::REFUSED, "refused"},
      {v1::TaskResult::INTERRUPTED, "interrupted"},
      {v1::TaskResult::CANCELLED, "cancelled"},
      {v1::TaskResult::NOT_YET, "not-yet"},
      {v1::TaskResult::OUTCOME_UNSPECIFIED, "failed"},
      {77, "failed"},
  };
  for (const auto& row : rows) {
    const std::string_view word = row.second;
    CAPTURE(word);
    const TaskRow task = scan();
    take("a", result(task.id, static_cast<v1::TaskResult::Outcome>(row.first), "as it went"));
    const TaskRow over = book->find(task.id, now()).value();
    CHECK(word_of(over.standing) == word);
    CHECK(is_over(over.standing));
    CHECK(over.text.ends_with("as it went"));
    CHECK(over.over == now());
    CHECK(over.began == WallTime(std::chrono::milliseconds(1)));
  }
  CHECK(ask().tasks_size() == 0);
}

TEST_CASE_FIXTURE(TasksHouse, "the first result counts, and only that of the agent whose task it is") {
  const TaskRow task = scan();
  take("b", result(task.id, v1::TaskResult::DONE, "not mine"));
  CHECK(standing(task) == TaskStanding::queued);
  take("a", result(task.id, v1::TaskResult::FAILED, "first", "the output"));
  take("a", result(task.id, v1::TaskResult::DONE, "second", "another"));
  take("a", result(std::string(32, '0')));  // of no task
  take("a", "no message");
  const TaskRow over = book->find(task.id, now()).value();
  CHECK(over.standing == TaskStanding::failed);
  CHECK(over.text == "first");
  CHECK(book->output(over).value() == "the output");
  CHECK(book->taken_through().value() == 5);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "REFUSED may be the fate of a forged task under the same id: a later result takes its place") {
  const TaskRow task = scan();
  take("a", result(task.id, v1::TaskResult::REFUSED, "badly signed", "x"));
  CHECK(standing(task) == TaskStanding::refused);
  CHECK(ask().tasks_size() == 0);
  take("a", result(task.id, v1::TaskResult::REFUSED, "again"));
  CHECK(book->find(task.id, now())->text == "badly signed");
  take("a", result(task.id, v1::TaskResult::DONE, "done all the same", "the output"));
  take("a", result(task.id, v1::TaskResult::FAILED));
  CHECK(standing(task) == TaskStanding::done);
  CHECK(book->output(book->find(task.id, now()).value()).value() == "the output");
}

TEST_CASE_FIXTURE(TasksHouse, "a beginning in the ledger is a beginning, also when its state got lost on the way") {
  const TaskRow task = scan();
  const auto begins = [&](const std::string& agent) {
    REQUIRE(book->take(
        std::vector{TaskResultRecord{++record, agent, state(task.id, v1::TaskState::STATE_UNSPECIFIED), now(), true}}));
  };
  begins("b");
  CHECK(standing(task) == TaskStanding::queued);
  begins("a");
  CHECK(standing(task) == TaskStanding::running);
  CHECK(book->open_tasks(now())->at("a") == 1);
}

TEST_CASE_FIXTURE(TasksHouse, "two agents with one id: each has its own task and its own result") {
  const TaskRow of_a = scan("a"), of_b = scan("b");
  sqlite::Connection other(folder + "/tasks.db", sqlite::Connection::Mode::read_write);
  other.run(("UPDATE tasks SET id = '" + of_a.id + "'").c_str());
  take("b", result(of_a.id, v1::TaskResult::FAILED));
  const auto rows = book->list({}, now()).value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].agent == "b");
  CHECK(rows[0].standing == TaskStanding::failed);
  CHECK(rows[1].agent == "a");
  CHECK(rows[1].standing == TaskStanding::queued);
}

TEST_CASE_FIXTURE(TasksHouse, "too late is expired and not handed out any more; a result that comes late counts") {
  const TaskRow task = scan(), running = scan();
  REQUIRE(book->heard("a", state(running.id, v1::TaskState::RUNNING), now()).value());
  clock.advance(hours(1));
  CHECK(standing(task) == TaskStanding::expired);
  CHECK(standing(running) == TaskStanding::running);  // it had begun
  CHECK(ask().tasks_size() == 0);
  CHECK(book->list({.agent = {}, .open_only = true}, now())->size() == 1);
  take("a", result(task.id));
  CHECK(standing(task) == TaskStanding::done);
}

TEST_CASE_FIXTURE(TasksHouse, "a result out of bounds is kept without what is too much") {
  const TaskRow task = scan();
  const std::string umlauts = [] {
    std::string out = "x";
    while (out.size() < 5000) out += "ü";
    return out;
  }();
  take("a", result(task.id, v1::TaskResult::DONE, umlauts, std::string(256 * 1024 + 1, 'x')));
  const TaskRow over = book->find(task.id, now()).value();
  CHECK(over.standing == TaskStanding::done);
  CHECK(over.text.size() <= 4096);
  CHECK(over.text.starts_with("Its output was larger"));
  CHECK(over.text.ends_with("ü"));
  CHECK(over.output_octets == 0);
  CHECK(book->output(over).value().empty());
}

TEST_CASE_FIXTURE(TasksHouse, "cancelling: what nobody has is over; what the agent has is ended by a task of its own") {
  const TaskRow nobodys = scan();
  CHECK(book->cancel(nobodys.id, "a test", now())->standing == TaskStanding::cancelled);
  CHECK(ask().tasks_size() == 0);
  CHECK(book->cancel(nobodys.id, "a test", now()).error().code == Code::conflict);

  const TaskRow theirs = scan();
  REQUIRE(ask().tasks_size() == 1);
  for (int i = 0; i < 2; ++i) CHECK(book->cancel(theirs.id, "a test", now())->cancelled == now());  // once is enough
  const v1::TaskList list = ask("a", {theirs.id});
  REQUIRE(list.tasks_size() == 1);
  CHECK(task_of(list.tasks(0)).cancel().task_id() == theirs.id);
  CHECK(task_of(list.tasks(0)).tenant() == "Dealer");
  CHECK(standing(theirs) == TaskStanding::delivered);
  take("a", result(theirs.id, v1::TaskResult::CANCELLED));
  CHECK(standing(theirs) == TaskStanding::cancelled);

  const TaskRow announced = scan();  // a broker has it: it may be anywhere
  REQUIRE(book->made_since(announced.number - 1, 9, true, now())->size() == 1);
  CHECK(book->cancel(announced.id, "a test", now())->standing == TaskStanding::queued);
  CHECK(book->cancel("ffff", "a test", now()).error().code == Code::not_found);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "ten thousand tasks wait for one agent, and no more; they go out in order, within the bounds") {
  {
    sqlite::Connection hasty(folder + "/tasks.db", sqlite::Connection::Mode::read_write);
    hasty.run("PRAGMA synchronous = OFF");
    const TaskRow first = scan();
    hasty.run(
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) INSERT INTO tasks (agent, "
         "id, kind, about, made_by, octets, made, not_after) SELECT agent, printf('%032x', i), kind, about, made_by, "
         "octets, made, not_after FROM tasks, n WHERE id = '" +
         first.id + "'")
            .c_str());
  }
  const auto refused = book->add({.kind = "scan"}, "Dealer", "a", hours(1), "a test", now());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::conflict);
  CHECK(book->add({.kind = "scan"}, "Dealer", "b", hours(1), "a test", now()));
  CHECK(book->list({.agent = "a", .open_only = true, .newest = 20'000}, now())->size() == 10'000);

  // Each list is 64 of them; the agent says what it has.
  std::vector<std::string> have;
  std::int64_t handed_out = 0;
  const auto all = [&] {
    auto rows = book->list({.agent = "a", .open_only = false, .newest = 20'000}, now()).value();
    std::ranges::reverse(rows);
    return rows;
  }();
  for (int turn = 0; turn < 3; ++turn) {
    const v1::TaskList list = ask("a", have);
    CHECK(list.tasks_size() == 64);
    for (int i = 0; i < list.tasks_size(); ++i) have.push_back(all.at(static_cast<std::size_t>(handed_out++)).id);
  }
  have.clear();
  for (const TaskRow& row : all) have.push_back(row.id);
  have.resize(9'990);
  CHECK(ask("a", have).tasks_size() == 10);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "a script gone wild is told when to go on; other agents, and taking back, are not in its way") {
  sqlite::Connection(folder + "/tasks.db", sqlite::Connection::Mode::read_write).run("PRAGMA synchronous = OFF");
  for (std::size_t i = 0; i < most_made_tasks; ++i) {
    scan();
    clock.advance(std::chrono::milliseconds(100));
  }
  const auto refused = book->add({.kind = "scan"}, "Dealer", "a", hours(1), "a test", now());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::timeout);
  CHECK_MESSAGE(refused.error().text.find("go on in 36 s") != std::string::npos, refused.error().text);
  CHECK(book->list({.agent = "a", .open_only = false, .newest = 1000}, now())->size() == most_made_tasks);
  scan("b");
  const std::string theirs = ids_of(ask()).at(0);
  CHECK(book->cancel(theirs, "a test", now())->cancelled);
  CHECK(book->list({.agent = "a", .open_only = false, .newest = 1000}, now())->front().kind == "cancel");
  clock.advance(std::chrono::seconds(36));
  CHECK(book->add({.kind = "scan"}, "Dealer", "a", hours(1), "a test", now()));
  clock.step_wall(-days(1));  // what is in the future now does not count
  CHECK(book->add({.kind = "scan"}, "Dealer", "a", hours(1), "a test", now()));
}

TEST_CASE_FIXTURE(TasksHouse, "a book of version 1 is brought up to date") {
  const TaskRow task = scan();
  book.reset();
  sqlite::Connection(folder + "/tasks.db", sqlite::Connection::Mode::read_write)
      .run(
          "DROP TRIGGER task_made; DROP TRIGGER task_changed; DROP INDEX tasks_by_agent; ALTER TABLE tasks DROP COLUMN "
          "unsure; ALTER TABLE head DROP COLUMN hash; ALTER TABLE head DROP COLUMN progress; PRAGMA user_version = 1");
  open();
  CHECK(standing(task) == TaskStanding::queued);
  CHECK(ask().tasks_size() == 1);
}

TEST_CASE_FIXTURE(TasksHouse, "everything that changes a task is progress; looking is none") {
  const auto moves = [&](const char* what, bool wanted, const std::function<void()>& act) {
    CAPTURE(what);
    const std::int64_t before = book->progress().value();
    act();
    CHECK((book->progress().value() > before) == wanted);
  };
  moves("made", true, [&] { scan(); });
  moves("listed", false, [&] { REQUIRE(book->list({}, now())); });
  moves("handed out", true, [&] { ask(); });
  moves("handed out again", false, [&] { ask(); });
  const TaskRow task = book->list({}, now())->front();
  moves("heard", true, [&] { REQUIRE(book->heard("a", state(task.id, v1::TaskState::RUNNING), now())); });
  moves("cancelled", true, [&] { REQUIRE(book->cancel(task.id, "a test", now())); });
  moves("over", true, [&] { take("a", result(task.id)); });
}

TEST_CASE_FIXTURE(TasksHouse,
                  "a book that is older than the store knows: what was open is unknown, until its agent says more") {
  const TaskRow over = scan(), withdrawn = scan(), running = scan(), queued = scan(), silent = scan();
  take("a", result(over.id));
  REQUIRE(book->cancel(withdrawn.id, "a test", now()));
  REQUIRE(book->heard("a", state(running.id, v1::TaskState::RUNNING, 1, 2), now()).value());
  const std::int64_t seen = book->progress().value();
  CHECK(book->is_as_new_as(seen, now()).value());
  CHECK(standing(queued) == TaskStanding::queued);
  CHECK_FALSE(book->is_as_new_as(seen + 1, now()).value());
  CHECK(book->is_as_new_as(seen + 1, now()).value());  // once is enough
  CHECK(standing(over) == TaskStanding::done);
  CHECK(standing(withdrawn) == TaskStanding::cancelled);
  for (const TaskRow* task : {&running, &queued, &silent}) CHECK(standing(*task) == TaskStanding::unknown);
  CHECK(ask().tasks_size() == 0);
  CHECK(book->open_tasks(now())->empty());
  CHECK(book->cancel(queued.id, "a test", now()).error().code == Code::conflict);
  REQUIRE(book->heard("a", state(running.id, v1::TaskState::RUNNING), now()).value());
  CHECK(standing(running) == TaskStanding::running);  // the agent has it after all
  take("a", result(queued.id));
  CHECK(standing(queued) == TaskStanding::done);
  CHECK(standing(silent) == TaskStanding::unknown);
  CHECK(book->find(silent.id, now())->text.find("ask again") != std::string::npos);
  CHECK(ids_of(ask()) == std::vector<std::string>{running.id});
  const TaskRow later = scan();
  CHECK(standing(later) == TaskStanding::queued);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "a store with another history: what agents had is known no further, what nobody had stays") {
  const TaskRow over = scan(), running = scan(), late = add({.kind = "scan"}, "a", hours(2));
  REQUIRE(ask().tasks_size() == 3);
  const TaskRow queued = scan("b");
  CHECK(book->goes_on_from("", now()).value());  // nothing was taken yet
  REQUIRE(book->take(std::vector{TaskResultRecord{7, "a", result(over.id), now(), false, "hash of 7"}}));
  REQUIRE(book->heard("a", state(running.id, v1::TaskState::RUNNING, 1, 2), now()).value());
  CHECK(book->goes_on_from("hash of 7", now()).value());
  CHECK(standing(running) == TaskStanding::running);
  CHECK_FALSE(book->goes_on_from("another", now()).value());
  CHECK(book->taken_through().value() == 0);
  CHECK(standing(over) == TaskStanding::done);
  CHECK(standing(queued) == TaskStanding::queued);
  CHECK(standing(running) == TaskStanding::delivered);
  CHECK(ask().tasks_size() == 2);
  clock.advance(hours(1));
  CHECK(standing(running) == TaskStanding::unknown);  // not "expired": it may have been done
  CHECK(standing(late) == TaskStanding::delivered);
  CHECK(book->list({.agent = "a", .open_only = true}, now())->size() == 1);
  take("a", result(running.id, v1::TaskResult::FAILED));
  CHECK(standing(running) == TaskStanding::failed);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "a book of an earlier version kept no hash: it takes the store's for its own, if there is one") {
  const TaskRow running = scan();
  REQUIRE(book->heard("a", state(running.id, v1::TaskState::RUNNING), now()).value());
  take("b", "whatever");
  CHECK(book->goes_on_from("hash", now()).value());
  CHECK(standing(running) == TaskStanding::running);
  CHECK_FALSE(book->goes_on_from("", now()).value());
  CHECK(standing(running) == TaskStanding::delivered);
}

TEST_CASE_FIXTURE(TasksHouse, "a list is 256 KiB at most, and one task at least") {
  TaskOrder order{.kind = "set_config"};
  order.toml = "# " + std::string(60'000, 'x') + "\n";
  for (int i = 0; i < 6; ++i) add(order);
  const v1::TaskList list = ask();
  CHECK(list.tasks_size() == 4);
  CHECK(list.ByteSizeLong() <= most_listed_octets);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "another key: each agent is told under the one that it trusts, and then signed to by the new one") {
  const std::string old = book->key_for("a", now()).value();
  scan();
  const std::string fresh = keys().add()->public_key;
  REQUIRE(old != fresh);
  CHECK(book->key_for("a", now()).value() == old);
  CHECK(book->key_for("new", now()).value() == fresh);
  const std::vector<std::pair<std::string, std::string>> agents = {{"a", "Dealer"}, {"new", "Dealer"}};
  CHECK(book->send_current_key(agents, hours(24), now()).value() == 1);
  CHECK(book->send_current_key(agents, hours(24), now()).value() == 0);  // it waits already
  const v1::TaskList list = ask();
  REQUIRE(list.tasks_size() == 2);
  for (const v1::SignedTask& each : list.tasks()) CHECK(wire::signed_by(old, each.task(), each.signature()));
  const v1::Task trust = task_of(list.tasks(1));
  CHECK(trust.trust_key().public_key() == fresh);
  CHECK(trust.trust_key().overlap_s() == 86'400);

  take("b", result(trust.task_id()));  // somebody else's word changes nothing
  CHECK(book->key_for("a", now()).value() == old);
  take("a", result(trust.task_id()));
  CHECK(book->key_for("a", now()).value() == fresh);
  CHECK(wire::signed_by(fresh, ask().tasks(0).task(), ask().tasks(0).signature()));
  const auto in_use = book->keys_in_use().value();
  REQUIRE(in_use.size() == 2);
  CHECK(in_use[0].key_id == wire::task_key_id(fresh));
}

TEST_CASE_FIXTURE(TasksHouse, "an agent that failed to take the key up is told again; the old key stays its key") {
  const std::string old = book->key_for("a", now()).value();
  REQUIRE(keys().add());
  const std::vector<std::pair<std::string, std::string>> agents = {{"a", "Dealer"}};
  REQUIRE(book->send_current_key(agents, hours(24), now()).value() == 1);
  take("a", result(ids_of(ask()).at(0), v1::TaskResult::FORBIDDEN));
  CHECK(book->key_for("a", now()).value() == old);
  CHECK(book->send_current_key(agents, hours(24), now()).value() == 1);
}

TEST_CASE_FIXTURE(TasksHouse, "new tasks are told once each, in their order; for a broker they are signed") {
  const std::int64_t before = book->newest_number().value();
  const TaskRow first = scan(), second = scan("b");
  const auto plain = book->made_since(before, 99, false, now()).value();
  REQUIRE(plain.size() == 2);
  CHECK(plain[0].agent == "a");
  CHECK(plain[0].signed_task.empty());
  CHECK(plain[1].number == second.number);
  const auto announced = book->made_since(first.number, 99, true, now()).value();
  REQUIRE(announced.size() == 1);
  v1::SignedTask sent;
  REQUIRE(sent.ParseFromString(announced[0].signed_task));
  CHECK(wire::signed_by(book->key_for("b", now()).value(), sent.task(), sent.signature()));
  CHECK(book->made_since(second.number, 99, true, now())->empty());
}

TEST_CASE_FIXTURE(TasksHouse, "what was over 90 days ago is forgotten") {
  const TaskRow over = scan(), waiting = add({.kind = "scan"}, "a", days(30));
  take("a", result(over.id, v1::TaskResult::DONE, "", "output"));
  clock.advance(days(90) - hours(1));
  REQUIRE(book->forget_old(now()));
  CHECK(book->list({}, now())->size() == 2);
  clock.advance(hours(2));
  REQUIRE(book->forget_old(now()));
  REQUIRE(book->list({}, now())->size() == 1);
  CHECK(book->list({}, now())->at(0).id == waiting.id);
  CHECK(book->output(over).value().empty());
}

TEST_CASE_FIXTURE(TasksHouse, "what cannot be made is refused with a reason, and nothing of it is kept") {
  CHECK(book->add({.kind = "format_disk"}, "Dealer", "a", hours(1), "a test", now()).error().code == Code::invalid);
  CHECK(book->add({.kind = "scan"}, "Dealer", "a", days(31), "a test", now()).error().code == Code::invalid);
  CHECK(book->add({.kind = "scan"}, "Dealer", "a", hours(0), "a test", now()).error().code == Code::invalid);
  CHECK(book->list({}, now())->empty());
}

TEST_CASE_FIXTURE(TasksHouse, "a beginning that fits several tasks, or none") {
  scan(), scan();
  sqlite::Connection(folder + "/tasks.db", sqlite::Connection::Mode::read_write)
      .run("UPDATE tasks SET id = 'ab' || substr(id, 3)");
  CHECK(book->find("ab", now()).error().code == Code::invalid);
  CHECK(book->find("", now()).error().code == Code::not_found);
  CHECK(book->find("%", now()).error().code == Code::not_found);
}

TEST_CASE_FIXTURE(TasksHouse, "a file that is no book of tasks is refused and left as it is") {
  const std::string text = folder + "/text.db", other = folder + "/other.db", newer = folder + "/newer.db";
  std::ofstream(text) << std::string(4096, 'x');
  std::ofstream(other).flush(), std::ofstream(newer).flush();
  sqlite::Connection(other, sqlite::Connection::Mode::read_write).run("CREATE TABLE t(x)");
  REQUIRE(TaskBook::open(newer, keys()));
  sqlite::Connection(newer, sqlite::Connection::Mode::read_write).run("PRAGMA user_version = 99");
  const std::pair<std::string, Code> rows[] = {{text, Code::corrupt},
                                               {other, Code::corrupt},
                                               {newer, Code::invalid},
                                               {folder + "/none/tasks.db", Code::not_found}};
  for (const auto& row : rows) {
    const std::string& file = row.first;
    CAPTURE(file);
    const auto opened = TaskBook::open(file, keys());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == row.second);
    CHECK(opened.error().text.find(file) != std::string::npos);
  }
  CHECK(std::filesystem::file_size(text) == 4096);
}
