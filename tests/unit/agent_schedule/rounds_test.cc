#include "agent/schedule/rounds.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::Call;
using Kind = Reading::Kind;
using Is = snmp::Outcome::Is;

namespace {

IpAddress address(std::uint32_t last) { return IpAddress::v4(0xC0000200U + last); }

// A network of devices that the test sets by hand; records what was asked of it.
class Network final : public schedule::Collector {
 public:
  struct Device {
    Is is = Is::printer;
    std::string serial;
  };

  explicit Network(ManualClock& clock) : clock_(clock) {}

  void sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token stop) override {
    parts.emplace_back(addresses.begin(), addresses.end());
    for (const IpAddress& each : addresses) {
      clock_.advance(1ms);
      if (stop.stop_requested()) return;
      if (devices.contains(each)) told(outcome(each, Kind::full));
    }
  }
  void read(std::span<const Call> printers, Kind kind, const OnOutcome& told, std::stop_token stop) override {
    for (const Call& call : printers) {
      clock_.advance(1ms);
      if (stop.stop_requested()) return;
      reads.emplace_back(call.peer.address, kind);
      read_at[{call.peer.address, kind}].push_back(clock_.monotonic());
      if (kind == Kind::full) learned.emplace_back(call.rows.size(), call.age);
      told(outcome(call.peer.address, kind));
    }
  }

  std::map<IpAddress, Device> devices;
  std::vector<std::vector<IpAddress>> parts;
  std::vector<std::pair<IpAddress, Kind>> reads;
  std::vector<std::pair<std::size_t, std::chrono::milliseconds>> learned;  // rows that came with each full call, age
  std::map<std::pair<IpAddress, Kind>, std::vector<MonotonicTime>> read_at;

 private:
  snmp::Outcome outcome(const IpAddress& at, Kind kind) {
    const auto found = devices.find(at);
    snmp::Outcome made;
    made.peer = {at, 161};
    made.is = found == devices.end() ? Is::silent : found->second.is;
    if (made.is != Is::printer) return made;
    made.credential = 0;
    made.reading.emplace();
    made.reading->kind = kind;
    made.reading->address = at.text();
    made.reading->identity.serial = found->second.serial;
    made.rows = {{{1, 3, 6, 1, 2, 1, 1, 2, 0}, snmp::Value::oid({1, 3, 6, 1, 4, 1, 99999})}};
    made.whole = learned.empty() || learned.back().second >= 24h;
    return made;
  }
  ManualClock& clock_;
};

class Shelf final : public schedule::Keeper {
 public:
  Expected<void> keep(const Reading& reading) override {
    if (full) return fail(Code::unavailable, "disk full");
    kept.push_back(reading);
    return {};
  }
  std::vector<Reading> kept;
  bool full = false;
};

struct House {
  ManualClock clock;
  Network network{clock};
  Shelf shelf;
  std::vector<IpAddress> targets;
  bool resolved = true, looking = false;
  std::function<bool(const IpAddress&)> allowed;
  std::stop_source stop;
  schedule::Rounds rounds{"agent-7", plan(), network, shelf, clock};

  schedule::Plan plan() {
    return {.sweep = 12h, .intervals = {.supplies = 1h, .status = 15min}, .targets = [this] {
              return looking ? std::nullopt : std::optional(schedule::Targets{targets, resolved, allowed});
            }};
  }
  void printer(std::uint32_t last, const std::string& serial) {
    targets.push_back(address(last));
    network.devices[address(last)] = {Is::printer, serial};
  }
  // Steps as the agent does until `length` is over.
  void live(std::chrono::milliseconds length) {
    const MonotonicTime end = clock.monotonic() + length;
    while (clock.monotonic() < end) {
      const MonotonicTime next = rounds.step(stop.get_token());
      clock.advance(std::clamp(next, clock.monotonic() + 1ms, end + 1ms) - clock.monotonic());
    }
  }
};

}  // namespace

TEST_CASE("at start everything is swept, printers are kept, of the others a count") {
  House house;
  house.printer(1, "AAAA1");
  house.printer(2, "BBBB2");
  house.targets.insert(house.targets.end(), {address(3), address(4), address(5), address(6)});
  house.network.devices[address(3)] = {Is::not_a_printer, ""};
  house.network.devices[address(4)] = {Is::no_access, ""};
  house.network.devices[address(5)] = {Is::unreachable, ""};
  house.live(1min);
  CHECK(house.shelf.kept.size() == 2);
  CHECK(house.network.parts.size() == 1);
  const schedule::Sweep sweep = house.rounds.tally().sweep.value();
  CHECK(sweep.ended);
  CHECK(sweep.addresses == 6);
  CHECK(sweep.printers == 2);
  CHECK(sweep.not_printers == 1);
  CHECK(sweep.no_access == 1);
  CHECK(sweep.no_snmp == 1);
  CHECK(house.rounds.fleet().size() == 2);
}

