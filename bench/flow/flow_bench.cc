// What a reading costs on its way from the agent to the cloud's store: a table, no test. Traffic stays on 127.0.0.0/8.
//
//   flow-bench ledger | ingest | way | wire        one table each; bench/flow runs all of them
//   flow-bench month FILE [DAYS [OWNER]]           a ledger with a month's backlog of 200 printers
//   flow-bench json COUNT                          that many readings as documents, one a line, as a plain agent would post them

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "agent/identity/identity.h"
#include "base/log.h"
#include "base/reading/json.h"
#include "bench/cpu_seconds.h"
#include "bench/flow/relay.h"
#include "cloud/enroll/ca.h"
#include "cloud/ingest/ingest.h"
#include "platen/v1/uplink.pb.h"
#include "tests/simulation/days.h"
#include "tests/simulation/drain.h"
#include "tests/unit/agent_ledger/folder.h"

namespace {

using namespace platen;
using namespace std::chrono_literals;
using ledger::Worth;
using tests::give_up;

constexpr std::size_t fleet = 200;

template <class T>
T must(Expected<T> value) {
  if (!value) give_up(value.error().text);
  return *std::move(value);
}

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

void row(const std::string& what, double value, const char* unit, const std::string& goal = "", bool met = true) {
  std::printf("%-62s %10.1f %-12s %-12s %s\n", what.c_str(), value, unit, goal.c_str(),
              goal.empty() ? ""
              : met        ? "met"
                           : "NOT met");
  std::fflush(stdout);
}

std::vector<ledger::Draft> some_days(int quarters, std::size_t printers = fleet) {
  const tests::Days days(printers);
  std::vector<ledger::Draft> all;
  for (int quarter = 0; quarter < quarters; ++quarter) {
    auto due = days.due(tests::a_monday + 8h + quarter * 15min);
    std::move(due.begin(), due.end(), std::back_inserter(all));
  }
  return all;
}

void bench_ledger() {
  const auto drafts = some_days(12);
  for (const std::size_t at_once : {std::size_t{1}, std::size_t{32}}) {
    const tests::Folder folder;
    const auto ledger = must(ledger::Ledger::open(folder / "ledger.db", system_clock()));
    const Stopwatch watch;
    for (std::size_t i = 0; i + at_once <= drafts.size(); i += at_once)
      must(ledger->append(std::span(drafts).subspan(i, at_once)));
    row(at_once == 1 ? "into the ledger, one fsync a reading" : "into the ledger, one fsync for 32 readings",
        static_cast<double>(drafts.size()) / watch.seconds(), "records/s");
  }
}

// The messages of an agent's backlog, as its uplink would make them.
std::vector<v1::AgentMessage> messages_of(const std::string& agent, std::span<const ledger::Draft> drafts) {
  const tests::Folder folder;
  const auto ledger = must(ledger::Ledger::open(folder / "ledger.db", system_clock()));
  for (std::size_t i = 0; i < drafts.size(); i += 1000)
    must(ledger->append(drafts.subspan(i, std::min<std::size_t>(1000, drafts.size() - i))));
  tests::Records records(*ledger);
  uplink::Options options;
  options.agent_id = agent;
  options.window = options.history_rate = 1'000'000'000;
  uplink::Conversation talk(options, records, {});
  std::vector<v1::AgentMessage> messages(1);
  (void)must(talk.next({}, messages.back()));
  v1::CloudMessage welcome;
  welcome.mutable_welcome()->set_epoch(records.epoch());
  tests::must(talk.take(welcome, {}));
  for (v1::AgentMessage message; must(talk.next({}, message)); message.Clear()) messages.push_back(message);
  return messages;
}

void bench_ingest() {
  for (const unsigned agents : {1U, 2U, 4U}) {
    const tests::Folder folder;
    const auto store = must(cloud::open_sqlite_store(folder / "cloud.db"));
    std::vector<std::vector<v1::AgentMessage>> streams;
    std::size_t readings = 0;
    for (unsigned i = 0; i < agents; ++i) {
      const auto drafts = some_days(96 / static_cast<int>(agents));
      readings += drafts.size();
      streams.push_back(messages_of("agent-" + std::to_string(i), drafts));
    }
    const double cpu = bench::cpu_seconds();
    const Stopwatch watch;
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 0; i < agents; ++i) {
        workers.emplace_back([&, i] {
          cloud::Visit visit(*store, system_clock(), "agent-" + std::to_string(i));
          v1::CloudMessage answer;
          for (v1::AgentMessage& message : streams[i]) {
            answer.Clear();
            if (visit.take(message, answer) == cloud::Visit::Then::answer_and_end) give_up(answer.refusal().text());
          }
        });
      }
    }
    const double rate = static_cast<double>(readings) / watch.seconds();
    const std::string what = "cloud ingest, embedded store, " + std::to_string(agents) + " agent(s)";
    row(what, rate, "readings/s", ">= 20000", rate >= 20'000);
    row("  CPU of one reading", (bench::cpu_seconds() - cpu) / static_cast<double>(readings) * 1e6, "us");
  }
}

