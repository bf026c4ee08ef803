#include "agent/schedule/fleet.h"

#include <doctest/doctest.h>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::Fleet;
using Kind = Reading::Kind;

namespace {

const MonotonicTime boot{};
const schedule::Intervals intervals{.supplies = 6h, .status = 15min};

snmp::Peer peer(std::uint32_t last) { return {IpAddress::v4(0xC0000200U + last), 161}; }

Reading reading(const char* serial, std::uint32_t up_time = 100) {
  Reading made;
  if (*serial != 0) made.identity.serial = serial;
  made.system.sys_object_id = "1.3.6.1.4.1.11.2.3.9.1";
  made.system.sys_up_time = up_time;
  return made;
}

Reading reading_of(const char* serial, const char* mac, std::uint32_t up_time = 100) {
  Reading made = reading(serial, up_time);
  made.identity.mac = mac;
  made.identity.macs = {mac};
  made.identity.model = "Laser 4000";
  return made;
}

const snmp::VarBinds rows = {
    {{1, 3, 6, 1, 2, 1, 1, 3, 0}, snmp::Value::integer(5, snmp::Type::time_ticks)},
    {{1, 3, 6, 1, 2, 1, 1, 5, 0}, snmp::Value::octets("name")},
    {{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1}, snmp::Value::integer(5, snmp::Type::counter32)},
};

}  // namespace

TEST_CASE("a machine that moved takes its entry along; another one inherits nothing") {
  Fleet fleet("agent-7");
  snmp::Tolerance shy;
  shy.bulk = false;
  CHECK(fleet.read_in_full(peer(1), 2, shy, rows, reading("AAAA1"), boot) == Fleet::News::first_seen);
  CHECK(fleet.read_in_full(peer(1), 2, shy, rows, reading("AAAA1"), boot + 1h) == Fleet::News::same);
  CHECK(fleet.read_in_full(peer(2), 2, shy, rows, reading("AAAA1"), boot + 2h) == Fleet::News::moved);
  CHECK(fleet.size() == 1);
  CHECK(fleet.find(peer(1)) == nullptr);
  CHECK(fleet.read_in_full(peer(2), 0, {}, {}, reading("BBBB2"), boot + 3h) == Fleet::News::replaced);
  CHECK(fleet.size() == 1);
  CHECK(fleet.find(peer(2))->credential == 0);
  CHECK(fleet.find(peer(2))->tolerance.bulk);
  CHECK(fleet.find(peer(2))->rows.empty());
}

