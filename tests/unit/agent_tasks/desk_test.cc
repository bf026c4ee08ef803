#include "agent/tasks/desk.h"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/agent_tasks/bench.h"

using namespace platen;
using namespace std::chrono_literals;
using test::From;
using test::id_of;
using test::Lines;
using test::Said;
using test::sign;
namespace fs = std::filesystem;

TEST_CASE_FIXTURE(test::Bench,
                  "a task is done once; however often it comes again, it is answered with the first result") {
  open();
  const std::string asked = signed_task(1);
  CHECK(desk->offer(asked).said == Said::taken);
  CHECK(desk->offer(asked).said == Said::again);
  tick();
  CHECK(hands.begun == Lines{id_of(1)});
  CHECK(outcomes() == Lines{"1 done"});
  hands.ending = {tasks::Outcome::failed, "other"};
  for (int i = 0; i < 3; ++i) CHECK(desk->offer(asked).said == Said::again);
  tick();
  CHECK(hands.begun.size() == 1);
  CHECK(outcomes() == Lines(4, "1 done"));
  for (const wire::TaskResult& result : journal.results()) CHECK(result.output == "output");
  open();
  CHECK(desk->offer(asked).said == Said::again);
  tick();
  CHECK(hands.begun.size() == 1);
}

TEST_CASE_FIXTURE(test::Bench, "nothing is begun before the cloud was heard, and has acknowledged that it begins") {
  heard = false;
  journal.acknowledges = false;
  open();
  CHECK(desk->offer(signed_task(1)).said == Said::later);
  heard = true;
  desk->heard({clock.wall(), clock.monotonic()});
  CHECK(desk->offer(signed_task(1)).said == Said::taken);
  tick();
  REQUIRE(journal.records.size() == 1);
  CHECK(journal.records[0].first == wire::task_begun_kind);
  CHECK(wire::decode_task_state(journal.records[0].second)->task_id == id_of(1));
  CHECK(hands.begun.empty());
  SUBCASE("acknowledged") {
    journal.through = 1;
    tick();
    CHECK(outcomes() == Lines{"1 done"});
  }
  SUBCASE("the agent ends meanwhile: it was not begun, and may come again") {
    journal.acknowledges = true;
    open();
    CHECK(desk->offer(signed_task(1)).said == Said::taken);
    tick();
    CHECK(outcomes() == Lines{"1 done"});
  }
  SUBCASE("the ledger goes on in another epoch: this disk may be an older copy") {
    journal.epoch = "e2";
    journal.through = 9;
    tick();
    CHECK(hands.begun.empty());
    CHECK(outcomes() == Lines{"1 refused"});
  }
  SUBCASE("its end comes first") {
    clock.advance(2h);
    tick();
    CHECK(hands.begun.empty());
    CHECK(outcomes() == Lines{"1 expired"});
  }
  SUBCASE("cancelled") {
    v1::Task cancel = task(2);
    cancel.mutable_cancel()->set_task_id(id_of(1));
    CHECK(desk->offer(sign(cancel)).said == Said::taken);
    journal.through = 1;
    tick();
    CHECK(hands.begun.empty());
    CHECK(outcomes() == Lines{"1 cancelled", "2 done"});
  }
}

TEST_CASE_FIXTURE(test::Bench, "what was executed after a copy of the state was made is not executed from that copy") {
  open();
  desk->offer(signed_task(1));
  tick();
  const std::string state = folder.path(), copy = state + ".copy", book = state + "/tasks.db";
  desk.reset();
  fs::copy(state, copy);
  open();
  const std::string replayed = signed_task(2);
  desk->offer(replayed);
  tick();
  REQUIRE(hands.begun.size() == 2);
  clock.advance(1min);
  SUBCASE("the book alone") {
    desk.reset();
    fs::copy_file(copy + "/tasks.db", book, fs::copy_options::overwrite_existing);
  }
  SUBCASE("the book is gone") {
    desk.reset();
    fs::remove(book);
  }
  SUBCASE("everything, and the cloud has seen another history: the ledger goes on in a new epoch") {
    desk.reset();
    fs::remove_all(state);
    fs::copy(copy, state);
    journal.epoch = "e2";
  }
  open();
  desk->offer(replayed);
  tick();
  CHECK(hands.begun.size() == 2);
  CHECK(outcomes().back() == "2 refused");
  clock.advance(1min);
  CHECK(desk->offer(signed_task(3)).said == Said::taken);  // what is issued from now on is done
  tick();
  CHECK(hands.begun.size() == 3);
  fs::remove_all(copy);
}

