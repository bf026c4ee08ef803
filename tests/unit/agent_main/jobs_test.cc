// What tasks ask for, over real rounds and a network that the test sets.
#include <doctest/doctest.h>

#include <filesystem>

#include "agent/main/hands.h"
#include "agent/main/known.h"
#include "tests/unit/agent_ledger/folder.h"

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using tasks::Outcome;
using tasks::PrinterRef;

namespace {

class Network final : public schedule::Collector {
 public:
  void sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token) override {
    asked.insert(asked.end(), addresses.begin(), addresses.end());
    for (const IpAddress& each : addresses) tell(each, Reading::Kind::full, told);
  }
  void read(std::span<const schedule::Call> printers, Reading::Kind kind, const OnOutcome& told,
            std::stop_token) override {
    for (const schedule::Call& call : printers) {
      if (kind == Reading::Kind::full) ++reads[call.peer.address];
      tell(call.peer.address, kind, told);
    }
  }
  std::map<IpAddress, std::string> devices;  // serial
  std::vector<IpAddress> asked;
  std::map<IpAddress, int> reads;

 private:
  void tell(const IpAddress& at, Reading::Kind kind, const OnOutcome& told) {
    snmp::Outcome made;
    made.peer = {at, 161};
    const auto found = devices.find(at);
    made.is = found == devices.end() ? snmp::Outcome::Is::silent : snmp::Outcome::Is::printer;
    if (found != devices.end()) {
      made.credential = 0;
      made.reading.emplace();
      made.reading->kind = kind;
      made.reading->address = at.text();
      made.reading->identity.serial = found->second;
    }
    told(std::move(made));
  }
};

struct House final : agent::Workplace {
  explicit House(const std::string& settings) {
    settings_ = config::parse(settings, folder / "agent.toml", [](const std::string&) -> Expected<Secret> {
                  return Secret();
                }).value();
    settings_.agent.state_dir = folder.path();
    ledger = ledger::Ledger::open(folder / "ledger.db", clock_).value();
    site_ = std::make_unique<agent::Site>(settings_, "agent-7", *ledger, clock_, [] { return std::nullopt; });
    const auto targets = snmp::expand_targets(settings_.scan.targets, {}, {}).value();
    rounds_.emplace("agent-7",
                    schedule::Plan{.sweep = 12h,
                                   .intervals = {.supplies = 10h, .status = 10h},
                                   .targets = [targets] { return std::optional(schedule::Targets{targets}); }},
                    network, *site_, clock_);
  }
  const config::Config& config() const override { return settings_; }
  schedule::Rounds& rounds() override { return *rounds_; }
  agent::Site& site() override { return *site_; }
  agent::Renewer* renewer() override { return nullptr; }
  std::string certificate_in_use() const override { return ""; }
  const Clock& clock() const override { return clock_; }
  void wake() override {}
  std::string status_json() override { return "{\"readings\": 7}"; }
  std::vector<Secret> other_secrets() const override { return {Secret("of the environment")}; }
  Expected<void> try_settings(const Secret& toml) override {
    if (toml.reveal() == "bad") return fail(Code::invalid, "set_config:1: bad");
    settings_log.push_back("try " + toml.reveal());
    return {};
  }
  Expected<void> keep_settings() override {
    if (disk_full) return fail(Code::unavailable, "the disk is full");
    settings_log.emplace_back("keep");
    return {};
  }
  void drop_settings() override { settings_log.emplace_back("drop"); }
  tasks::Journal& journal() override { return journal_; }

  void live() {
    for (int i = 0; i < 10; ++i) {
      std::ignore = rounds_->step({});
      clock_.advance(1s);
    }
  }
  tasks::Ending ending_of(const tasks::Order& order) {
    agent::Hands hands(*this);
    tasks::Task task;
    task.order = order;
    const auto job = hands.begin(task);
    for (int i = 0; i < 1'000; ++i) {
      if (auto ending = job->step(true)) return *ending;
      std::ignore = rounds_->step({});
      clock_.advance(1s);
    }
    return {Outcome::unspecified};
  }