TEST_CASE("one serial on two live machines: in doubt until both were asked again, then told apart for good") {
  const char *mac_a = "00:1B:A9:00:00:0A", *mac_b = "00:1B:A9:00:00:0B";
  Fleet fleet("agent-7");
  CHECK(fleet.read_in_full(peer(1), 0, {}, rows, reading_of("AAAA1", mac_a), boot) == Fleet::News::first_seen);
  CHECK(fleet.read_in_full(peer(2), 0, {}, rows, reading_of("AAAA1", mac_b), boot + 1s) == Fleet::News::in_doubt);
  CHECK(fleet.due(Kind::full, intervals, boot + 2s, 10) == std::vector{peer(1), peer(2)});
  CHECK_FALSE(fleet.read_status(peer(2), 0, {}, reading_of("AAAA1", mac_b), boot + 2s));
  SUBCASE("the first answers: twins") {
    CHECK(fleet.read_in_full(peer(2), 0, {}, rows, reading_of("AAAA1", mac_b), boot + 2s) == Fleet::News::in_doubt);
    CHECK(fleet.read_in_full(peer(1), 0, {}, rows, reading_of("AAAA1", mac_a), boot + 3s) == Fleet::News::same);
    CHECK(fleet.read_in_full(peer(2), 0, {}, rows, reading_of("AAAA1", mac_b), boot + 4s) == Fleet::News::first_seen);
    CHECK(fleet.size() == 2);
    CHECK(fleet.find(peer(1))->likeness.duplicate_serial);
    CHECK(fleet.find(peer(2))->likeness.duplicate_serial);
    CHECK(fleet.read_in_full(peer(1), 0, {}, rows, reading_of("AAAA1", mac_a), boot + 6h) == Fleet::News::same);
    CHECK(fleet.find(peer(1))->likeness.duplicate_serial);
    // they swap their addresses: each takes its entry along
    CHECK(fleet.read_in_full(peer(1), 0, {}, rows, reading_of("AAAA1", mac_b), boot + 7h) == Fleet::News::moved);
    CHECK(fleet.find(peer(1))->likeness.duplicate_serial);
    CHECK(fleet.read_in_full(peer(2), 0, {}, rows, reading_of("AAAA1", mac_a), boot + 7h) == Fleet::News::first_seen);
    CHECK(fleet.read_in_full(peer(3), 0, {}, rows, reading_of("AAAA1", "00:1B:A9:00:00:0C"), boot + 7h) ==
          Fleet::News::first_seen);
    CHECK(fleet.find(peer(3))->likeness.duplicate_serial);
  }
  SUBCASE("the first is silent: it has moved, and got a new network card") {
    fleet.did_not_answer(peer(1), Kind::full, boot + 3s);
    CHECK(fleet.read_in_full(peer(2), 0, {}, rows, reading_of("AAAA1", mac_b), boot + 4s) == Fleet::News::moved);
    CHECK(fleet.size() == 1);
    CHECK_FALSE(fleet.find(peer(2))->likeness.duplicate_serial);
  }
  SUBCASE("another machine has taken the first's place: it has moved") {
    CHECK(fleet.read_in_full(peer(1), 0, {}, rows, reading_of("BBBB2", "00:1B:A9:00:00:0C"), boot + 3s) ==
          Fleet::News::replaced);
    CHECK(fleet.read_in_full(peer(2), 0, {}, rows, reading_of("AAAA1", mac_b), boot + 4s) == Fleet::News::first_seen);
    CHECK_FALSE(fleet.find(peer(2))->likeness.duplicate_serial);
  }
}

TEST_CASE("a printer with two network cards, read at both, is one printer that moved") {
  Reading wired = reading_of("AAAA1", "00:1B:A9:00:00:0A"), wireless = reading_of("AAAA1", "00:1B:A9:00:00:0B");
  wired.identity.macs = wireless.identity.macs = {"00:1B:A9:00:00:0A", "00:1B:A9:00:00:0B"};
  Fleet fleet("agent-7");
  CHECK(fleet.read_in_full(peer(1), 0, {}, rows, wired, boot) == Fleet::News::first_seen);
  CHECK(fleet.read_in_full(peer(2), 0, {}, rows, wireless, boot + 1s) == Fleet::News::moved);
  CHECK(fleet.size() == 1);
}

