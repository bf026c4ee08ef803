#include "cloud/ingest/visit.h"

#include <doctest/doctest.h>

#include "platen/v1/uplink.pb.h"
#include "proto/chain.h"
#include "proto/patch.h"
#include "proto/reading_codec.h"
#include "tests/contract/watched_store.h"

using namespace platen;
using cloud::StoredRecord;
using cloud::Visit;
using Then = cloud::Visit::Then;

namespace {

const std::string epoch(32, 'e');

v1::AgentMessage hello(const std::string& agent = "agent-1", const std::string& of = epoch) {
  v1::AgentMessage message;
  message.mutable_hello()->set_agent_id(agent);
  message.mutable_hello()->set_agent_version("0.1.0");
  message.mutable_hello()->set_epoch(of);
  return message;
}

v1::AgentMessage batch(std::initializer_list<std::uint64_t> seqs, const std::string& of = epoch) {
  v1::AgentMessage message;
  message.mutable_batch()->set_epoch(of);
  for (const std::uint64_t seq : seqs) {
    v1::Record& record = *message.mutable_batch()->add_records();
    record.set_seq(seq);
    record.set_kind("reading");
    Reading reading;
    reading.address = std::to_string(seq);
    record.set_octets(wire::encode_reading(reading));
  }
  return message;
}

struct Fixture {
  cloud::WatchedStore store;
  ManualClock clock;
  Visit visit{store, clock, "agent-1"};
  v1::CloudMessage answer;

