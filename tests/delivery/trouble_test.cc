// Peers that are not who they should be, do not answer, or lie.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "tests/delivery/site.h"

using namespace platen;
using namespace std::chrono_literals;
using tests::Agent;
using tests::Certificates;
using tests::Watch;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Takes connections into its backlog and never says a word.
class Sink {
 public:
  Sink() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&place), size) == 0);
    REQUIRE(::listen(fd_, 16) == 0);
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&place), &size) == 0);
    port_ = ntohs(place.sin_port);
  }
  ~Sink() { ::close(fd_); }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

struct Trouble {
  Watch watch;
  const Certificates certificates;
  cloud::WatchedStore store;
  std::unique_ptr<cloud::Ingest> ingest = cloud::Ingest::start(certificates.server(), store, system_clock()).value();

  uplink::Options options(const Certificates& from, const std::string& id = "agent-1") const {
    uplink::Options made = from.agent(id);
    made.address = "localhost:" + std::to_string(ingest->port());
    return made;
  }
  // Waits until the agent has failed a few times, and says how.
  std::string error_of(uplink::Options made) {
    Agent agent(std::move(made), watch);
    agent.append(1);
    REQUIRE(watch.until([&] { return agent.state().reconnects >= 2; }));
    CHECK(agent.ledger().position().acknowledged == 0);
    CHECK(store.taken("agent-1", agent.epoch()).empty());
    return agent.state().last_error;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Trouble, "a cloud of another CA is not talked to") {
  uplink::Options made = options(certificates);
  made.roots_pem = Certificates().ca_pem();
  const std::string error = error_of(made);
  CHECK_MESSAGE(contains(error, "certificate"), error);
}

TEST_CASE_FIXTURE(Trouble, "a cloud of another name is not talked to") {
  const auto elsewhere = cloud::Ingest::start(certificates.server("127.0.0.2:0"), store, system_clock()).value();
  uplink::Options made = options(certificates);
  made.address = "127.0.0.2:" + std::to_string(elsewhere->port());
  const std::string error = error_of(made);
  CHECK_MESSAGE(contains(error, "127.0.0.2"), error);
}

TEST_CASE_FIXTURE(Trouble, "an agent with a certificate of another CA gets nowhere") {
  uplink::Options made = options(Certificates());
  made.roots_pem = certificates.ca_pem();
  CHECK_FALSE(error_of(made).empty());
}

TEST_CASE_FIXTURE(Trouble, "an agent that says another name than its certificate is refused") {
  uplink::Options made = options(certificates, "agent-2");
  made.agent_id = "agent-1";
  const std::string error = error_of(made);
  CHECK_MESSAGE(contains(error, "NOT_YOU"), error);
}

TEST_CASE_FIXTURE(Trouble, "nobody there is said plainly") {
  uplink::Options made = options(certificates);
  ingest.reset();
  CHECK_FALSE(error_of(made).empty());
}

TEST_CASE_FIXTURE(Trouble, "a peer that takes the connection and stays silent is given up") {
  const Sink sink;
  uplink::Options made = options(certificates);
  made.address = "localhost:" + std::to_string(sink.port());
  made.heartbeat = 50ms;
  const std::string error = error_of(made);
  CHECK_MESSAGE(contains(error, "silent"), error);
}

TEST_CASE_FIXTURE(Trouble, "an idle stream lives on heartbeats") {
  uplink::Options made = options(certificates);
  made.heartbeat = 100ms;  // silence ends a stream after 300 ms: longer than this host may hold a thread up
  Agent agent(made, watch);
  REQUIRE(watch.until([&] { return agent.state().connected; }));
  const auto until = std::chrono::steady_clock::now() + 900ms;
  CHECK_FALSE(watch.until([&] { return agent.state().reconnects > 0; }, 1s));
  CHECK(std::chrono::steady_clock::now() > until);
  CHECK(agent.state().connected);
}

TEST_CASE_FIXTURE(Trouble, "a cloud that stops in mid-stream is noticed by its silence") {
  std::mutex mutex;
  std::condition_variable condition;
  bool over = false;
  store.before_put = [&](auto) -> Expected<void> {
    std::unique_lock lock(mutex);
    condition.wait_for(lock, 20s, [&] { return over; });
    return fail(Code::unavailable, "was stuck");
  };
  uplink::Options made = options(certificates);
  made.heartbeat = 50ms;
  {
    Agent agent(made, watch);
    agent.append(1);
    CHECK(watch.until([&] { return contains(agent.state().last_error, "silent"); }));
    CHECK_FALSE(agent.all_acknowledged());
  }
  {
    const std::lock_guard guard(mutex);
    over = true;
  }
  condition.notify_all();
  ingest.reset();  // its workers still look at `over`
}

TEST_CASE_FIXTURE(Trouble, "a ledger that went back in time goes on in a new epoch, and nothing is merged") {
  Agent agent(options(certificates), watch);
  REQUIRE(watch.until([&] { return agent.state().connected; }));
  const std::string old = agent.epoch();
  std::vector<cloud::StoredRecord> ahead;
  for (std::uint64_t seq = 1; seq <= 5; ++seq) ahead.push_back({seq, "note", "from before it was restored", {}});
  REQUIRE(store.put("agent-1", old, ahead, system_clock().wall()));
  const std::string address = "127.0.0.1:" + std::to_string(ingest->port());
  ingest.reset();
  ingest = cloud::Ingest::start(certificates.server(address), store, system_clock()).value();
  REQUIRE(watch.until([&] { return agent.epoch() != old; }));
  agent.append(8);
  REQUIRE(watch.until([&] { return agent.all_acknowledged() && agent.ledger().position().last >= 9; }));
  CHECK(store.taken("agent-1", old).size() == 5);
  CHECK(store.taken("agent-1", agent.epoch()).size() == 9);  // and the gap record that says why
  CHECK(contains(store.agents().value().at(0).trouble, "restored or cloned"));
}

TEST_CASE_FIXTURE(Trouble,
                  "a cloned disk: the second history of an epoch goes on in another one, nothing of it is lost") {
  const tests::Folder folder;
  std::string epoch;
  {
    const auto ledger = ledger::Ledger::open(folder / "ledger.db", system_clock()).value();
    REQUIRE(ledger->append("note", std::vector<std::string>{"one", "two", "three"}));
    epoch = ledger->position().epoch;
  }
  Agent original(options(certificates), watch, folder / "ledger.db"),
      clone(options(certificates), watch, folder / "ledger.db");
  REQUIRE(original.epoch() == epoch);
  original.append_raw("note", "four, of the original");
  REQUIRE(watch.until([&] { return original.all_acknowledged(); }));
  clone.append_raw("note", "four, of the clone");
  REQUIRE(watch.until(
      [&] { return clone.epoch() != epoch && clone.all_acknowledged() && clone.ledger().position().last > 1; }));
  CHECK(store.taken("agent-1", epoch).back().octets == "four, of the original");
  const auto taken = store.taken("agent-1", clone.epoch());  // before or after the gap record
  CHECK(std::ranges::count(taken, "four, of the clone", &cloud::StoredRecord::octets) == 1);
  CHECK(original.epoch() == epoch);
}

TEST_CASE_FIXTURE(Trouble, "a cloud that lost what it had acknowledged gets the rest, and a count of what is missing") {
  Agent agent(options(certificates), watch);
  agent.append(5);
  REQUIRE(watch.until([&] { return agent.all_acknowledged(); }));
  const std::string old = agent.epoch();
  cloud::WatchedStore older;  // restored from a backup of before
  const std::string address = "127.0.0.1:" + std::to_string(ingest->port());
  ingest.reset();
  ingest = cloud::Ingest::start(certificates.server(address), older, system_clock()).value();
  agent.append(3);
  REQUIRE(watch.until(
      [&] { return agent.epoch() != old && agent.all_acknowledged() && agent.ledger().position().last == 4; }));
  CHECK(older.taken("agent-1", old).empty());
  REQUIRE(older.taken("agent-1", agent.epoch()).size() == 4);
  CHECK(older.taken("agent-1", agent.epoch()).back().gap->records == 5);
  CHECK(older.taken("agent-1", agent.epoch()).back().gap->reason == wire::Gap::Reason::cloud_lost);
  agent.stop();
  ingest.reset();  // before the store that it writes to
}

TEST_CASE_FIXTURE(Trouble, "a record that the store cannot take is refused five times, parked, and the rest flows") {
  store.before_put = [&](std::span<const cloud::StoredRecord> records) -> Expected<void> {
    const auto poison = [](const cloud::StoredRecord& record) { return record.octets == "poison"; };
    if (std::none_of(records.begin(), records.end(), poison)) return {};
    return fail(Code::invalid, "poison");
  };
  Agent agent(options(certificates), watch);
  agent.append(3);
  agent.append_raw("note", "poison");
  agent.append(3);
  REQUIRE(watch.until([&] { return agent.all_acknowledged(); }));
  CHECK(agent.state().reconnects == 5);  // a refusal ends the stream
  const auto records = store.taken("agent-1", agent.epoch());
  REQUIRE(records.size() == 7);
  CHECK(records[3].kind == wire::withheld_kind);
  CHECK(records[3].gap->reason == wire::Gap::Reason::parked);
  CHECK(records[6].reading->address == "7");
  CHECK(agent.ledger().health().parked == 1);
  CHECK(contains(store.agents().value().at(0).trouble, "refused"));
}

TEST_CASE_FIXTURE(Trouble, "options that cannot work are refused before anything is dialled") {
  cloud::WatchedStore unused;
  class Nothing final : public uplink::Source {
    std::vector<uplink::Outgoing> newest_of_each(const std::string&, std::uint64_t, std::uint64_t,
                                                 std::size_t) override {
      return {};
    }
    std::string epoch() override { return ""; }
    std::uint64_t first_kept() override { return 1; }
    std::uint64_t newest() override { return 0; }
    std::string hash_at(std::uint64_t) override { return ""; }
    std::vector<uplink::Outgoing> after(const std::string&, std::uint64_t, std::size_t) override { return {}; }
    void acknowledged(const std::string&, std::uint64_t) override {}
    void park(const std::string&, std::uint64_t, const std::string&) override {}
    void begin_epoch(const std::string&, uplink::Break, std::uint64_t) override {}
  } nothing;
  struct Row {
    const char* name;
    void (*spoil)(uplink::Options&);
  };
  const Row rows[] = {
      {"no port", [](uplink::Options& o) { o.address = "localhost"; }},
      {"no address", [](uplink::Options& o) { o.address.clear(); }},
      {"no host", [](uplink::Options& o) { o.address = ":443"; }},
      {"no id", [](uplink::Options& o) { o.agent_id.clear(); }},
      {"no roots", [](uplink::Options& o) { o.roots_pem.clear(); }},
      {"no key", [](uplink::Options& o) { o.key_pem = Secret(); }},
      {"no window", [](uplink::Options& o) { o.window = 0; }},
      {"no heartbeat", [](uplink::Options& o) { o.heartbeat = 0ms; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    uplink::Options made = options(certificates);
    row.spoil(made);
    const auto uplink = uplink::Uplink::make(made, nothing);
    REQUIRE_FALSE(uplink);
    CHECK(uplink.error().code == Code::invalid);
  }
}

TEST_CASE_FIXTURE(Trouble, "ingest says why it cannot serve") {
  struct Row {
    const char* name;
    cloud::IngestOptions options;
    Code code;
  };
  cloud::IngestOptions torn = certificates.server();
  torn.key_pem = Secret("-----BEGIN PRIVATE KEY-----\nnot really\n-----END PRIVATE KEY-----\n");
  const Row rows[] = {
      {"port in use", certificates.server("127.0.0.1:" + std::to_string(ingest->port())), Code::conflict},
      {"no port", certificates.server("127.0.0.1"), Code::invalid},
      {"not ours", certificates.server("192.0.2.1:0"), Code::invalid},
      {"torn key", torn, Code::invalid},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto started = cloud::Ingest::start(row.options, store, system_clock());
    REQUIRE_FALSE(started);
    CHECK(started.error().code == row.code);
    CHECK(started.error().text.find("BEGIN") == std::string::npos);
  }
}