  struct Journal final : tasks::Journal {
    Expected<tasks::Place> append(std::string_view, const std::string&) override { return tasks::Place{epoch, ++last}; }
    tasks::Place acknowledged() override { return {epoch, answers ? last : 0}; }
    std::string epoch = "e1";
    std::uint64_t last = 0;
    bool answers = true;
  } journal_;
  std::vector<std::string> settings_log;
  bool disk_full = false;

  tests::Folder folder;
  ManualClock clock_;
  config::Config settings_;
  Network network;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<agent::Site> site_;
  std::optional<schedule::Rounds> rounds_;
};

const IpAddress one = IpAddress::parse("192.0.2.1").value(), two = IpAddress::parse("192.0.2.2").value(),
                three = IpAddress::parse("192.0.2.3").value();
constexpr const char* plain = "[scan]\ntargets = [\"192.0.2.1-9\"]\nexclude = [\"192.0.2.9\"]\n";

}  // namespace

TEST_CASE("a printer is named by everything that its readings say of it, and only when one fits") {
  const std::vector<agent::Known> known = {{{one, 161}, {"00AB12", "00:00:5E:00:53:01", "192.0.2.1"}, true},
                                           {{two, 161}, {"p-0123456789abcdef", "", "192.0.2.2"}, true},
                                           {{three, 161}, {"00AB12", "00:00:5E:00:53:03", "192.0.2.3"}, true}};
  struct Row {
    const char* name;
    PrinterRef said;
    std::optional<IpAddress> found;
    Code why;
  };
  const Row rows[] = {
      {"by address", {"", "", "192.0.2.2"}, two, {}},
      {"by pseudonym", {"p-0123456789abcdef", "", ""}, two, {}},
      {"by MAC in other letters", {"", "00-00-5e-00-53-03", ""}, three, {}},
      {"two with one serial", {"00AB12", "", ""}, std::nullopt, Code::conflict},
      {"and told apart", {"AB12", "", "192.0.2.3"}, three, {}},
      {"serial and address of different ones", {"p-0123456789abcdef", "", "192.0.2.1"}, std::nullopt, Code::not_found},
      {"nobody's", {"ZZZZ", "", ""}, std::nullopt, Code::not_found},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto found = agent::match(row.said, known);
    CHECK(found.has_value() == row.found.has_value());
    if (found && row.found) CHECK(found->peer.address == *row.found);
    if (!found) CHECK(found.error().code == row.why);
  }
}

TEST_CASE("read_now reads those that are named, and nobody that is not known") {
  House house(plain);
  house.network.devices = {{one, "AAAA1"}, {two, "BBBB2"}};
  house.live();
  house.network.reads.clear();
  CHECK(house.ending_of(tasks::ReadNow{{{"BBBB2", "", ""}}}).outcome == Outcome::done);
  CHECK(house.network.reads == std::map<IpAddress, int>{{two, 1}});
  const auto unknown = house.ending_of(tasks::ReadNow{{{"", "", "192.0.2.3"}}});
  CHECK(unknown.outcome == Outcome::failed);
  CHECK(unknown.text.find("192.0.2.3") != std::string::npos);
  CHECK(house.network.reads.size() == 1);
  const auto all = house.ending_of(tasks::ReadNow{});
  CHECK(all.text == "2 of 2 printers answered");
  house.network.devices.erase(one);
  const auto silent = house.ending_of(tasks::ReadNow{});
  CHECK(silent.outcome == Outcome::failed);
  CHECK(silent.text == "1 of 2 printers answered");
}

TEST_CASE("under a privacy policy the pseudonym names the printer, and the serial itself nobody") {
  House house(std::string(plain) + "[privacy]\nserial = \"pseudonymise\"\n");
  house.network.devices = {{one, "AAAA1"}};
  house.live();
  const auto known = agent::known_printers(house.rounds().fleet(), house.site());
  REQUIRE(known.size() == 1);
  CHECK(known[0].left_as.serial.starts_with("p-"));
  CHECK(house.ending_of(tasks::ReadNow{{{known[0].left_as.serial, "", ""}}}).outcome == Outcome::done);
  CHECK(house.ending_of(tasks::ReadNow{{{"AAAA1", "", ""}}}).outcome == Outcome::failed);
}