  Then say(v1::AgentMessage message) {
    answer.Clear();
    return visit.take(message, answer);
  }
  void check_refused(v1::AgentMessage message, v1::Refusal::Why why) {
    CHECK(say(std::move(message)) == Then::answer_and_end);
    CHECK(v1::Refusal::Why_Name(answer.refusal().why()) == v1::Refusal::Why_Name(why));
    CHECK_FALSE(answer.refusal().text().empty());
  }
  std::size_t taken() { return store.taken("agent-1", epoch).size(); }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "Hello is answered with what is stored and what time it is") {
  REQUIRE(store.put("agent-1", epoch, std::vector{StoredRecord{.seq = 1, .kind = {}, .octets = {}, .reading = {}}},
                    clock.wall()));
  CHECK(say(hello()) == Then::answer_and_go_on);
  CHECK(answer.welcome().epoch() == epoch);
  CHECK(answer.welcome().through_seq() == 1);
  CHECK(answer.welcome().through_hash() == store.standing("agent-1", epoch)->hash);
  CHECK(answer.welcome().cloud_time_ms() == clock.wall().time_since_epoch().count());
}

TEST_CASE_FIXTURE(Fixture, "batches are stored once and acknowledged, resent ones too") {
  say(hello());
  for (const auto& [message, through] : std::vector<std::pair<v1::AgentMessage, std::uint64_t>>{
           {batch({1, 2}), 2}, {batch({3}), 3}, {batch({1, 2}), 3}, {batch({2, 3, 4}), 4}}) {
    CHECK(say(message) == Then::answer_and_go_on);
    CHECK(answer.ack().epoch().empty());  // that of Hello
    CHECK(answer.ack().through_seq() == through);
  }
  CHECK(taken() == 4);
  CHECK(store.taken("agent-1", epoch)[3].reading->address == "4");
}

TEST_CASE_FIXTURE(Fixture, "previews are shown and never answered; nothing that is wrong with one ends the stream") {
  const auto preview = [](const v1::AgentMessage& message) {
    v1::AgentMessage made;
    *made.mutable_preview() = message.batch();
    return made;
  };
  check_refused(preview(batch({5})), v1::Refusal::BAD_MESSAGE);  // before Hello
  say(hello());
  v1::AgentMessage odd = batch({9, 4, 7});
  odd.mutable_batch()->mutable_records(1)->set_octets("\xFF no reading");
  odd.mutable_batch()->mutable_records(2)->set_base_seq(3);
  odd.mutable_batch()->add_records()->set_seq(0);
  CHECK(say(preview(odd)) == Then::go_on);
  REQUIRE(store.previewed("agent-1", epoch).size() == 1);
  CHECK(store.previewed("agent-1", epoch)[0].seq == 9);
  v1::AgentMessage broken = batch({});
  broken.mutable_batch()->set_encoding(v1::Batch::ZSTD);
  broken.mutable_batch()->set_payload("no frame");
  for (const v1::AgentMessage& wrong : {broken, batch({}), batch({3}, std::string(32, 'f'))})
    CHECK(say(preview(wrong)) == Then::go_on);
  CHECK(store.previewed("agent-1", epoch).size() == 1);
  CHECK(taken() == 0);
  CHECK(say(batch({1})) == Then::answer_and_go_on);
  CHECK(answer.ack().through_seq() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a heartbeat comes back with its number; what a newer agent says is passed over") {
  say(hello());
  v1::AgentMessage beat;
  beat.mutable_heartbeat()->set_number(77);
  CHECK(say(beat) == Then::answer_and_go_on);
  CHECK(answer.heartbeat().number() == 77);
  CHECK(answer.heartbeat().cloud_time_ms() == clock.wall().time_since_epoch().count());
  CHECK(say({}) == Then::go_on);
}

TEST_CASE("who is not who the certificate says, or talks out of turn, is refused") {
  struct Row {
    const char* name;
    std::vector<v1::AgentMessage> said;
    v1::Refusal::Why why;
  };
  const Row rows[] = {
      {"another agent's name", {hello("agent-2")}, v1::Refusal::NOT_YOU},
      {"no name", {hello("")}, v1::Refusal::NOT_YOU},
      {"a batch first", {batch({1})}, v1::Refusal::BAD_MESSAGE},
      {"Hello twice", {hello(), hello()}, v1::Refusal::BAD_MESSAGE},
      {"odd epoch", {hello("agent-1", "1234")}, v1::Refusal::BAD_MESSAGE},
      {"epoch in capitals", {hello("agent-1", std::string(32, 'E'))}, v1::Refusal::BAD_MESSAGE},
      {"batch of another epoch", {hello(), batch({1}, std::string(32, 'f'))}, v1::Refusal::BAD_MESSAGE},
      {"gap", {hello(), batch({2})}, v1::Refusal::GAP},
      {"hole", {hello(), batch({1, 3})}, v1::Refusal::BAD_MESSAGE},
      {"nothing in it", {hello(), batch({})}, v1::Refusal::BAD_MESSAGE},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Fixture fixture;
    for (std::size_t i = 0; i + 1 < row.said.size(); ++i) CHECK(fixture.say(row.said[i]) == Then::answer_and_go_on);
    fixture.check_refused(row.said.back(), row.why);
    CHECK(fixture.taken() == 0);
  }
}

TEST_CASE("without a certificate nobody is anybody") {
  Fixture fixture;
  Visit stranger(fixture.store, fixture.clock, "");
  v1::AgentMessage message = hello("");
  CHECK(stranger.take(message, fixture.answer) == Then::answer_and_end);
  CHECK(fixture.answer.refusal().why() == v1::Refusal::NOT_YOU);
}

TEST_CASE_FIXTURE(Fixture, "a store that is down is said so, without its secrets, and nothing is acknowledged") {
  say(hello());
  store.before_put = [](auto) { return Expected<void>(fail(Code::unavailable, "/var/lib/secret.db: disk full")); };
  check_refused(batch({1}), v1::Refusal::STORE_UNAVAILABLE);
  CHECK(answer.refusal().text().find("secret") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "another history of the epoch is refused, and the operator sees it") {
  say(hello());
  say(batch({1, 2}));
  v1::AgentMessage other = batch({2});
  other.mutable_batch()->mutable_records(0)->set_octets("something else");
  check_refused(other, v1::Refusal::FORK);
  CHECK(taken() == 2);
  CHECK(store.agents()->at(0).trouble.find("cloned") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a difference is made whole from the stream or the store; what cannot be is wanted whole") {
  std::string first(2000, 'a'), second = first + "b", third = second + "c";
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<char>(i * i * 31 + i / 7);
  second = first + "b", third = second + "c";
  wire::PatchMaker maker;
  const auto one = [](std::uint64_t seq, const std::string& octets, std::uint64_t base, const std::string& hash) {
    v1::AgentMessage message;
    message.mutable_batch()->set_epoch(epoch);
    v1::Record& record = *message.mutable_batch()->add_records();
    record.set_seq(seq);
    record.set_kind("reading");
    record.set_octets(octets);
    record.set_base_seq(base);
    message.mutable_batch()->set_last_hash(hash);
    return message;
  };
  const std::string hash1 = wire::chain_link(wire::chain_start(epoch), 1, "reading", first),
                    hash2 = wire::chain_link(hash1, 2, "reading", second),
                    hash3 = wire::chain_link(hash2, 3, "reading", third);
  say(hello());
  REQUIRE(say(one(1, first, 0, hash1)) == Then::answer_and_go_on);
  REQUIRE(say(one(2, maker.make(first, second), 1, hash2)) == Then::answer_and_go_on);
  CHECK(store.taken("agent-1", epoch).at(1).octets == second);
  struct Row {
    const char* name;
    v1::AgentMessage message;
    v1::Refusal::Why why;
  };
  const Row rows[] = {
      {"another base than the agent's", one(3, maker.make(second, third), 1, hash3), v1::Refusal::BASE_LOST},
      {"no patch", one(3, "no patch", 2, hash3), v1::Refusal::BASE_LOST},
      {"no hash", one(3, maker.make(second, third), 2, ""), v1::Refusal::BAD_MESSAGE},
      {"leans on itself", one(3, maker.make(second, third), 3, hash3), v1::Refusal::BAD_MESSAGE},
  };
  const auto in_a_new_stream = [&](v1::AgentMessage message) {  // nothing is remembered: the store has the bases
    Visit again(store, clock, "agent-1");
    v1::AgentMessage greeting = hello();
    std::ignore = again.take(greeting, answer);
    answer.Clear();
    return again.take(message, answer);
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(in_a_new_stream(row.message) == Then::answer_and_end);
    CHECK(v1::Refusal::Why_Name(answer.refusal().why()) == v1::Refusal::Why_Name(row.why));
    CHECK(taken() == 2);
  }
  CHECK(in_a_new_stream(one(3, maker.make(second, third), 2, hash3)) == Then::answer_and_go_on);
  CHECK(store.taken("agent-1", epoch).at(2).octets == third);
  // A store that has lost the base: the stream that remembers it goes on, another one asks for the whole.
  cloud::WatchedStore empty;
  Visit lost(empty, clock, "agent-1");
  v1::AgentMessage greeting = hello(), message = one(1, maker.make(first, second), 0, "");
  message.mutable_batch()->mutable_records(0)->set_seq(2);
  message.mutable_batch()->mutable_records(0)->set_base_seq(1);
  message.mutable_batch()->set_last_hash(hash2);
  std::ignore = lost.take(greeting, answer);
  answer.Clear();
  CHECK(lost.take(message, answer) == Then::answer_and_end);
  CHECK(v1::Refusal::Why_Name(answer.refusal().why()) == "BASE_LOST");
}

TEST_CASE_FIXTURE(Fixture, "a hash that does not fit is another history too") {
  say(hello());
  v1::AgentMessage message = batch({1, 2});
  message.mutable_batch()->set_last_hash(std::string(32, 'h'));
  check_refused(message, v1::Refusal::FORK);
  CHECK(taken() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "a record that the store takes in no form is refused by its number, those before it are stored") {
  say(hello());
  store.before_put = [](std::span<const StoredRecord> records) -> Expected<void> {
    for (const StoredRecord& record : records) {
      if (record.seq == 3) return fail(Code::invalid, "cannot take this one");
    }
    return {};
  };
  check_refused(batch({1, 2, 3, 4}), v1::Refusal::RECORD_REFUSED);
  CHECK(answer.refusal().seq() == 3);
  CHECK(taken() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a record that cannot be decoded is stored as it came and blocks nobody") {
  say(hello());
  v1::AgentMessage message = batch({1, 2, 3});
  message.mutable_batch()->mutable_records(1)->set_octets("\xFF poison");
  CHECK(say(message) == Then::answer_and_go_on);
  CHECK(answer.ack().through_seq() == 3);
  const auto records = store.taken("agent-1", epoch);
  CHECK(records.at(0).reading);
  CHECK_FALSE(records.at(1).reading);
  CHECK(records.at(1).octets == "\xFF poison");
  CHECK(records.at(2).reading);
}

TEST_CASE_FIXTURE(Fixture, "a reading that the store cannot take is stored without it, its neighbours with theirs") {
  say(hello());
  store.before_put = [](std::span<const StoredRecord> records) -> Expected<void> {
    for (const StoredRecord& record : records) {
      if (record.reading && record.reading->address == "2") return fail(Code::invalid, "cannot take this one");
    }
    return {};
  };
  CHECK(say(batch({1, 2, 3})) == Then::answer_and_go_on);
  CHECK(answer.ack().through_seq() == 3);
  CHECK(store.taken("agent-1", epoch).at(0).reading);
  CHECK_FALSE(store.taken("agent-1", epoch).at(1).reading);
  CHECK(store.taken("agent-1", epoch).at(2).reading);
}

TEST_CASE("an agent that was removed is sent away, at Hello and later") {
  struct Door final : cloud::Doorkeeper {
    bool open = true;
    std::string said;
    Expected<void> admit(const std::string& agent, const std::string& instance, const std::string& peer) override {
      said = agent + " " + instance + " " + peer;
      return open ? Expected<void>{} : fail(Code::denied, "this agent was removed from the cloud");
    }
  } door;
  cloud::WatchedStore store;
  const ManualClock clock;
  const auto refused_as = [](const v1::CloudMessage& answer) { return v1::Refusal::Why_Name(answer.refusal().why()); };
  const std::string instance(32, '7');
  v1::CloudMessage answer;
  Visit visit(store, clock, "agent-1", &door, "192.0.2.1");
  v1::AgentMessage greeting = hello();
  greeting.mutable_hello()->set_instance(instance);
  CHECK(visit.take(greeting, answer) == Then::answer_and_go_on);
  CHECK(door.said == "agent-1 " + instance + " 192.0.2.1");
  door.open = false;
  v1::AgentMessage next = batch({1});
  CHECK(visit.take(next, answer) == Then::answer_and_end);
  CHECK(refused_as(answer) == "REVOKED");
  CHECK(store.taken("agent-1", epoch).empty());
  Visit again(store, clock, "agent-1", &door, "192.0.2.1");
  greeting.mutable_hello()->set_instance("no number");
  CHECK(again.take(greeting, answer) == Then::answer_and_end);
  CHECK(refused_as(answer) == "REVOKED");
  CHECK(door.said == "agent-1  192.0.2.1");
}

namespace {

// Says what a test wants, and remembers what it was told.
class TasksOfATest final : public cloud::TaskDesk {
 public:
  std::string tasks_for(const std::string& agent, const std::string& peer, std::span<const std::string> have) override {
    asked.push_back(agent + "@" + peer);
    held.assign(have.begin(), have.end());
    return list.SerializeAsString();
  }
  std::string new_tasks_for(const std::string& agent) override {
    asked.push_back(agent);
    return list.SerializeAsString();
  }
  void heard(const std::string& agent, const std::string& task_state) override {
    v1::TaskState state;
    REQUIRE(state.ParseFromString(task_state));
    said.push_back(agent + ":" + state.task_id());
  }
  void results_stored() override { ++results; }

  v1::TaskList list;
  std::vector<std::string> asked, held, said;
  int results = 0;
};

v1::AgentMessage which_tasks(std::initializer_list<std::string> have = {}) {
  v1::AgentMessage message;
  message.mutable_tasks();
  for (const std::string& id : have) message.mutable_tasks()->add_have(id);
  return message;
}

struct WithTasks {
  cloud::WatchedStore store;
  ManualClock clock;
  TasksOfATest tasks;
  Visit visit{store, clock, "agent-1", nullptr, "192.0.2.1", &tasks};
  v1::CloudMessage answer;

  Then say(v1::AgentMessage message) {
    answer.Clear();
    return visit.take(message, answer);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "where nobody keeps tasks, the answer is an empty list") {
  say(hello());
  CHECK(say(which_tasks()) == Then::answer_and_go_on);
  CHECK(answer.has_tasks());
  CHECK(answer.tasks().tasks_size() == 0);
  CHECK(answer.tasks().cloud_time_ms() == clock.wall().time_since_epoch().count());
  v1::AgentMessage state;
  state.mutable_task_state()->set_task_id("x");
  CHECK(say(state) == Then::go_on);
  CHECK_FALSE(visit.tell_tasks(answer));
}

TEST_CASE_FIXTURE(WithTasks, "who asks for tasks is the certificate's agent, and says what it has") {
  tasks.list.add_tasks()->set_task("order");
  CHECK(say(which_tasks()) == Then::answer_and_end);  // before Hello nobody gets anything
  CHECK(answer.refusal().why() == v1::Refusal::BAD_MESSAGE);
  CHECK_FALSE(visit.tell_tasks(answer));
  CHECK(tasks.asked.empty());
  say(hello());
  CHECK(say(which_tasks({"one", "two"})) == Then::answer_and_go_on);
  CHECK(tasks.asked == std::vector<std::string>{"agent-1@192.0.2.1"});
  CHECK(tasks.held == std::vector<std::string>{"one", "two"});
  REQUIRE(answer.tasks().tasks_size() == 1);
  CHECK(answer.tasks().tasks(0).task() == "order");
  v1::CloudMessage unasked;
  CHECK(visit.tell_tasks(unasked));
  CHECK(unasked.tasks().tasks(0).task() == "order");
  tasks.list.Clear();
  CHECK_FALSE(visit.tell_tasks(unasked));
}

TEST_CASE_FIXTURE(WithTasks,
                  "states and stored results are passed on; what was stored before is told again, harmlessly") {
  say(hello());
  v1::AgentMessage state;
  state.mutable_task_state()->set_task_id("x");
  CHECK(say(state) == Then::go_on);
  CHECK(tasks.said == std::vector<std::string>{"agent-1:x"});
  say(batch({1}));
  CHECK(tasks.results == 0);
  v1::AgentMessage results = batch({2});
  results.mutable_batch()->mutable_records(0)->set_kind("task-result");
  CHECK(say(results) == Then::answer_and_go_on);
  CHECK(tasks.results == 1);
  results = batch({9});
  results.mutable_batch()->mutable_records(0)->set_kind("task-result");
  CHECK(say(results) == Then::answer_and_end);  // a gap: nothing was stored
  CHECK(tasks.results == 1);
}