TEST_CASE("a day: two sweeps more, 24 full reads and a status at least each quarter of an hour, nothing twice") {
  House house;
  for (std::uint32_t i = 1; i <= 20; ++i) house.printer(i, "SERIAL" + std::to_string(i));
  house.targets.push_back(address(200));
  house.live(24h);
  CHECK(house.network.parts.size() >= 2);
  CHECK(house.network.parts.size() <= 3);
  for (std::size_t i = 1; i < house.network.parts.size(); ++i)
    CHECK(house.network.parts[i] == std::vector{address(200)});
  for (std::uint32_t i = 1; i <= 20; ++i) {
    const auto full = house.network.read_at[{address(i), Kind::full}].size();
    const auto status = house.network.read_at[{address(i), Kind::status}].size();
    CHECK(full >= 23);
    CHECK(full <= 26);
    CHECK(full + status >= 94);
    CHECK(full + status <= 121);
  }
  CHECK(house.shelf.kept.size() == house.network.reads.size() + 20);
}

TEST_CASE("a full read takes along the rows of the last one, and how old they are") {
  House house;
  house.printer(1, "AAAA1");
  house.live(3 * 24h);
  REQUIRE(house.network.learned.size() >= 10);
  std::size_t renewed = 0;
  for (const auto& [rows, age] : house.network.learned) {
    CHECK(rows == 1);
    CHECK(age > 25min);
    CHECK(age < 24h + 2h);
    renewed += age >= 24h ? 1U : 0U;
  }
  CHECK(renewed >= 2);
  CHECK(renewed <= 3);
}

TEST_CASE("wall clock steps change nothing") {
  House steady, stepped;
  for (House* house : {&steady, &stepped}) {
    for (std::uint32_t i = 1; i <= 3; ++i) house->printer(i, "SERIAL" + std::to_string(i));
    house->live(1h);
  }
  stepped.clock.step_wall(-300h);
  steady.live(6h);
  stepped.live(3h);
  stepped.clock.step_wall(9000h);
  stepped.live(3h);
  CHECK(steady.network.reads == stepped.network.reads);
}

TEST_CASE("a big sweep takes turns with known printers") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  for (std::uint32_t i = 0; i < 10'000; ++i) house.targets.push_back(IpAddress::v4(0x0A000000U + i));
  house.rounds.change(house.plan(), std::vector<std::optional<std::size_t>>{0}, true);
  house.clock.advance(23min);  // the status read is due as well
  const auto before = house.network.reads.size();
  (void)house.rounds.step(house.stop.get_token());
  CHECK(house.network.reads.size() == before + 1);
  CHECK(house.network.parts.size() == 1);
  (void)house.rounds.step(house.stop.get_token());
  CHECK(house.network.parts.size() == 2);
  CHECK(house.network.parts.back().size() == 4096);
  house.live(1min);
  CHECK(house.network.parts.size() == 4);
  CHECK(house.rounds.tally().sweep->ended);
}

TEST_CASE("another machine at a known address: its status is dropped, it is read in full and begins anew") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  house.network.devices[address(1)].serial = "BBBB2";
  house.live(30min);
  CHECK(house.rounds.tally().doubtful == 1);
  REQUIRE(house.shelf.kept.size() >= 2);
  CHECK(house.shelf.kept[1].identity.serial == "BBBB2");
  CHECK(house.shelf.kept[1].kind == Kind::full);
  CHECK(house.rounds.fleet().size() == 1);
}

TEST_CASE("a printer that falls silent is asked again in its own time, looked for by the next sweep, and not doubled") {
  House house;
  house.printer(1, "AAAA1");
  house.printer(2, "BBBB2");
  house.live(1min);
  house.network.devices[address(1)].is = Is::silent;
  house.live(1h);
  CHECK(house.rounds.fleet().silent() == 1);
  CHECK(house.rounds.tally().unanswered >= 3);
  CHECK(house.rounds.tally().unanswered <= 5);
  house.live(24h);
  CHECK(house.network.parts.back() == std::vector{address(1)});
  house.network.devices[address(1)].is = Is::printer;
  house.live(1h);
  CHECK(house.rounds.fleet().silent() == 0);
  CHECK(house.rounds.fleet().size() == 2);
}

TEST_CASE("a known address that holds no printer any more is forgotten") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  house.network.devices[address(1)].is = Is::not_a_printer;
  house.live(30min);
  CHECK(house.rounds.fleet().size() == 0);
}