TEST_CASE_FIXTURE(test::Bench,
                  "a restored disk whose first word is acknowledged only in a new epoch executes nothing old") {
  open();
  desk.reset();
  const std::string copy = folder.path() + ".copy";
  fs::copy(folder.path(), copy);
  open();
  const std::string replayed = signed_task(1);
  desk->offer(replayed);
  tick();
  REQUIRE(hands.begun.size() == 1);
  desk.reset();
  fs::remove_all(folder.path());
  fs::rename(copy, folder.path());
  journal.acknowledges = false;  // the uplink has not come back yet: nobody has noticed anything
  journal.through = 0;
  open();
  desk->offer(replayed);
  tick();
  CHECK(hands.begun.size() == 1);
  journal.epoch = "e2";  // the cloud has another record under the claim's number
  journal.through = 99;
  tick();
  CHECK(hands.begun.size() == 1);
  CHECK(outcomes().back() == "1 refused");
}

TEST_CASE_FIXTURE(test::Bench, "what is interrupted is told, and never run again") {
  hands.steps = 99;
  open();
  const std::string asked = signed_task(1);
  desk->offer(asked);
  tick();
  CHECK(hands.begun.size() == 1);
  open();
  tick();
  CHECK(outcomes() == Lines{"1 interrupted"});
  CHECK(desk->offer(asked).said == Said::again);
  tick();
  CHECK(hands.begun.size() == 1);
}

TEST_CASE_FIXTURE(test::Bench, "a result that the ledger does not take waits, over a restart too") {
  open();
  desk->offer(signed_task(1));
  desk->tick(true);
  tick(1);
  journal.records.clear();
  v1::Task late = task(2);
  late.set_not_after_ms(test::ms(clock.wall()));
  journal.full = true;
  desk->offer(sign(late));
  tick();
  CHECK_FALSE(desk->state().trouble.empty());
  open();
  journal.full = false;
  tick();
  CHECK(outcomes() == Lines{"2 expired"});
  CHECK(desk->state().trouble.empty());
}