// Certificates, a store and an ingest, and an agent's uplink that reaches it through a counting relay.
struct Site {
  tests::Folder folder;
  std::unique_ptr<cloud::Store> store = must(cloud::open_sqlite_store(folder / "cloud.db"));
  std::unique_ptr<ledger::Ledger> ledger = must(ledger::Ledger::open(folder / "ledger.db", system_clock()));
  std::mutex mutex;
  std::condition_variable acknowledged;
  tests::Records records{*ledger, [this] {
                           const std::lock_guard lock(mutex);
                           acknowledged.notify_all();
                         }};
  std::unique_ptr<cloud::Ingest> ingest;
  std::unique_ptr<bench::Relay> relay;
  std::unique_ptr<uplink::Uplink> uplink;
  std::jthread thread;

  void start() {
    const WallTime now = system_clock().wall();
    const auto ca = must(enroll::make_ca(now));
    const std::array<std::string, 1> names = {"localhost"};
    const auto server = must(enroll::make_server(ca, names, now));
    cloud::IngestOptions serve;
    serve.certificate_pem = server.certificate_pem, serve.key_pem = server.key_pem;
    serve.client_ca_pem = ca.certificate_pem;
    ingest = must(cloud::Ingest::start(serve, *store, system_clock()));
    relay = std::make_unique<bench::Relay>(ingest->port());
    const auto request = must(identity::make_key_and_csr(folder / "key", folder / "csr", "bench"));
    std::ifstream key(folder / "key");
    uplink::Options options;
    options.address = "localhost:" + std::to_string(relay->port());
    options.agent_id = "bench", options.agent_version = PLATEN_VERSION;
    options.roots_pem = ca.certificate_pem;
    options.certificate_pem =
        must(enroll::sign_agent(ca, request.csr_pem, {"bench", "Dealer"}, enroll::agent_lifetime, now));
    options.key_pem = Secret(std::string(std::istreambuf_iterator<char>(key), {}));
    options.history_rate = 1'000'000;
    uplink = must(uplink::Uplink::make(options, records));
    ledger->on_append([this] { uplink->wake(); });
    thread = std::jthread([this](const std::stop_token& stop) { uplink->run(stop); });
  }
  void until_all_is_there() {
    std::unique_lock lock(mutex);
    const auto all_is_there = [this] { return ledger->position().acknowledged == ledger->position().last; };
    if (!acknowledged.wait_for(lock, 300s, all_is_there))
      give_up("not delivered within 300 s: " + uplink->state().last_error);
  }
  ~Site() {
    thread.request_stop();
    if (thread.joinable()) thread.join();
    if (ingest) ingest->stop();
  }
};

void bench_way() {
  Site site;
  const auto drafts = some_days(96);
  for (std::size_t i = 0; i < drafts.size(); i += 1000)
    must(site.ledger->append(std::span(drafts).subspan(i, std::min<std::size_t>(1000, drafts.size() - i))));
  const Stopwatch watch;
  site.start();
  site.until_all_is_there();
  const double count = static_cast<double>(drafts.size());
  row("ledger to store, a backlog over gRPC and TLS", count / watch.seconds(), "records/s");
  row("  on the wire, up and down, TLS included", static_cast<double>(site.relay->up() + site.relay->down()) / count,
      "octets");
}