// Machines wander over addresses, swap them and restart: whatever the fleet lets pass as the known printer's is its own.
TEST_CASE("no status reading ever passes as another machine's") {
  std::uint32_t seed = 4711;
  const auto dice = [&](std::uint32_t sides) { return (seed = seed * 1664525U + 1013904223U) / 65536U % sides; };
  struct Machine {
    Reading says;
    std::uint32_t started = 0;
  };
  std::vector<Machine> machines;
  for (std::uint32_t i = 0; i < 8; ++i) {
    Machine made;
    made.says = reading(i % 2 == 0 ? ("SER" + std::to_string(i)).c_str() : "XXXXXXXX");
    if (i % 4 < 3) made.says.identity.mac = "00:1B:A9:00:00:0" + std::to_string(i);
    machines.push_back(made);
  }
  std::vector<std::size_t> at = {0, 1, 2, 3, 4, 5, 6, 7}, read(8, 99);
  std::vector<std::uint32_t> full_at(8, 0);
  Fleet fleet("agent-7");
  std::size_t passed = 0;
  for (std::uint32_t minute = 1; minute < 20'000; minute += 5) {
    const std::uint32_t place = dice(8), other = dice(8);
    if (dice(10) == 0)
      std::swap(at[place], at[other]), machines[at[place]].started = machines[at[other]].started = minute;
    Machine& here = machines[at[place]];
    here.says.system.sys_up_time = (minute - here.started) * 6000 + 100;
    const MonotonicTime now = boot + std::chrono::minutes(minute);
    Reading status = here.says;
    status.identity.mac.reset();
    if (dice(3) == 0 || minute - full_at[place] > 100) {
      full_at[place] = minute;
      (void)fleet.read_in_full(peer(place + 1), 0, {}, rows, here.says, now);
      read[place] = at[place];
    } else if (fleet.read_status(peer(place + 1), 0, {}, status, now)) {
      ++passed;
      CHECK(read[place] == at[place]);
    }
  }
  CHECK(passed > 500);
}

TEST_CASE("rows are kept for the next read, and when each of them was asked for") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  CHECK(fleet.find(peer(1))->rows.unpack() == rows);
  CHECK(fleet.find(peer(1))->whole_at == boot);
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot + 6h, false);
  CHECK(fleet.find(peer(1))->whole_at == boot);
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("BBBB2"), boot + 12h, false);
  CHECK_FALSE(fleet.find(peer(1))->whole_at);  // another machine's
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("BBBB2"), boot + 18h);
  CHECK(fleet.find(peer(1))->whole_at == boot + 18h);
}

TEST_CASE("half an answer does not make us forget who it was") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  Reading half = reading("");
  half.complete = false;
  CHECK(fleet.read_in_full(peer(1), 0, {}, {}, half, boot + 1h) == Fleet::News::same);
  CHECK(fleet.find(peer(1))->likeness.serial == "AAAA1");
  CHECK_FALSE(fleet.find(peer(1))->rows.empty());
}

TEST_CASE("a status reading of another machine may not leave, and a full read follows at once") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  CHECK(fleet.read_status(peer(1), 3, {}, reading("AAAA1"), boot + 15min));
  CHECK(fleet.find(peer(1))->credential == 3);  // the one that worked this time
  CHECK(fleet.due(Kind::full, intervals, boot + 16min, 10).empty());
  CHECK_FALSE(fleet.read_status(peer(1), 3, {}, reading("BBBB2"), boot + 30min));
  CHECK(fleet.due(Kind::full, intervals, boot + 30min, 10) == std::vector{peer(1)});
  CHECK_FALSE(fleet.read_status(peer(9), 3, {}, reading("AAAA1"), boot));
}

