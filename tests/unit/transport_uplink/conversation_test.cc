#include "transport/uplink/conversation.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "platen/v1/uplink.pb.h"
#include "proto/task_codec.h"
#include "transport/uplink/refusals.h"

using namespace platen;
using namespace std::chrono_literals;
using uplink::Conversation;
using uplink::Outgoing;

namespace {

const std::string epoch(32, 'a');

// Records 1..newest, of `octets` each, and what it was told.
class Records final : public uplink::Source {
 public:
  std::uint64_t oldest = 1, last = 0, waited = ~0ULL;
  std::size_t octets = 10;
  bool unreadable = false, holey = false;
  std::vector<std::uint64_t> told;
  std::string hash;  // at every number

  std::string epoch() override { return ::epoch; }
  std::uint64_t first_kept() override { return oldest; }
  std::uint64_t newest() override { return last; }
  std::string hash_at(std::uint64_t) override { return hash; }
  std::vector<Outgoing> after(const std::string& epoch, std::uint64_t seq, std::size_t max_octets) override {
    CHECK(epoch == ::epoch);
    std::vector<Outgoing> records;
    for (std::size_t sum = 0; !unreadable && ++seq <= last && (records.empty() || sum + octets <= max_octets);
         sum += octets)
      records.push_back({seq + (holey ? 1 : 0), "reading", std::string(octets, 'x')});
    return records;
  }
  // Every tenth record is the newest of a printer; what is appended is the newest of its own.
  std::vector<Outgoing> newest_of_each(const std::string& epoch, std::uint64_t after, std::uint64_t before,
                                       std::size_t max_octets) override {
    CHECK(epoch == ::epoch);
    std::vector<Outgoing> records;
    for (std::uint64_t seq = std::min(before - 1, last); seq > after; --seq) {
      if (seq % 10 != 0 && seq <= waited) continue;
      if (!records.empty() && (records.size() + 1) * octets > max_octets) break;
      records.push_back({seq, "reading", std::string(octets, 'x')});
    }
    return records;
  }
  void acknowledged(const std::string& epoch, std::uint64_t through_seq) override {
    CHECK(epoch == ::epoch);
    told.push_back(through_seq);
  }
  void park(const std::string&, std::uint64_t, const std::string&) override {}
  void begin_epoch(const std::string&, uplink::Break, std::uint64_t) override {}
};

v1::CloudMessage welcome(std::uint64_t through, const std::string& of = epoch) {
  v1::CloudMessage message;
  message.mutable_welcome()->set_epoch(of);
  message.mutable_welcome()->set_through_seq(through);
  return message;
}
v1::CloudMessage welcome_with_hash(std::uint64_t through, const std::string& hash) {
  v1::CloudMessage message = welcome(through);
  message.mutable_welcome()->set_through_hash(hash);
  return message;
}
v1::CloudMessage refusal(v1::Refusal::Why why, std::uint64_t seq = 0) {
  v1::CloudMessage message;
  message.mutable_refusal()->set_why(why);
  message.mutable_refusal()->set_seq(seq);
  return message;
}
v1::CloudMessage ack(std::uint64_t through, const std::string& of = epoch) {
  v1::CloudMessage message;
  message.mutable_ack()->set_epoch(of);
  message.mutable_ack()->set_through_seq(through);
  return message;
}

struct Fixture {
  Fixture() {
    options.agent_id = "agent-1";
    options.agent_version = "9.9";
    options.batch_octets = 20;  // two records
    options.window = 3;
    options.heartbeat = 10s;
    options.history_rate = 1'000'000;  // two records do not wait
  }
  Conversation& start(bool careful = false) { return talk.emplace(options, source, now, careful); }
  std::optional<v1::AgentMessage> next() {
    v1::AgentMessage message;
    const auto more = talk->next(now, message);
    REQUIRE_MESSAGE(more, (more ? "" : more.error().text));
    return *more ? std::optional(message) : std::nullopt;
  }
  void take(const v1::CloudMessage& message) { REQUIRE(talk->take(message, now)); }

