// A device that starts again while it is read: seen, and read again in few PDUs, with nothing of before taken for granted.
#include <doctest/doctest.h>

#include <algorithm>

#include "fake_agent.h"

using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

const Oid kUpTime{1, 3, 6, 1, 2, 1, 1, 3, 0};
const Oid kSerialNumber{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1};
const Oid kCovers{1, 3, 6, 1, 2, 1, 43, 6, 1, 1};
const Oid kInputs{1, 3, 6, 1, 2, 1, 43, 8, 2, 1};
const Oid kSupplies{1, 3, 6, 1, 2, 1, 43, 11, 1, 1};
const Oid kEnterprises{1, 3, 6, 1, 4, 1};
const Oid kDeviceId{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3};

void erase_all(VarBinds& rows, const Oid& root) {
  std::erase_if(rows, [&](const VarBind& row) { return row.name.starts_with(root); });
}

VarBinds just_started(VarBinds rows) {
  set(rows, kUpTime, Value::integer(41, Type::time_ticks));
  return rows;
}

}  // namespace

TEST_CASE("a restart is seen whichever question it precedes, and no row of after it is kept") {
  struct Row {
    const char* name;
    Version version;
    Manners manners;
    std::uint32_t last_index = ~0U;  // of the device's tables: a whole read for each question takes its time
  };
  const Row rows[] = {
      {"v2c", Version::v2c, {}},
      {"v2c, small", Version::v2c, {.most_octets = 484}},
      {"v2c, no GETBULK", Version::v2c, {.bulk_is_an_error = true}},
      {"v2c, three varbinds", Version::v2c, {.most_varbinds = 3}},
      {"v2c, one varbind", Version::v2c, {.most_varbinds = 1}, 1},
      {"v1", Version::v1, {.v1 = true}},
      {"v1, small", Version::v1, {.most_octets = 484, .v1 = true}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    VarBinds device = all_rows();
    std::erase_if(device, [&](const VarBind& each) { return each.name[each.name.size() - 1] > row.last_index; });
    FakeAgent calm(device, row.manners);
    const auto whole = full_read(row.version, {}, no_profiles());
    const Run usual = run(*whole, calm);
    REQUIRE(whole->complete());
    CHECK(usual.asks >= 8);
    for (std::size_t after = 1; after < usual.asks - usual.silences; ++after) {
      CAPTURE(after);
      Manners manners = row.manners;
      manners.restarts_after = after;
      FakeAgent agent(device, manners);
      const auto plan = full_read(row.version, {}, no_profiles());
      run(*plan, agent);
      const auto ticks = std::find_if(plan->rows().begin(), plan->rows().end(), [](const VarBind& varbind) {
        return varbind.name == Oid{1, 3, 6, 1, 2, 1, 1, 3, 0};
      });
      const bool began_after = ticks != plan->rows().end() && ticks->value.number() == 41;
      CHECK(plan->complete() == began_after);
      CHECK(has_flag(*plan, kRestarted) != began_after);
    }
  }
}

TEST_CASE("without a sysUpTime nothing is watched, and nothing is lost") {
  VarBinds rows = wanted_rows();
  std::erase_if(rows, [](const VarBind& row) { return row.name == Oid{1, 3, 6, 1, 2, 1, 1, 3, 0}; });
  for (const Version version : {Version::v2c, Version::v1}) {
    FakeAgent agent(rows, {.v1 = version == Version::v1});
    const auto plan = full_read(version, {}, no_profiles());
    run(*plan, agent);
    CHECK(plan->complete());
    CHECK(plan->rows() == rows);
  }
}

TEST_CASE("a known printer that has started again is recalled whole: few PDUs, and whatever changed is found") {
  struct Row {
    const char* name;
    void (*change)(VarBinds&);
    std::size_t most_asks;  // of SNMPv2c, 1,472 octets
  };
  const Row rows[] = {
      {"nothing", [](VarBinds&) {}, 7},
      {"another serial number", [](VarBinds& r) { set(r, kSerialNumber, Value::octets("Another one")); }, 14},
      {"other paper", [](VarBinds& r) { set(r, kInputs + 12U + 1U + 1U, Value::octets("A5")); }, 7},
      {"another tray", [](VarBinds& r) { set(r, kInputs + 13U + 1U + 5U, Value::octets("Tray 5")); }, 9},
      {"the supplies are gone", [](VarBinds& r) { erase_all(r, kSupplies); }, 9},
      {"covers, where there were none",
       [](VarBinds& r) {
         for (const std::uint32_t column : {2U, 3U}) set(r, kCovers + column + 1U + 1U, Value::integer(4));
       },
       9},
      {"a device id, behind all that is known",
       [](VarBinds& r) { set(r, kDeviceId + 1U, Value::octets("MFG:Makeshift;")); }, 9},
  };
  VarBinds before = all_rows();
  erase_all(before, kCovers);
  erase_all(before, kEnterprises);
  for (const Manners& manners : {Manners{}, Manners{.v1 = true}, Manners{.most_octets = 484}, Manners{.wraps = true}}) {
    const Version version = manners.v1 ? Version::v1 : Version::v2c;
    FakeAgent first(before, manners);
    const Learned known = first_read(first, version);
    REQUIRE(known.complete);
    for (const Row& row : rows) {
      CAPTURE(std::string(row.name));
      VarBinds now = just_started(before);
      row.change(now);
      FakeAgent agent(now, manners);
      const auto plan = learned_read(version, known.tolerance, no_profiles(), known.rows, Depth::restarted);
      const Run counts = run(*plan, agent);
      const bool usual = !manners.v1 && !manners.wraps && manners.most_octets > 484;
      if (usual) CHECK(counts.asks <= row.most_asks);
      CHECK(plan->rows() == wanted_of(now));
      CHECK(plan->whole());
      CHECK(plan->flags().empty());
    }
  }
}

// The successor of a known row does not tell then what is between the two.
TEST_CASE("a known printer that walks out of order is walked when it has started again") {
  VarBinds order = all_rows();
  erase_all(order, kEnterprises);  // nothing is behind the alerts
  const auto supplies =
      std::find_if(order.begin(), order.end(), [](const VarBind& row) { return row.name.starts_with(kSupplies); });
  std::swap(*supplies, *(supplies + 1));
  FakeAgent first(order, {});
  const Learned known = first_read(first);
  REQUIRE(known.complete);

  const VarBind device_id{kDeviceId + 1U, Value::octets("MFG:Makeshift;MDL:Colour MFP 9000;")};
  order.insert(order.begin(), device_id);
  FakeAgent agent(order, {});
  const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::restarted);
  run(*plan, agent);
  CHECK(missing({device_id}, plan->rows()).empty());
  CHECK(missing(known.rows, plan->rows()).empty());
  CHECK(plan->whole());
}