TEST_CASE("without a serial a restart asks for a full read") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("", 100'000), boot);
  CHECK(fleet.read_status(peer(1), 3, {}, reading("", 190'000), boot + 15min));
  CHECK_FALSE(fleet.read_status(peer(1), 3, {}, reading("", 500), boot + 30min));
}

TEST_CASE("those that answer come first, and no more than asked for") {
  Fleet fleet("agent-7");
  for (std::uint32_t i = 1; i <= 5; ++i)
    (void)fleet.read_in_full(peer(i), 0, {}, rows, reading(("SER" + std::to_string(i)).c_str()), boot);
  fleet.did_not_answer(peer(2), Kind::status, boot);
  CHECK(fleet.silent() == 1);
  CHECK_FALSE(fleet.well_known(peer(2)));
  CHECK(fleet.well_known(peer(1)));
  const auto all = fleet.due(Kind::status, intervals, boot + 1h, 10);
  REQUIRE(all.size() == 5);
  CHECK(all.back() == peer(2));
  CHECK(fleet.due(Kind::status, intervals, boot + 1h, 3).size() == 3);
  CHECK(fleet.due(Kind::full, intervals, boot + 1h, 10).empty());
  CHECK(fleet.next_due(intervals) > boot);
  CHECK(fleet.next_due(intervals) <= boot + 1400s);
  CHECK(Fleet("x").next_due(intervals) == MonotonicTime::max());
}

TEST_CASE("over a restart the winners are remembered, and read in full at once") {
  Fleet before("agent-7"), after("agent-7");
  (void)before.read_in_full(peer(1), 2, {}, rows, reading("AAAA1"), boot);
  (void)before.read_in_full(peer(2), 0, {}, rows, reading("BBBB2"), boot);
  after.remember(before.winners(), boot + 1h);
  CHECK(after.size() == 2);
  CHECK(after.find(peer(1))->credential == 2);
  CHECK(after.well_known(peer(1)));
  CHECK(after.due(Kind::full, intervals, boot + 1h, 10).size() == 2);
  CHECK(after.due(Kind::status, intervals, boot + 1h, 10).empty());
  CHECK(after.read_in_full(peer(1), 2, {}, rows, reading("AAAA1"), boot + 1h) == Fleet::News::same);
  CHECK(after.due(Kind::full, intervals, boot + 1h, 10) == std::vector{peer(2)});
}

TEST_CASE("each printer and each job has its own second, the same after a restart, another at another agent") {
  const auto due_after_one_read = [](std::string_view agent, std::uint32_t last, const schedule::Intervals& of) {
    Fleet fleet(agent);
    (void)fleet.read_in_full(peer(last), 0, {}, {}, reading("AAAA1"), boot);
    return fleet.next_due(of);
  };
  const schedule::Intervals supplies{.supplies = 1h, .status = 1000h}, status{.supplies = 1000h, .status = 1h};
  const auto due = due_after_one_read("agent-7", 1, supplies);
  CHECK(due == due_after_one_read("agent-7", 1, supplies));
  CHECK(due != due_after_one_read("agent-7", 1, status));
  CHECK(due != due_after_one_read("agent-7", 2, supplies));
  CHECK(due != due_after_one_read("agent-8", 1, supplies));
}

TEST_CASE("full reads that are as frequent as the small ones make these unnecessary") {
  const auto small_due = [](std::chrono::milliseconds status) {
    Fleet fleet("agent-7");
    (void)fleet.read_in_full(peer(1), 0, {}, {}, reading("AAAA1"), boot);
    return fleet.due(Kind::status, {.supplies = 1h, .status = status}, boot + 24h, 10).size();
  };
  CHECK(small_due(1h - 1s) == 1);
  CHECK(small_due(1h) == 0);
  CHECK(small_due(2h) == 0);
}

TEST_CASE("asked for, a full read is due at once") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  fleet.read_soon(peer(9));
  CHECK(fleet.due(Kind::full, intervals, boot, 10).empty());
  fleet.read_soon(peer(1));
  CHECK(fleet.due(Kind::full, intervals, boot, 10) == std::vector{peer(1)});
}

TEST_CASE("who is no longer wanted, lost its credential or was silent for a month is forgotten") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  (void)fleet.read_in_full(peer(2), 1, {}, rows, reading("BBBB2"), boot);
  (void)fleet.read_in_full(peer(3), 2, {}, rows, reading("CCCC3"), boot);
  const std::optional<std::size_t> now_at[] = {1, std::nullopt, 0};
  fleet.renumber_credentials(now_at);
  CHECK(fleet.find(peer(1))->credential == 1);
  CHECK(fleet.find(peer(2)) == nullptr);
  CHECK(fleet.find(peer(3))->credential == 0);
  fleet.keep_only([](const snmp::Peer& each) { return each == peer(3); });
  CHECK(fleet.size() == 1);
  fleet.forget_the_lost(boot + 30 * 24h);
  CHECK(fleet.size() == 1);
  fleet.forget_the_lost(boot + 30 * 24h + 1ms);
  CHECK(fleet.size() == 0);
}
