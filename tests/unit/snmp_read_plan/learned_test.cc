// A printer that is known is read again: few PDUs, and whatever changed is found.
#include <doctest/doctest.h>

#include <algorithm>

#include "fake_agent.h"
#include "snmp/printer/columns.h"

using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

const Oid kPrt{1, 3, 6, 1, 2, 1, 43};
const Oid kUpTime{1, 3, 6, 1, 2, 1, 1, 3, 0};

Oid prt(std::initializer_list<std::uint32_t> tail) {
  return kPrt + std::span<const std::uint32_t>(tail.begin(), tail.size());
}

void erase_index(VarBinds& rows, const Oid& entry, const Oid& index) {
  std::erase_if(rows, [&](const VarBind& row) {
    const auto tail = row.name.after(entry);
    return tail.size() == 1 + index.size() && std::equal(index.ids().begin(), index.ids().end(), tail.begin() + 1);
  });
}

void add_row(VarBinds& rows, const Oid& entry, std::uint32_t first, std::uint32_t last, const Oid& index) {
  for (std::uint32_t column = first; column <= last; ++column)
    set(rows, entry + column + index.ids(), Value::integer(column));
}

// As time goes on without anybody touching anything.
void tick(VarBinds& rows) {
  set(rows, kUpTime, Value::integer(222'222, Type::time_ticks));
  set(rows, prt({10, 2, 1, 4, 1, 1}), Value::integer(77'777, Type::counter32));
  set(rows, prt({11, 1, 1, 9, 1, 3}), Value::integer(3));
}

Learned first_read(const VarBinds& rows, const Manners& manners) {
  FakeAgent agent(rows, manners);
  Learned known = first_read(agent, manners.v1 ? Version::v1 : Version::v2c);
  REQUIRE(known.complete);
  return known;
}

}  // namespace

TEST_CASE("a learned read brings every row in few PDUs, SNMPv1 too, and no silence is met twice") {
  struct Row {
    const char* name;
    Manners manners;
    std::size_t most_moving, most_everything;
  };
  const Row rows[] = {
      {"v2c", {}, 2, 7},
      {"v1", {.v1 = true}, 2, 7},
      {"v2c, long lengths", {.long_lengths = true}, 2, 7},
      {"v1, long lengths", {.long_lengths = true, .v1 = true}, 2, 7},
      {"v2c, 484 octets", {.most_octets = 484}, 6, 23},
      {"v1, 484 octets", {.most_octets = 484, .v1 = true}, 6, 22},
      {"silent above 1,000 octets", {.silent_above = 1000}, 3, 11},
      {"silent above 484 octets", {.silent_above = 484}, 8, 26},
      {"v1, silent above 700 octets", {.silent_above = 700, .v1 = true}, 5, 17},
      {"GETBULK is not answered", {.bulk_is_silent = true}, 2, 7},
      {"GETBULK is an error", {.bulk_is_an_error = true}, 2, 7},
      {"at most 10 varbinds", {.most_varbinds = 10}, 4, 10},
      {"after the last row comes the first", {.wraps = true}, 2, 7},
      {"GETNEXT wants the index", {.wants_index = true}, 2, 8},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Version version = row.manners.v1 ? Version::v1 : Version::v2c;
    const Learned known = first_read(all_rows(), row.manners);
    VarBinds now = all_rows();
    tick(now);
    Tolerance tolerance = known.tolerance;
    for (const Depth depth : {Depth::everything, Depth::moving, Depth::everything}) {
      FakeAgent agent(now, row.manners);
      const auto plan = learned_read(version, tolerance, no_profiles(), known.rows, depth);
      const Run counts = run(*plan, agent);
      const bool moving = depth == Depth::moving;
      MESSAGE(std::string(row.name), std::string(moving ? ", moving: " : ", everything: "), counts.asks, " PDUs");
      CHECK(counts.silences == 0);
      CHECK(counts.asks <= (moving ? row.most_moving : row.most_everything));
      CHECK(plan->rows() == wanted_of(now));
      CHECK(plan->complete());
      CHECK(plan->whole() != moving);
      CHECK(plan->flags().empty());
      tolerance = plan->tolerance();
    }
  }
}

TEST_CASE("rows that came and rows that went are found by both depths") {
  struct Row {
    const char* name;
    void (*change)(VarBinds&);
  };
  const Row rows[] = {
      {"a supply at the end",
       [](VarBinds& r) {
         add_row(r, prt({11, 1, 1}), 2, 9, Oid{1, 15});
       }},
      {"a supply in between",
       [](VarBinds& r) {
         erase_index(r, prt({11, 1, 1}), Oid{1, 7});
       }},
      {"the first tray is gone",
       [](VarBinds& r) {
         erase_index(r, prt({8, 2, 1}), Oid{1, 1});
       }},
      {"the last tray is gone",
       [](VarBinds& r) {
         erase_index(r, prt({8, 2, 1}), Oid{1, 4});
       }},
      {"a tray before the first",
       [](VarBinds& r) {
         add_row(r, prt({8, 2, 1}), 2, 21, Oid{1, 0});
       }},
      {"all outputs are gone",
       [](VarBinds& r) { std::erase_if(r, [](const VarBind& row) {
                           return row.name.starts_with(prt({9, 2, 1}));
                         }); }},
      {"another alert",
       [](VarBinds& r) {
         add_row(r, prt({18, 1, 1}), 2, 9, Oid{1, 9});
       }},
      {"no alert any more",
       [](VarBinds& r) { std::erase_if(r, [](const VarBind& row) {
                           return row.name.starts_with(prt({18, 1, 1}));
                         }); }},
      {"a line less on the panel",
       [](VarBinds& r) {
         erase_index(r, prt({16, 5, 1}), Oid{1, 4});
       }},
      {"a second marker",
       [](VarBinds& r) {
         add_row(r, prt({10, 2, 1}), 2, 15, Oid{1, 2});
       }},
      {"an interface less",
       [](VarBinds& r) {
         erase_index(r, Oid{1, 3, 6, 1, 2, 1, 2, 2, 1}, Oid{2});
       }},
  };
  for (const Manners& manners : {Manners{}, Manners{.v1 = true}, Manners{.most_octets = 484}}) {
    const Learned known = first_read(all_rows(), manners);
    for (const Row& row : rows) {
      CAPTURE(row.name);
      VarBinds now = all_rows();
      tick(now);
      row.change(now);
      for (const Depth depth : {Depth::moving, Depth::everything}) {
        FakeAgent agent(now, manners);
        const auto plan =
            learned_read(manners.v1 ? Version::v1 : Version::v2c, known.tolerance, no_profiles(), known.rows, depth);
        const Run counts = run(*plan, agent);
        if (depth == Depth::moving) MESSAGE(std::string(row.name), ": ", counts.asks, " PDUs");
        CHECK(plan->rows() == wanted_of(now));
        CHECK(plan->complete());
        CHECK(plan->flags().empty());
      }
    }
  }
}

TEST_CASE("what stands still is asked for again when something tells that it does not") {
  const Oid description = prt({11, 1, 1, 6, 1, 3});
  struct Row {
    const char* name;
    Oid told_by;
    Value value;
    bool noticed;
  };
  const Row rows[] = {
      {"nothing", kUpTime, Value::integer(222'222, Type::time_ticks), false},
      {"prtGeneralConfigChanges", prt({5, 1, 1, 1, 1}), Value::integer(102), true},
      {"a restart", kUpTime, Value::integer(77, Type::time_ticks), true},
      {"another serial number", prt({5, 1, 1, 17, 1}), Value::octets("Another one"), true},
      {"another MAC address", Oid{1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1}, Value::octets("\x02\x01\x01\x01\x01\x09"), true},
      {"another sysObjectID", Oid{1, 3, 6, 1, 2, 1, 1, 2, 0}, Value::oid({1, 3, 6, 1, 4, 1, 99999, 2}), true},
      {"a fuller cartridge", prt({11, 1, 1, 9, 1, 3}), Value::integer(1'000'000), true},
      {"a page", prt({10, 2, 1, 4, 1, 1}), Value::integer(99'999), false},
      {"other paper", prt({8, 2, 1, 12, 1, 1}), Value::octets("A5"), false},
  };
  VarBinds before = all_rows();
  set(before, prt({5, 1, 1, 17, 1}), Value::octets("MK0000001"));
  set(before, Oid{1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1}, Value::octets("\x02\x01\x01\x01\x01\x01"));
  const Learned known = first_read(before, {});
  for (const Row& row : rows) {
    CAPTURE(row.name);
    VarBinds now = before;
    tick(now);
    set(now, row.told_by, row.value);
    set(now, description, Value::octets("Something else stands here now"));
    FakeAgent agent(now, {});
    const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::moving);
    const Run counts = run(*plan, agent);
    MESSAGE(std::string(row.name), ": ", counts.asks, " PDUs");
    CHECK(plan->complete());
    CHECK(plan->whole() == row.noticed);
    const auto lost = missing(wanted_of(now), plan->rows());
    CHECK(lost == (row.noticed ? std::vector<Oid>{} : std::vector<Oid>{description}));
    CHECK(plan->rows().size() == wanted_of(now).size());
    CHECK(counts.asks <= 14);
  }
}

TEST_CASE("nothing of the last read is told of a device that does not answer, or of another one that falls silent") {
  const Learned known = first_read(all_rows(), {});
  FakeAgent deaf({}, {.most_octets = 0, .silent_above = 1});
  const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::moving);
  run(*plan, deaf);
  CHECK(plan->rows().empty());
  CHECK_FALSE(plan->complete());
  CHECK_FALSE(plan->whole());

  VarBinds other = all_rows();
  set(other, Oid{1, 3, 6, 1, 2, 1, 1, 2, 0}, Value::oid({1, 3, 6, 1, 4, 1, 99999, 2}));
  FakeAgent dying(other, {.dies_after = 1});
  const auto half = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::moving);
  run(*half, dying);
  CHECK_FALSE(half->complete());
  for (const VarBind& row : half->rows()) {
    CAPTURE(row.name.text());
    CHECK(std::find(other.begin(), other.end(), row) != other.end());
    CHECK(moves(row.name));
  }
}

TEST_CASE("after a day, or where nothing tells machines apart, everything is asked for") {
  using namespace std::chrono_literals;
  VarBinds rows = {{prt({5, 1, 1, 17, 1}), Value::octets("MK1")}};
  CHECK(depth_for(rows, 6h) == Depth::moving);
  CHECK(depth_for(rows, 24h) == Depth::everything);
  CHECK(depth_for(rows, std::chrono::milliseconds::max()) == Depth::everything);
  rows[0].value = Value::octets("0000");
  CHECK(depth_for(rows, 1s) == Depth::everything);
  rows[0] = {Oid{1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1}, Value::octets(std::string(6, '\0'))};
  CHECK(depth_for(rows, 1s) == Depth::everything);
  rows[0].value = Value::octets(std::string("\0\x01\x02\x03\x04\x05", 6));
  CHECK(depth_for(rows, 1s) == Depth::moving);
}

TEST_CASE("out of order, stuck or endless: a learned read is as right as a walk, and ends") {
  VarBinds order = all_rows();
  const Oid supplies = prt({11, 1, 1});
  const auto first =
      std::find_if(order.begin(), order.end(), [&](const VarBind& row) { return row.name.starts_with(supplies); });
  for (auto at = first; at + 2 < order.end() && (at + 2)->name.starts_with(supplies); at += 3)
    std::swap(*at, *(at + 1));
  const Learned known = first_read(order, {});
  for (const Depth depth : {Depth::moving, Depth::everything}) {
    FakeAgent agent(order, {});
    const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, depth);
    const Run counts = run(*plan, agent);
    MESSAGE("out of order, learned: ", counts.asks, " PDUs");
    CHECK(missing(wanted_rows(), plan->rows()).empty());
    CHECK(plan->complete());
  }
  for (const std::size_t stuck : {40U, 90U, 200U, 400U}) {
    FakeAgent agent(all_rows(), {.stuck_after = stuck});
    const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::everything);
    const Run counts = run(*plan, agent);
    CHECK(counts.asks < 120);
  }
}

TEST_CASE("a status read finds other alerts, and what is gone is not told") {
  for (const Version version : {Version::v2c, Version::v1}) {
    const Manners manners{.v1 = version == Version::v1};
    const Learned known = first_read(all_rows(), manners);
    VarBinds now = all_rows();
    tick(now);
    add_row(now, prt({18, 1, 1}), 2, 9, Oid{1, 9});
    erase_index(now, prt({18, 1, 1}), Oid{1, 2});
    erase_index(now, prt({8, 2, 1}), Oid{1, 2});
    FakeAgent agent(now, manners);
    const auto plan = status_read(version, known.tolerance, known.rows);
    const Run counts = run(*plan, agent);
    MESSAGE("status with changes, v", name_of(version), ": ", counts.asks, " PDUs");
    VarBinds wanted;
    for (const VarBind& row : now) {
      if (of_status_read(row.name)) wanted.push_back(row);
    }
    CHECK(plan->rows() == wanted);
    CHECK(plan->complete());
    CHECK(counts.asks <= 10);
  }
}