TEST_CASE("what cannot be kept is counted and said, and later readings are tried again") {
  House house;
  house.printer(1, "AAAA1");
  house.shelf.full = true;
  house.live(1min);
  CHECK(house.rounds.tally().not_kept == 1);
  CHECK(house.rounds.tally().keeper_error == "disk full");
  house.shelf.full = false;
  house.live(30min);
  CHECK(house.shelf.kept.size() >= 1);
  CHECK(house.rounds.tally().keeper_error.empty());
}

TEST_CASE("excluded addresses are asked nothing more after the change; unresolved names forget nobody") {
  House house;
  house.printer(1, "AAAA1");
  house.printer(2, "BBBB2");
  house.live(1min);
  house.targets = {address(2)};
  house.resolved = false;
  house.rounds.change(house.plan(), std::vector<std::optional<std::size_t>>{0}, true);
  (void)house.rounds.step(house.stop.get_token());
  CHECK(house.rounds.fleet().size() == 2);
  house.resolved = true;
  house.rounds.change(house.plan(), std::vector<std::optional<std::size_t>>{0}, true);
  house.network.reads.clear();
  house.live(8h);
  CHECK(house.rounds.fleet().size() == 1);
  CHECK(std::none_of(house.network.reads.begin(), house.network.reads.end(),
                     [](const auto& read) { return read.first == address(1); }));
}

TEST_CASE("a stop in mid-sweep leaves the rest to the next step") {
  House house;
  house.printer(1, "AAAA1");
  house.stop.request_stop();
  (void)house.rounds.step(house.stop.get_token());
  CHECK(house.shelf.kept.empty());
  house.stop = std::stop_source();
  house.live(1min);
  CHECK(house.shelf.kept.size() == 1);
}

TEST_CASE("without targets there is nothing to do until the next sweep") {
  House house;
  (void)house.rounds.step(house.stop.get_token());
  CHECK(house.rounds.tally().sweep->ended);
  CHECK(house.rounds.step(house.stop.get_token()) > house.clock.monotonic() + 5h);
}

TEST_CASE("while targets are looked up, the known printers are read on") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  house.looking = true;
  const std::optional<std::size_t> same[] = {0};
  house.rounds.change(house.plan(), same, true);
  const std::size_t before = house.shelf.kept.size();
  house.live(2h);
  CHECK(house.network.parts.size() == 1);
  CHECK(house.shelf.kept.size() >= before + 7);
  CHECK(house.rounds.step(house.stop.get_token()) <= house.clock.monotonic() + 1s);  // it asks again, but not at once
  house.printer(2, "BBBB2");
  house.looking = false;
  house.live(1min);
  CHECK(house.rounds.fleet().size() == 2);
}

TEST_CASE("a printer that a candidate source found stays where candidates may lie, though nobody names it any more") {
  House house;
  house.printer(1, "AAAA1");
  house.printer(2, "BBBB2");
  house.allowed = [](const IpAddress& where) { return where == address(1); };
  house.live(1min);
  house.targets.clear();
  house.live(13h);
  CHECK(house.rounds.fleet().size() == 1);
}

TEST_CASE("a sweep that somebody asks for comes at once, of everything or of a part, and leaves the timetable alone") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  house.printer(2, "BBBB2");
  house.printer(3, "CCCC3");
  const std::uint64_t part = house.rounds.sweep_soon([](const IpAddress& each) { return each == address(3); });
  CHECK(house.rounds.sweeps_done() < part);
  house.live(1s);
  CHECK(house.rounds.sweeps_done() == part);
  CHECK(house.network.parts.back() == std::vector{address(3)});
  CHECK(house.rounds.fleet().size() == 2);
  const std::uint64_t all = house.rounds.sweep_soon();
  house.live(1s);
  CHECK(house.rounds.sweeps_done() == all);
  CHECK(house.rounds.fleet().size() == 3);
}

TEST_CASE("a sweep in part does not put off the sweep of everything") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  house.printer(2, "BBBB2");
  for (int hour = 0; hour < 13; ++hour) {
    std::ignore = house.rounds.sweep_soon([](const IpAddress&) { return false; });
    house.live(1h);
  }
  CHECK(house.rounds.fleet().size() == 2);
}

TEST_CASE("a change of the settings ends the sweep that was asked for, and it counts as over") {
  House house;
  house.printer(1, "AAAA1");
  house.live(1min);
  const std::uint64_t asked = house.rounds.sweep_soon();
  house.stop.request_stop();
  std::ignore = house.rounds.step(house.stop.get_token());  // begun, not ended
  const std::optional<std::size_t> same[] = {0};
  house.rounds.change(house.plan(), same, true);
  CHECK(house.rounds.sweeps_done() == asked);
}
