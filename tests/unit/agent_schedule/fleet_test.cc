#include "agent/schedule/fleet.h"

#include <doctest/doctest.h>

#include "agent/schedule/packed_names.h"

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::Fleet;
using Kind = Reading::Kind;

namespace {

const MonotonicTime boot{};
const schedule::Intervals intervals{.full = 6h, .status = 15min};

snmp::Peer peer(std::uint32_t last) { return {IpAddress::v4(0xC0000200U + last), 161}; }

Reading reading(const char* serial, std::uint32_t up_time = 100) {
  Reading made;
  if (*serial != 0) made.identity.serial = serial;
  made.system.sys_object_id = "1.3.6.1.4.1.11.2.3.9.1";
  made.system.sys_up_time = up_time;
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
  CHECK(fleet.find(peer(2))->names.empty());
}

TEST_CASE("of the rows only the names that a status read asks for are kept") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  const snmp::VarBinds kept = schedule::unpack_names(fleet.find(peer(1))->names);
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].name == rows[0].name);
  CHECK(kept[1].name == rows[2].name);
}

TEST_CASE("half an answer does not make us forget who it was") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  Reading half = reading("");
  half.complete = false;
  CHECK(fleet.read_in_full(peer(1), 0, {}, {}, half, boot + 1h) == Fleet::News::same);
  CHECK(fleet.find(peer(1))->likeness.serial == "AAAA1");
  CHECK_FALSE(fleet.find(peer(1))->names.empty());
}

TEST_CASE("a status reading of another machine may not leave, and a full read follows at once") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("AAAA1"), boot);
  CHECK(fleet.read_status(peer(1), {}, reading("AAAA1"), boot + 15min));
  CHECK(fleet.due(Kind::full, intervals, boot + 16min, 10).empty());
  CHECK_FALSE(fleet.read_status(peer(1), {}, reading("BBBB2"), boot + 30min));
  CHECK(fleet.due(Kind::full, intervals, boot + 30min, 10) == std::vector{peer(1)});
  CHECK_FALSE(fleet.read_status(peer(9), {}, reading("AAAA1"), boot));
}

TEST_CASE("without a serial a restart asks for a full read") {
  Fleet fleet("agent-7");
  (void)fleet.read_in_full(peer(1), 0, {}, rows, reading("", 100'000), boot);
  CHECK(fleet.read_status(peer(1), {}, reading("", 190'000), boot + 15min));
  CHECK_FALSE(fleet.read_status(peer(1), {}, reading("", 500), boot + 30min));
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
