// A known printer that lies is read again: the lie costs few PDUs, and stays marked.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "fake_agent.h"
#include "snmp/printer/columns.h"

using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

const Oid kUpTime{1, 3, 6, 1, 2, 1, 1, 3, 0};
const Oid kSupplies{1, 3, 6, 1, 2, 1, 43, 11, 1, 1};
const Oid kVendor{1, 3, 6, 1, 4, 1, 99999};

Value& value_of(VarBinds& rows, const Oid& name) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const VarBind& row) { return row.name == name; });
  REQUIRE(at != rows.end());
  return at->value;
}

// Runs a plan to its end; which names it asked for.
std::multiset<Oid> names_asked(ReadPlan& plan, FakeAgent& agent) {
  std::multiset<Oid> names;
  while (const auto ask = plan.next()) {
    names.insert(ask->names.begin(), ask->names.end());
    plan.take(agent.answer(*ask));
  }
  return names;
}

}  // namespace

TEST_CASE("a row that follows itself hides nothing that is known, and may hide more: marked, not walked again") {
  const Oid last = kSupplies + 6U + 1U + 14U;
  FakeAgent agent(all_rows(), {.itself_at = last});
  const Learned known = first_read(agent);
  REQUIRE(missing(wanted_rows(), known.rows).empty());
  for (const Depth depth : {Depth::everything, Depth::moving}) {
    const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, depth);
    const Run counts = run(*plan, agent);
    CHECK(plan->rows() == known.rows);
    CHECK(counts.asks <= (depth == Depth::everything ? 8 : 2));
    if (depth == Depth::moving) continue;  // descriptions are not asked for
    CHECK_FALSE(plan->complete());
    CHECK(has_flag(*plan, "walk-repeated prtMarkerSuppliesTable"));
  }
}

TEST_CASE("an agent that repeats whatever it is asked ends a learned read") {
  FakeAgent honest(all_rows(), {});
  const Learned known = first_read(honest);
  const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::everything);
  std::size_t asks = 0;
  while (const auto ask = plan->next()) {
    REQUIRE(++asks < 120);
    Answer answer;
    answer.is = Answer::Is::response;
    answer.octets = 1'000;
    for (const Oid& name : ask->names) answer.varbinds.push_back({name, Value::integer(1)});
    plan->take(answer);
  }
  CHECK_FALSE(plan->complete());
}

TEST_CASE("a sysUpTime that never was a number is no sign of another machine") {
  VarBinds rows = all_rows();
  value_of(rows, kUpTime) = Value::octets("123456");
  FakeAgent agent(rows, {});
  const Learned known = first_read(agent);
  REQUIRE(known.rows.size() >= wanted_rows().size());
  value_of(rows, kUpTime) = Value::octets("123999");
  FakeAgent later(rows, {});
  const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::everything);
  CHECK(run(*plan, later).asks <= 7);
  CHECK(plan->rows().size() == known.rows.size());
  CHECK(plan->complete());
}

TEST_CASE("empty subtrees between two known rows are asked for once, not each") {
  std::string text = "name = \"acme\"\nenterprises = [99999]\nroots = [";
  for (int root = 1; root <= 60; ++root) text += "\"99999." + std::to_string(root) + "\", ";
  Profiles profiles = Profiles::built_in();
  REQUIRE(profiles.add("acme.toml", text + "]\n"));
  VarBinds rows = all_rows();
  value_of(rows, Oid{1, 3, 6, 1, 2, 1, 1, 2, 0}) = Value::oid(kVendor + 3U);
  std::erase_if(rows, [](const VarBind& row) { return row.name.starts_with(kVendor); });
  const Oid end{1, 3, 6, 1, 4, 1, 100'000, 1, 0};
  rows.push_back({end, Value::octets(std::string(400, 'x'))});  // what follows all of them, and nobody wants
  std::sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  FakeAgent agent(rows, {});
  const Learned known = first_read(agent, Version::v2c, profiles);

  const std::size_t before = agent.asked;
  const auto plan = learned_read(Version::v2c, known.tolerance, profiles, known.rows, Depth::everything);
  const auto names = names_asked(*plan, agent);
  CHECK(plan->complete());
  CHECK(plan->rows() == known.rows);
  std::set<Oid> twice;
  for (const Oid& name : names) {
    if (name.starts_with(kVendor) && names.count(name) > 1) twice.insert(name);
  }
  CHECK(twice.empty());
  CHECK(agent.asked - before <= 8);

  SUBCASE("and found when they are empty no more") {
    for (const std::uint32_t root : {1U, 31U, 60U}) {
      CAPTURE(root);
      VarBinds more = rows;
      more.push_back({kVendor + root + 7U, Value::integer(1)});
      std::sort(more.begin(), more.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
      FakeAgent grown(more, {});
      const auto again = learned_read(Version::v2c, known.tolerance, profiles, known.rows, Depth::everything);
      run(*again, grown);
      CHECK(again->complete());
      CHECK(again->rows().size() == known.rows.size() + 1);
    }
  }
}

TEST_CASE("the first row of a column next door is asked for once") {
  const Oid names{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 2}, ids{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3};
  VarBinds rows = all_rows();
  std::erase_if(rows, [&](const VarBind& row) { return row.name.starts_with(names) || row.name.starts_with(ids); });
  rows.push_back({names + 1U, Value::octets("Office")});
  rows.push_back({ids + 1U, Value::octets("MFG:Acme;MDL:One;")});
  std::sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  FakeAgent agent(rows, {});
  const Learned known = first_read(agent);
  const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::everything);
  const auto asked = names_asked(*plan, agent);
  CHECK(asked.count(names + 1U) == 1);
  CHECK(asked.count(ids) == 0);
  CHECK(plan->rows() == known.rows);
  CHECK(plan->complete());

  std::erase_if(rows, [&](const VarBind& row) { return row.name.starts_with(names); });
  FakeAgent nameless(rows, {});
  const auto again = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::everything);
  run(*again, nameless);
  CHECK(again->complete());
  CHECK(again->rows().size() == known.rows.size() - 1);
}