  uplink::Options options;
  Records source;
  MonotonicTime now{1000s};
  std::optional<Conversation> talk;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "Hello comes first and says who, which ledger, and what it holds") {
  source.oldest = 4, source.last = 9;
  start();
  const auto hello = next();
  REQUIRE(hello);
  CHECK(hello->hello().agent_id() == "agent-1");
  CHECK(hello->hello().agent_version() == "9.9");
  CHECK(hello->hello().epoch() == epoch);
  CHECK(hello->hello().first_kept_seq() == 4);
  CHECK(hello->hello().newest_seq() == 9);
  CHECK_FALSE(next());  // nothing before the Welcome
}

TEST_CASE_FIXTURE(Fixture, "it goes on after what the cloud has, as far as the window reaches") {
  source.last = 20;
  start();
  next();
  take(welcome(5));
  for (const std::uint64_t first : {6U, 8U, 10U}) {
    const auto message = next();
    REQUIRE(message);
    CHECK(message->batch().records_size() == 2);
    CHECK(message->batch().records(0).seq() == first);
    CHECK(message->batch().epoch().empty());  // that of Hello
  }
  CHECK_FALSE(next());  // three batches wait
  take(ack(9));         // two of them at once
  CHECK(next());
  CHECK(next());
  CHECK_FALSE(next());
}

TEST_CASE_FIXTURE(Fixture, "acknowledgements go to the source once, the highest of them; a welcome counts as one") {
  source.last = 9;
  start();
  next();
  take(welcome(5));
  talk->settle();
  next(), next();
  take(ack(6));
  take(ack(7));
  talk->settle();
  talk->settle();
  CHECK(source.told == std::vector<std::uint64_t>{5, 7});
}

TEST_CASE_FIXTURE(Fixture, "an acknowledgement of what was never sent, of another ledger or of less is passed over") {
  source.last = 9;
  start();
  next();
  take(ack(1));  // before the Welcome
  take(welcome(5));
  next();
  take(ack(6));
  for (const auto& lie : {ack(8), ack(~0ULL), ack(7, std::string(32, 'b')), ack(5)}) take(lie);
  talk->settle();
  CHECK(source.told == std::vector<std::uint64_t>{6});
  CHECK(talk->acknowledged() == 6);
}

TEST_CASE("acknowledgements reordered, doubled and lying: only what was sent is passed on, and it only rises") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    Fixture fixture;
    fixture.options.heartbeat = 10min;
    fixture.source.last = 60;
    fixture.start();
    fixture.next();
    fixture.take(welcome(0));
    std::uint64_t sent = 0;
    std::vector<std::uint64_t> due;  // acknowledgements that are under way
    while (fixture.talk->acknowledged() < 60) {
      while (const auto message = fixture.next()) {
        sent += static_cast<std::uint64_t>(message->batch().records_size());
        due.push_back(sent);
      }
      const std::uint64_t one = due[random() % due.size()];  // not in order, and again and again
      switch (random() % 4) {
        case 0: fixture.take(ack(sent + 1 + random() % 9)); break;
        case 1: fixture.take(ack(one, std::string(32, 'f'))); break;
        default: fixture.take(ack(one)); break;
      }
      fixture.talk->settle();
      CHECK(fixture.talk->acknowledged() <= sent);
    }
    CHECK(fixture.source.told.back() == 60);
    CHECK(std::ranges::adjacent_find(fixture.source.told, std::greater_equal()) == fixture.source.told.end());
  }
}

TEST_CASE("a Welcome that cannot be true ends the stream, and nothing is sent or trimmed") {
  struct Row {
    const char* name;
    v1::CloudMessage message;
    Code code;
    std::optional<uplink::Break> breaks;
    std::uint64_t missing;
  };
  const Row rows[] = {
      {"another epoch", welcome(5, std::string(32, 'b')), Code::invalid, {}, 0},
      {"records that we never made", welcome(10), Code::conflict, uplink::Break::forked, 0},
      {"older than what we still have", welcome(1), Code::conflict, uplink::Break::cloud_lost, 2},
      {"another record under a number of ours", welcome_with_hash(5, std::string(32, 'y')), Code::conflict,
       uplink::Break::forked, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Fixture fixture;
    fixture.source.oldest = 4, fixture.source.last = 9, fixture.source.hash = std::string(32, 'x');
    auto& talk = fixture.start();
    fixture.next();
    const auto taken = talk.take(row.message, fixture.now);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == row.code);
    CHECK(talk.broken().has_value() == row.breaks.has_value());
    if (row.breaks) CHECK(talk.broken()->why == *row.breaks);
    if (row.breaks) CHECK(talk.broken()->missing == row.missing);
    talk.settle();
    CHECK(fixture.source.told.empty());
    CHECK_FALSE(fixture.next());
  }
}