TEST_CASE("scan asks within the configured targets, and nowhere else") {
  House house(plain);
  house.live();
  house.network.asked.clear();
  house.network.devices = {{three, "CCCC3"}};
  const auto part = house.ending_of(tasks::Scan{{"192.0.2.3", "192.0.2.4-5"}});
  CHECK(part.outcome == Outcome::done);
  CHECK(part.text.find("1 new printers") != std::string::npos);
  CHECK(house.network.asked.size() == 3);
  for (const char* outside :
       {"192.0.2.0/24", "198.51.100.1", "192.0.2.9", "0.0.0.0/0", "printer.example", "@/etc/passwd"}) {
    CAPTURE(outside);
    CHECK(house.ending_of(tasks::Scan{{outside}}).outcome == Outcome::failed);
  }
  CHECK(house.network.asked.size() == 3);
  house.network.asked.clear();
  CHECK(house.ending_of(tasks::Scan{}).outcome == Outcome::done);
  CHECK(house.network.asked.size() >= 8);
}

TEST_CASE("a certificate that was signed by hand is not rotated from afar") {
  House house(plain);
  CHECK(house.ending_of(tasks::RotateCredentials{}).outcome == Outcome::failed);
}

TEST_CASE("settings from afar stay when the cloud acknowledges something under them, and go otherwise") {
  using Log = std::vector<std::string>;
  House house(plain);
  SUBCASE("confirmed") {
    CHECK(house.ending_of(tasks::SetConfig{Secret("new"), 60s}).outcome == Outcome::done);
    CHECK(house.settings_log == Log{"try new", "keep"});
  }
  SUBCASE("not confirmed in time") {
    house.journal_.answers = false;
    const MonotonicTime began = house.clock_.monotonic();
    const auto ending = house.ending_of(tasks::SetConfig{Secret("new"), 60s});
    CHECK(ending.outcome == Outcome::failed);
    CHECK(ending.text.find("within 60 s") != std::string::npos);
    CHECK(house.clock_.monotonic() - began >= 60s);
    CHECK(house.settings_log == Log{"try new", "drop"});
  }
  SUBCASE("refused: nothing was tried") {
    CHECK(house.ending_of(tasks::SetConfig{Secret("bad"), 60s}).text == "set_config:1: bad");
    CHECK(house.settings_log.empty());
  }
  SUBCASE("confirmed, but the disk takes nothing") {
    house.disk_full = true;
    CHECK(house.ending_of(tasks::SetConfig{Secret("new"), 60s}).outcome == Outcome::failed);
    CHECK(house.settings_log == Log{"try new", "drop"});
  }
  SUBCASE("the ledger goes on in another epoch meanwhile: what proves it is said anew") {
    house.journal_.answers = false;
    agent::Hands hands(house);
    tasks::Task task;
    task.order = tasks::SetConfig{Secret("new"), 60s};
    const auto job = hands.begin(task);
    for (int i = 0; i < 3; ++i) CHECK_FALSE(job->step(true));
    house.journal_.epoch = "e2";
    house.journal_.answers = true;
    CHECK_FALSE(job->step(true));
    CHECK(job->step(true)->outcome == Outcome::done);
  }
  SUBCASE("cancelled, and never in the middle of a read") {
    house.journal_.answers = false;
    agent::Hands hands(house);
    tasks::Task task;
    task.order = tasks::SetConfig{Secret("new"), 60s};
    const auto job = hands.begin(task);
    CHECK_FALSE(job->step(false));
    CHECK(house.settings_log.empty());
    CHECK_FALSE(job->step(true));
    job->cancel();
    CHECK_FALSE(job->step(false));
    CHECK(job->step(true)->outcome == Outcome::cancelled);
    CHECK(house.settings_log == Log{"try new", "drop"});
  }
}

TEST_CASE("explain and record ask nobody whom the site does not name") {
  House house(plain);
  house.live();
  CHECK(house.ending_of(tasks::Explain{"198.51.100.1"}).outcome == Outcome::failed);
  CHECK(house.ending_of(tasks::Explain{"192.0.2.9"}).outcome == Outcome::failed);  // excluded
  CHECK(house.ending_of(tasks::Record{{"", "", "192.0.2.3"}}).outcome == Outcome::failed);
}
