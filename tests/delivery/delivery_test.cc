// Records from the ledger to the cloud's store: all of them, once, in order, whatever restarts in between.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <random>

#include "proto/reading_codec.h"
#include "tests/delivery/site.h"

using namespace platen;
using namespace std::chrono_literals;
using tests::Agent;
using tests::Certificates;
using tests::Watch;

namespace {

struct Delivery {
  Watch watch;
  const Certificates certificates;
  cloud::WatchedStore store;
  std::unique_ptr<cloud::Ingest> ingest;
  std::uint16_t port = 0;

  Delivery() { start("127.0.0.1:0"); }

  void start(const std::string& address) {
    auto started = cloud::Ingest::start(certificates.server(address), store, system_clock());
    REQUIRE_MESSAGE(started, (started ? "" : started.error().text));
    ingest = *std::move(started);
    port = ingest->port();
  }
  void kill_server() { ingest.reset(); }
  void start_again() { start("127.0.0.1:" + std::to_string(port)); }

  uplink::Options options(const std::string& id = "agent-1") {
    uplink::Options made = certificates.agent(id);
    made.address = "localhost:" + std::to_string(port);
    return made;
  }
  void check_delivered(Agent& agent, std::size_t count, const std::string& id = "agent-1") {
    REQUIRE(watch.until([&] { return agent.all_acknowledged(); }));
    CHECK(tests::addresses(store, id, agent.epoch()) == tests::numbers(count));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Delivery, "what is appended arrives; the ledger is empty afterwards") {
  Agent agent(options(), watch);
  agent.append(100);
  check_delivered(agent, 100);
  CHECK(agent.state().connected);
  CHECK(agent.state().last_error.empty());
  CHECK(agent.state().acknowledged == 100);
  CHECK(agent.state().reconnects == 0);
  CHECK(agent.ledger().after(0, 1000).value().empty());
  agent.append(5);  // the stream is still the same
  check_delivered(agent, 105);
  CHECK(agent.state().reconnects == 0);
  CHECK(store.agents().value().at(0).version == "0.0.0-test");
}

TEST_CASE_FIXTURE(Delivery, "several agents deliver side by side") {
  Agent one(options("agent-1"), watch), two(options("agent-2"), watch);
  one.append(50), two.append(70);
  check_delivered(one, 50, "agent-1");
  check_delivered(two, 70, "agent-2");
}

TEST_CASE_FIXTURE(Delivery, "what a stopped agent left behind goes with the next one") {
  Agent agent(options(), watch);
  kill_server();
  agent.append(30);
  start_again();
  check_delivered(agent, 30);
}

TEST_CASE_FIXTURE(Delivery, "2,000 records, the server killed again and again: nothing lost, nothing doubled") {
  uplink::Options small = options();
  small.batch_octets = 200;  // many batches, so that kills hit between them
  Agent agent(small, watch);
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same places on every run
  for (int round = 1; round <= 10; ++round) {
    agent.append(200);
    const std::uint64_t goal =
        std::uniform_int_distribution<std::uint64_t>(0, 200)(random) + std::uint64_t(round - 1) * 180;
    REQUIRE(watch.until([&] { return agent.ledger().position().acknowledged >= goal; }));
    kill_server();
    start_again();
  }
  check_delivered(agent, 2000);
  CHECK(agent.state().reconnects >= 5);
}

TEST_CASE_FIXTURE(Delivery, "an acknowledgement lost after the commit makes no duplicate") {
  uplink::Options small = options();
  small.batch_octets = 200;
  std::atomic<int> commits = 0;
  store.after_put = [&] {
    ++commits;
    watch.changed();
  };
  Agent agent(small, watch);
  const char* asked = std::getenv("PLATEN_RESETS");  // tests/torture/run asks for more
  const std::size_t resets = asked == nullptr ? 5 : std::stoul(asked);
  for (std::size_t round = 1; round <= resets; ++round) {
    const int before = commits;
    agent.append(40);
    REQUIRE(watch.until([&] { return commits > before; }));
    kill_server();  // the worker has committed; where its answer is, is chance
    start_again();
  }
  check_delivered(agent, 40 * resets);
}

TEST_CASE_FIXTURE(Delivery, "a store that fails for a while delays and loses nothing") {
  std::atomic<int> failures = 5;
  store.before_put = [&](auto) -> Expected<void> {
    if (failures-- > 0) return fail(Code::unavailable, "disk full");
    return {};
  };
  Agent agent(options(), watch);
  agent.append(20);
  check_delivered(agent, 20);
  CHECK(agent.state().reconnects >= 5);
}

TEST_CASE_FIXTURE(Delivery, "a slow store is waited for; appending never waits") {
  std::mutex mutex;
  std::condition_variable condition;
  bool open = false;
  store.before_put = [&](auto) -> Expected<void> {
    std::unique_lock lock(mutex);
    CHECK(condition.wait_for(lock, 20s, [&] { return open; }));
    return {};
  };
  Agent agent(options(), watch);
  agent.append(300);  // returns although nothing can be stored yet
  CHECK(agent.ledger().position().acknowledged == 0);
  {
    const std::lock_guard guard(mutex);
    open = true;
  }
  condition.notify_all();
  check_delivered(agent, 300);
  CHECK(agent.state().reconnects == 0);
}

TEST_CASE_FIXTURE(Delivery, "a poisoned record goes into the store as it is and blocks nobody") {
  Agent agent(options(), watch);
  agent.append(3);
  agent.append_raw("reading", "\xFF this is no reading");
  agent.append_raw("kind of tomorrow", "octets of tomorrow");
  agent.append_raw("reading", "");  // decodes: a reading that says nothing
  agent.append(3);
  REQUIRE(watch.until([&] { return agent.all_acknowledged(); }));
  const auto records = store.taken("agent-1", agent.epoch());
  REQUIRE(records.size() == 9);
  CHECK(records[2].reading->address == "3");
  CHECK_FALSE(records[3].reading);
  CHECK(records[3].octets == "\xFF this is no reading");
  CHECK(records[4].kind == "kind of tomorrow");
  CHECK(records[5].reading == Reading{});
  CHECK(records[8].reading->address == "9");
}

TEST_CASE_FIXTURE(Delivery, "readings that resemble each other travel as differences, and arrive octet for octet") {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same octets on every run
  Agent agent(options(), watch);
  std::vector<std::string> sent;
  for (int i = 0; i < 300; ++i) {
    Reading reading;
    reading.address = "192.0.2." + std::to_string(i % 3);
    reading.system.sys_descr = std::string(1500, static_cast<char>('a' + i % 3));
    reading.system.sys_up_time = static_cast<std::uint32_t>(random());
    sent.push_back(wire::encode_reading(reading));
    agent.append_of(reading.address, sent.back());
    if (i % 100 == 50) {
      kill_server();
      start_again();
    }
  }
  REQUIRE(watch.until([&] { return agent.all_acknowledged(); }));
  const auto records = store.taken("agent-1", agent.epoch());
  REQUIRE(records.size() == sent.size());
  std::size_t differences = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CHECK(records[i].octets == sent[i]);
    differences += records[i].base != 0 ? 1U : 0U;
  }
  CHECK(differences > 200);
}

TEST_CASE_FIXTURE(
    Delivery, "after a long outage the newest of each printer is shown first, the history follows, once and in order") {
  uplink::Options slow = options();
  slow.history_rate = 500;
  kill_server();
  Agent agent(slow, watch);
  constexpr std::size_t printers = 30, rounds = 50;
  const auto read = [&](std::size_t printer, std::size_t round) {
    Reading reading;
    reading.address = "192.0.2." + std::to_string(printer);
    reading.system.sys_up_time = static_cast<std::uint32_t>(round);
    reading.system.sys_descr = std::string(500, 'x');
    agent.append_of(reading.address, wire::encode_reading(reading));
  };
  for (std::size_t round = 1; round <= rounds; ++round)
    for (std::size_t printer = 0; printer < printers; ++printer) read(printer, round);

  std::atomic<std::uint64_t> stored_then = 0;
  std::atomic<std::size_t> previews = 0;
  store.after_preview = [&] {
    previews = store.previewed("agent-1", agent.epoch()).size();
    if (previews == printers) stored_then = store.position("agent-1", agent.epoch()).value();
    watch.changed();
  };
  start_again();
  REQUIRE(watch.until([&] { return previews >= printers; }));
  CHECK(stored_then == 0);
  for (const auto& preview : store.previewed("agent-1", agent.epoch()))
    CHECK(preview.reading->system.sys_up_time == rounds);

  read(0, rounds + 1);  // while history is under way
  REQUIRE(watch.until([&] { return previews > printers || agent.all_acknowledged(); }));
  CHECK(store.previewed("agent-1", agent.epoch()).back().reading->system.sys_up_time == rounds + 1);
  CHECK_FALSE(agent.all_acknowledged());

  REQUIRE(watch.until([&] { return agent.all_acknowledged(); }));
  const auto records = store.taken("agent-1", agent.epoch());
  REQUIRE(records.size() == printers * rounds + 1);
  for (std::size_t i = 0; i < records.size(); ++i) CHECK(records[i].seq == i + 1);
  for (std::size_t i = 0; i < printers * rounds; ++i) CHECK(records[i].reading->system.sys_up_time == i / printers + 1);
  CHECK(store.verify()->at(0).faults.empty());
}

TEST_CASE_FIXTURE(Delivery, "two live streams of one agent: the store decides, each record is there once") {
  const tests::Folder folder;
  const auto ledger = ledger::Ledger::open(folder / "ledger.db", system_clock()).value();
  std::vector<std::string> octets(500, "record");
  REQUIRE(ledger->append("note", octets));
  // The same ledger behind two uplinks, as after a clone of the machine.
  tests::LedgerSource first_source(*ledger, [&] { watch.changed(); }), second_source(*ledger, [&] { watch.changed(); });
  uplink::Options small = options();
  small.batch_octets = 60;
  const auto first = uplink::Uplink::make(small, first_source).value(),
             second = uplink::Uplink::make(small, second_source).value();
  std::jthread one([&](const std::stop_token& stop) { first->run(stop); });
  std::jthread two([&](const std::stop_token& stop) { second->run(stop); });
  REQUIRE(watch.until([&] { return ledger->position().acknowledged == 500; }));
  const auto records = store.taken("agent-1", ledger->position().epoch);
  REQUIRE(records.size() == 500);
  for (std::size_t i = 0; i < records.size(); ++i) CHECK(records[i].seq == i + 1);
}