// Each reading by itself, as in the field, where they come seconds apart.
void wire_row(Site& site, const std::string& what, std::span<const ledger::Draft> drafts, const char* goal,
              double most) {
  const std::uint64_t up = site.relay->up(), down = site.relay->down();
  for (const ledger::Draft& draft : drafts) {
    must(site.ledger->append(std::array{draft}));
    site.until_all_is_there();
  }
  std::this_thread::sleep_for(50ms);  // what gRPC still has to say
  const auto count = static_cast<double>(drafts.size());
  const double sent = static_cast<double>(site.relay->up() - up) / count;
  const double came = static_cast<double>(site.relay->down() - down) / count;
  row(what + ", sent one by one", sent, "octets", goal, sent <= most);
  row("  and what comes back", came, "octets");
}

void bench_wire() {
  Site site;
  site.start();
  const tests::Days days(fleet);
  const auto round = [&](Worth worth, WallTime now) {
    std::vector<ledger::Draft> drafts;
    for (std::size_t printer = 0; printer < fleet; ++printer) drafts.push_back(days.draft(printer, worth, now));
    return drafts;
  };
  const WallTime night = tests::a_monday + 2h, noon = tests::a_monday + 12h;
  wire_row(site, "first status of a printer", round(Worth::status, night), "", 0);
  wire_row(site, "first full reading of a printer", round(Worth::supplies, night), "", 0);
  wire_row(site, "status, unchanged", round(Worth::status, night + 15min), "<= 200", 200);
  wire_row(site, "full reading, unchanged", round(Worth::supplies, night + 1h), "<= 200", 200);
  for (const Worth worth : {Worth::status, Worth::supplies}) (void)round(worth, noon);
  wire_row(site, "status, changed", round(Worth::status, noon), "<= 600", 600);
  wire_row(site, "full reading, changed", round(Worth::supplies, noon), "<= 600", 600);
}

int make_month(const std::string& file, int length, const std::string& owner) {
  const tests::Days days(fleet);
  ManualClock clock;
  const auto ledger = must(ledger::Ledger::open(ledger::Options{.file = file, .owner = owner}, clock));
  for (int quarter = 0; quarter < length * 96; ++quarter)
    must(ledger->append(days.due(tests::a_monday + quarter * 15min)));
  const double octets = static_cast<double>(ledger->health().octets);
  row("ledger, a month of 200 printers", octets / (1 << 20), "MiB", "<= 256", octets <= 256.0 * (1 << 20));
  row("  of a printer and day", octets / length / static_cast<double>(fleet), "octets");
  return 0;
}

int print_json(std::size_t count) {
  const tests::Days days(fleet);
  for (std::size_t i = 0; i < count; ++i) {
    const WallTime at = tests::a_monday + 12h + static_cast<std::int64_t>(i / fleet) * 15min;
    std::puts(to_json(days.reading(i % fleet, Worth::status, at)).c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ::setenv("GRPC_DNS_RESOLVER", "native", 0);
  log::threshold(log::Level::error);
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "month" && argc > 2)
    return make_month(argv[2], argc > 3 ? std::stoi(argv[3]) : 30, argc > 4 ? argv[4] : "");
  if (verb == "json" && argc > 2) return print_json(static_cast<std::size_t>(std::stoi(argv[2])));
  const std::pair<const char*, void (*)()> tables[] = {
      {"ledger", bench_ledger}, {"ingest", bench_ingest}, {"way", bench_way}, {"wire", bench_wire}};
  for (const auto& [name, run] : tables) {
    if (verb == name) return run(), 0;
  }
  std::fputs("usage: flow-bench ledger|ingest|way|wire | month FILE [DAYS [OWNER]] | json COUNT\n", stderr);
  return 2;
}