TEST_CASE_FIXTURE(Fixture, "a second Welcome and a refusal end the stream") {
  start();
  next();
  take(welcome(0));
  CHECK_FALSE(talk->take(welcome(0), now));
  v1::CloudMessage refusal;
  refusal.mutable_refusal()->set_why(v1::Refusal::STORE_UNAVAILABLE);
  refusal.mutable_refusal()->set_text("come back later");
  const auto refused = talk->take(refusal, now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::unavailable);
  CHECK(refused.error().text == "the cloud refused (STORE_UNAVAILABLE): come back later");
}

TEST_CASE_FIXTURE(Fixture, "a heartbeat is due each interval, and three of them without a word are the end") {
  start();
  next();
  take(welcome(0));
  CHECK(talk->deadline() == now + 10s);
  now += 9999ms;
  CHECK_FALSE(next());
  now += 1ms;
  CHECK(next()->heartbeat().number() == 1);
  CHECK_FALSE(next());
  now += 10s;
  CHECK(next()->heartbeat().number() == 2);
  now += 9999ms;
  CHECK(talk->check_alive(now));
  now += 1ms;
  CHECK(talk->deadline() <= now);
  CHECK(talk->check_alive(now).error().code == Code::timeout);
  v1::CloudMessage answer;
  answer.mutable_heartbeat()->set_number(2);
  take(answer);
  CHECK(talk->check_alive(now));
}

TEST_CASE_FIXTURE(Fixture, "the cloud's time is taken from its welcome and its heartbeats, and nonsense is not") {
  start();
  next();
  CHECK_FALSE(talk->cloud_time());
  v1::CloudMessage message = welcome(0);
  message.mutable_welcome()->set_cloud_time_ms(1'800'000'000'000);
  take(message);
  REQUIRE(talk->cloud_time());
  CHECK(talk->cloud_time()->said == WallTime(1'800'000'000'000ms));
  CHECK(talk->cloud_time()->heard == now);
  now += 10s;
  message.mutable_heartbeat()->set_cloud_time_ms(1'800'000'010'000);
  take(message);
  CHECK(talk->cloud_time()->said == WallTime(1'800'000'010'000ms));
  for (const std::int64_t nonsense : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    message.mutable_heartbeat()->set_cloud_time_ms(nonsense);
    take(message);
    CHECK(talk->cloud_time()->said == WallTime(1'800'000'010'000ms));
  }
}

TEST_CASE_FIXTURE(Fixture, "a cloud that never answers at all is given up after three heartbeats") {
  start();
  next();
  CHECK(talk->check_alive(now + 29s));
  CHECK_FALSE(talk->check_alive(now + 30s));
}

TEST_CASE_FIXTURE(Fixture, "history goes at its rate, and what is new when history is through goes at once") {
  options.history_rate = 4;  // two records a batch: half a second each, more or less a quarter
  options.window = 1000;
  source.last = 200;
  options.heartbeat = 10min;
  start();
  next();
  const MonotonicTime began = now;
  take(welcome(197));
  REQUIRE(next());  // the first batch need not wait
  CHECK_FALSE(next());
  CHECK(talk->deadline() >= now + 375ms);
  CHECK(talk->deadline() <= now + 625ms);
  source.last = 210;
  CHECK_FALSE(next());  // behind history, in its turn
  now = talk->deadline();
  CHECK(next()->batch().records(0).seq() == 200);
  int batches = 0;
  while (next()) ++batches;
  CHECK(batches == 5);
  CHECK(talk->deadline() == began + 10min);

  start();
  next();
  const MonotonicTime again = now;
  take(welcome(10));
  int sent = 0;
  for (; sent < 100; ++sent) {
    while (!next()) now = talk->deadline();
  }
  CHECK(now - again > 40s);
  CHECK(now - again < 60s);
}