TEST_CASE_FIXTURE(test::Bench, "the oldest first; the same waiting twice is done once and answered twice") {
  open();
  v1::Task old = task(3), other = task(4);
  old.set_issued_ms(old.issued_ms() - 5'000);
  old.mutable_explain()->set_address("192.0.2.7");
  other.mutable_explain()->set_address("192.0.2.8");
  for (const std::string& each : {signed_task(1), sign(other), signed_task(2), sign(old)}) desk->offer(each);
  tick(12);
  CHECK(hands.begun == Lines{id_of(3), id_of(1), id_of(4)});
  CHECK(outcomes() == Lines{"3 done", "1 done", "2 done", "4 done"});
}

TEST_CASE_FIXTURE(test::Bench, "not before its time, and never after its end") {
  open();
  v1::Task later = task(1);
  later.set_not_before_ms(test::ms(clock.wall() + 30min));
  desk->offer(sign(later));
  v1::Task soon_over = task(2);
  soon_over.mutable_scan();
  soon_over.set_not_before_ms(test::ms(clock.wall() + 30min));
  soon_over.set_not_after_ms(test::ms(clock.wall() + 10min));
  desk->offer(sign(soon_over));
  tick();
  CHECK(hands.begun.empty());
  clock.advance(31min);
  tick();
  CHECK(hands.begun == Lines{id_of(1)});
  CHECK(outcomes() == Lines{"1 done", "2 expired"});
}

TEST_CASE_FIXTURE(test::Bench, "the site's policy has the last word, also over what waits already") {
  const auto forbid = [&](const char* text) { std::ofstream(folder.path() + "/tasks-policy.toml") << text; };
  open();
  journal.acknowledges = false;
  desk->offer(signed_task(1));
  tick();
  forbid("forbid = [\"read_now\", \"check_update\"]");
  journal.acknowledges = true;
  journal.through = 1;
  v1::Task update = task(2);
  update.mutable_check_update();
  CHECK(desk->offer(sign(update)).said == Said::taken);
  tick();
  CHECK(hands.begun.empty());
  CHECK(outcomes() == Lines{"2 forbidden", "1 forbidden"});
  forbid("forbid = [");
  v1::Task configure = task(3);
  configure.mutable_set_config();
  desk->offer(sign(configure));
  desk->offer(signed_task(4));
  tick();
  CHECK(hands.begun == Lines{id_of(4)});
  CHECK(outcomes() == Lines{"2 forbidden", "1 forbidden", "3 forbidden", "4 done"});
}

TEST_CASE_FIXTURE(test::Bench,
                  "a cancel ends what runs, what waits and what has not come; what is over stays what it was") {
  hands.steps = 1'000;
  open();
  const auto cancel = [&](unsigned number, unsigned target) {
    v1::Task order = task(number);
    order.mutable_cancel()->set_task_id(id_of(target));
    CHECK(desk->offer(sign(order)).said == Said::taken);
  };
  desk->offer(signed_task(1));
  v1::Task waiting = task(2);
  waiting.mutable_scan();
  desk->offer(sign(waiting));
  tick();
  cancel(3, 1);
  cancel(4, 2);
  cancel(5, 6);
  cancel(7, 1);
  CHECK(desk->offer(signed_task(6)).said == Said::again);
  tick();
  CHECK(hands.begun == Lines{id_of(1)});
  std::map<std::string, std::string> texts;
  for (const wire::TaskResult& result : journal.results()) texts.emplace(result.task_id, wire::name_of(result.outcome));
  const std::map<std::string, std::string> wanted = {
      {id_of(1), "cancelled"}, {id_of(2), "cancelled"}, {id_of(3), "done"}, {id_of(4), "done"},
      {id_of(5), "done"},      {id_of(6), "cancelled"}, {id_of(7), "done"}};
  CHECK(texts == wanted);
}

TEST_CASE_FIXTURE(test::Bench, "keys are rotated under the old one's signature, and that outlives the agent") {
  open();
  v1::Task rotate = task(1);
  rotate.mutable_trust_key()->set_public_key(test::other_key().public_key);
  rotate.mutable_trust_key()->set_overlap_s(60);
  CHECK(desk->offer(sign(task(9), test::other_key())).said == Said::refused);
  CHECK(desk->offer(sign(rotate)).said == Said::taken);
  open();
  CHECK(desk->offer(sign(task(2), test::other_key())).said == Said::taken);
  CHECK(desk->offer(signed_task(3)).said == Said::taken);
  clock.advance(61s);
  CHECK(desk->offer(signed_task(4)).said == Said::refused);
  CHECK(desk->offer(sign(task(5), test::other_key())).said == Said::taken);
}

TEST_CASE_FIXTURE(test::Bench,
                  "what the cloud itself handed in is answered when it is refused; what a broker brought is counted") {
  open();
  v1::Task asked = task(1);
  const std::string forged = sign(asked, test::other_key());
  CHECK(desk->offer(forged).said == Said::refused);
  tick();
  CHECK(journal.records.empty());
  CHECK(desk->offer(forged, From::cloud).said == Said::refused);
  tick();
  CHECK(outcomes() == Lines{"1 refused"});
  CHECK(desk->offer(sign(asked)).said == Said::taken);  // a forgery does not spoil the id
  tick();
  CHECK(outcomes() == Lines{"1 refused", "1 done"});
  asked.set_agent_id("agent-2");
  CHECK(desk->offer(sign(asked), From::cloud).said == Said::refused);
  tick();
  CHECK(outcomes().size() == 2);
  CHECK(desk->state().refused.at("unknown-key") == 2);
  CHECK(desk->state().refused.at("readdressed") == 1);
}

TEST_CASE_FIXTURE(test::Bench, "people see it waiting and running; progress at most once a second") {
  hands.steps = 10;
  open();
  desk->offer(signed_task(1));
  using Stage = wire::TaskState::Stage;
  CHECK(desk->next_state() == wire::TaskState{.task_id = id_of(1), .stage = Stage::received});
  hands.progress = {1, 9, "reads"};
  clock.advance(5s);
  tick(1);
  CHECK(desk->next_state() == wire::TaskState{id_of(1), Stage::running, 1, 9, "reads"});
  hands.progress.done = 2;
  tick(1);
  CHECK_FALSE(desk->next_state());
  clock.advance(1s);
  tick(1);
  CHECK(desk->next_state()->done == 2);
  CHECK(desk->state().running == "read_now");
  CHECK(desk->have() == Lines{id_of(1), id_of(1)});
}

TEST_CASE_FIXTURE(test::Bench,
                  "the list is asked for at the start, when somebody says so, and again after a full one") {
  open();
  CHECK(desk->wants_list());
  CHECK_FALSE(desk->wants_list());
  desk->look_now();
  CHECK(desk->wants_list());
  Lines list;
  for (unsigned i = 0; i < 64; ++i) {
    v1::Task each = task(i);
    each.mutable_explain()->set_address("192.0.2." + std::to_string(i));
    list.push_back(sign(each));
  }
  desk->take_list(list);
  CHECK_FALSE(desk->wants_list());
  tick(40);
  CHECK(desk->wants_list());
  desk->take_list(list);  // nothing new
  tick(40);
  CHECK_FALSE(desk->wants_list());
}