TEST_CASE_FIXTURE(Fixture,
                  "while history takes its time, the newest of each printer goes ahead, and what is new at once") {
  options.history_rate = 10;
  options.window = 1000;
  options.heartbeat = 10min;
  source.last = source.waited = 100;
  start();
  next();
  take(welcome(50));
  const auto preview = [&] {
    const auto message = next();
    REQUIRE(message);
    std::vector<std::uint64_t> seqs;
    for (const v1::Record& record : message->preview().records()) seqs.push_back(record.seq());
    return seqs;
  };
  using Seqs = std::vector<std::uint64_t>;
  CHECK(preview() == Seqs{100, 90});
  CHECK(preview() == Seqs{80, 70});
  CHECK(preview() == Seqs{60});
  CHECK(next()->batch().records(0).seq() == 51);
  CHECK_FALSE(next());
  source.last = 101;
  CHECK(preview() == Seqs{101});
  CHECK_FALSE(next());
  int batches = 1;
  while (talk->acknowledged() < 101) {
    now = std::max(now, talk->deadline());
    while (const auto message = next()) {
      CHECK(message->has_batch());
      ++batches;
    }
    take(ack(std::min<std::uint64_t>(101, 50 + static_cast<std::uint64_t>(batches) * 2)));
  }
  source.last = 102;
  CHECK(next()->batch().records(0).seq() == 102);  // nothing is ahead of its turn any more
}

TEST_CASE_FIXTURE(Fixture, "no batch holds more than a second's worth of history") {
  options.history_rate = 3, options.batch_octets = 1000;
  source.last = 50;
  start();
  next();
  take(welcome(48));
  CHECK(next()->batch().records_size() == 2);
  start();
  next();
  take(welcome(40));
  while (const auto message = next()) {
    if (message->has_preview()) continue;
    CHECK(message->batch().records_size() == 3);
    CHECK(message->batch().records(0).seq() == 41);
  }
}

TEST_CASE_FIXTURE(Fixture, "what waited for less than a second's worth is not previewed") {
  source.last = 100, options.history_rate = 100;
  start();
  next();
  take(welcome(0));
  CHECK(next()->has_batch());
}

TEST_CASE("by default a silent cloud is noticed within 120 s, one that reads nothing included") {
  Fixture fixture;
  fixture.options.heartbeat = uplink::Options{}.heartbeat;
  fixture.source.last = 100;
  fixture.start();
  fixture.next();
  fixture.take(welcome(0));
  while (fixture.next()) {
  }  // the window is full, and nobody acknowledges
  CHECK_FALSE(fixture.talk->check_alive(fixture.now + 120s));
  CHECK(fixture.talk->deadline() <= fixture.now + 120s);
}

TEST_CASE_FIXTURE(Fixture, "a ledger that cannot be read now is asked again; one with a hole ends the stream") {
  source.last = 2, source.unreadable = true;
  start();
  next();
  take(welcome(0));
  CHECK_FALSE(next());
  source.unreadable = false, source.holey = true;
  v1::AgentMessage message;
  const auto sent = talk->next(now, message);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == Code::corrupt);
}

TEST_CASE_FIXTURE(Fixture, "batches of a kilobyte and more are zstd frames, smaller ones are plain") {
  source.last = 1, source.octets = 5000;
  start();
  next();
  take(welcome(0));
  const auto message = next();
  REQUIRE(message);
  CHECK(message->batch().encoding() == v1::Batch::ZSTD);
  CHECK(message->batch().records_size() == 0);
  CHECK(message->batch().payload().substr(0, 4) == "\x28\xB5\x2F\xFD");  // RFC 8878 §3.1.1
  CHECK(message->batch().payload().size() < 200);
}

TEST_CASE("what a refusal says about the records that wait") {
  struct Row {
    const char* name;
    bool careful;
    v1::CloudMessage message;
    bool something;
    std::uint64_t seq;  // 0: none named
  };
  const Row rows[] = {
      {"one by its number", false, refusal(v1::Refusal::RECORD_REFUSED, 7), true, 7},
      {"one that was never sent", false, refusal(v1::Refusal::RECORD_REFUSED, 90), true, 0},
      {"one that is stored", false, refusal(v1::Refusal::RECORD_REFUSED, 3), false, 0},
      {"none by its number", false, refusal(v1::Refusal::BAD_MESSAGE), true, 0},
      {"none by its number, but there is only one", true, refusal(v1::Refusal::BAD_MESSAGE), true, 6},
      {"the store is down", true, refusal(v1::Refusal::STORE_UNAVAILABLE, 6), false, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Fixture fixture;
    fixture.source.last = 9;
    const auto& talk = fixture.start(row.careful);
    fixture.next();
    fixture.take(welcome(5));
    CHECK(fixture.next()->batch().records_size() == (row.careful ? 1 : 2));
    CHECK_FALSE(fixture.talk->take(row.message, fixture.now));
    CHECK(talk.refused_something() == row.something);
    CHECK(talk.refused() == row.seq);
    CHECK_FALSE(talk.broken());
  }
}

TEST_CASE_FIXTURE(Fixture, "a fork that the cloud sees breaks the epoch") {
  source.last = 9;
  start();
  next();
  take(welcome(5));
  next();
  CHECK_FALSE(talk->take(refusal(v1::Refusal::FORK, 6), now));
  REQUIRE(talk->broken());
  CHECK(talk->broken()->why == uplink::Break::forked);
}

TEST_CASE("the fifth refusal of a record parks it, and others start from one") {
  uplink::Refusals refusals;
  for (int i = 1; i <= 4; ++i) CHECK(refusals.count(true, 7) == 0);
  CHECK(refusals.careful());
  CHECK(refusals.count(true, 8) == 0);  // another one: 7 was taken meanwhile
  for (int i = 2; i <= 4; ++i) CHECK(refusals.count(true, 8) == 0);
  CHECK(refusals.count(false, 0) == 0);  // a stream that broke for another reason neither counts nor forgives
  CHECK_FALSE(refusals.careful());
  CHECK(refusals.count(true, 8) == 8);
  CHECK(refusals.count(true, 8) == 0);
}

namespace {

class Desk final : public uplink::Orders {
 public:
  std::vector<std::string> have() override { return {"one", "two"}; }
  bool wants_list() override { return std::exchange(wants, false); }
  void heard(const CloudTime& cloud) override { time = cloud.said; }
  void take_list(const std::vector<std::string>& signed_tasks) override { lists.push_back(signed_tasks); }
  std::optional<wire::TaskState> next_state() override {
    if (states.empty()) return std::nullopt;
    wire::TaskState state = states.front();
    states.erase(states.begin());
    return state;
  }
  bool wants = false;
  WallTime time{};
  std::vector<std::vector<std::string>> lists;
  std::vector<wire::TaskState> states;
};

struct WithTasks : Fixture {
  WithTasks() {
    options.poll = 20s;
    options.heartbeat = 1h;
    talk.emplace(options, source, now, false, &desk);
  }
  static v1::CloudMessage list(int tasks) {
    v1::CloudMessage message;
    message.mutable_tasks()->set_cloud_time_ms(1'800'000'000'000);
    for (int i = 0; i < tasks; ++i) message.mutable_tasks()->add_tasks()->set_task("t" + std::to_string(i));
    return message;
  }
  Desk desk;
};

}  // namespace

TEST_CASE_FIXTURE(WithTasks,
                  "the list of tasks is asked for after the welcome, when its turn comes, and when it is wanted") {
  next();
  CHECK_FALSE(next());  // nothing before the Welcome
  take(welcome(0));
  auto asked = next();
  REQUIRE(asked);
  CHECK(asked->tasks().have_size() == 2);
  CHECK(asked->tasks().have(1) == "two");
  CHECK_FALSE(next());
  CHECK(talk->deadline() == now + 20s);
  desk.wants = true;
  CHECK(next()->has_tasks());
  CHECK_FALSE(next());
  now += 20s;
  CHECK(next()->has_tasks());
  CHECK_FALSE(next());
}

TEST_CASE_FIXTURE(WithTasks,
                  "a list is handed over as it came, asked for or not, 64 at most; it says what time it is") {
  next();
  take(list(1));
  CHECK(desk.lists.empty());  // not before the Welcome
  take(welcome(0));
  take(list(2));
  v1::SignedTask second;
  second.set_task("t1");
  REQUIRE(desk.lists.size() == 1);
  CHECK(desk.lists[0].at(1) == second.SerializeAsString());
  CHECK(desk.time == WallTime(std::chrono::milliseconds(1'800'000'000'000)));
  take(list(1'000));
  CHECK(desk.lists[1].size() == 64);
}

TEST_CASE_FIXTURE(WithTasks, "what becomes of tasks is told, and keeps no record waiting for long") {
  source.last = 4;
  next();
  take(welcome(0));
  next();
  desk.states = {{"a", wire::TaskState::Stage::received}, {"b", wire::TaskState::Stage::running, 1, 2, "reads"}};
  CHECK(next()->task_state().state() == v1::TaskState::RECEIVED);
  const auto told = next();
  CHECK(told->task_state().task_id() == "b");
  CHECK(told->task_state().of() == 2);
  CHECK(next()->has_batch());
}

TEST_CASE_FIXTURE(Fixture, "who has no business with tasks never asks, and passes over what comes") {
  start();
  next();
  take(welcome(0));
  CHECK_FALSE(next());
  take(WithTasks::list(3));
}
