#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "fake_agent.h"
#include "snmp/printer/columns.h"
#include "snmp/printer/profiles.h"

using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

bool rising(const VarBinds& rows) {
  return std::adjacent_find(rows.begin(), rows.end(),
                            [](const VarBind& a, const VarBind& b) { return !(a.name < b.name); }) == rows.end();
}

}  // namespace

TEST_CASE("the table of what is read: in order, none inside another, nothing of a job log") {
  const auto subtrees = full_read_subtrees();
  for (std::size_t i = 1; i < subtrees.size(); ++i) {
    CAPTURE(subtrees[i].name);
    CHECK(subtrees[i - 1].root < subtrees[i].root);
    CHECK_FALSE(subtrees[i].root.starts_with(subtrees[i - 1].root));
  }
  for (const Oid& column : status_read_columns()) {
    CAPTURE(column.text());
    CHECK(std::any_of(subtrees.begin(), subtrees.end(),
                      [&](const Subtree& subtree) { return column.starts_with(subtree.root); }));
  }
  CHECK(std::is_sorted(status_read_columns().begin(), status_read_columns().end()));
}

TEST_CASE("a full read has every wanted row, no other subtree, and few PDUs") {
  struct Row {
    const char* name;
    Version version;
    std::size_t most_octets;
    std::size_t most_asks;
    std::size_t header = 44;
  };
  const Row rows[] = {
      {"v2c, 1,472 octets", Version::v2c, 1472, 8},    {"v2c, 484 octets", Version::v2c, 484, 25},
      {"v3, 1,472 octets", Version::v3, 1472, 8, 130}, {"v3, 484 octets", Version::v3, 484, 32, 130},
      {"v2c, 65,507 octets", Version::v2c, 65507, 9},  {"v1, 1,472 octets", Version::v1, 1472, 25},
      {"v1, 484 octets", Version::v1, 484, 60},
  };
  const VarBinds wanted = wanted_rows();
  for (const Row& row : rows) {
    CAPTURE(row.name);
    FakeAgent agent(all_rows(),
                    {.most_octets = row.most_octets, .header = row.header, .v1 = row.version == Version::v1});
    const auto plan = full_read(row.version, {}, no_profiles());
    const Run first = run(*plan, agent);
    MESSAGE(std::string(row.name), ": ", wanted.size(), " rows in ", first.asks, " PDUs");
    CHECK(first.asks <= row.most_asks);
    CHECK(missing(wanted, plan->rows()).empty());
    CHECK(rising(plan->rows()));
    CHECK(plan->rows().size() == wanted.size());
    CHECK(plan->complete());
    CHECK(plan->flags().empty());

    FakeAgent again(all_rows(),
                    {.most_octets = row.most_octets, .header = row.header, .v1 = row.version == Version::v1});
    const auto second = full_read(row.version, plan->tolerance(), no_profiles());
    const Run learned = run(*second, again);
    MESSAGE(std::string(row.name), ": with what was learned ", learned.asks, " PDUs");
    CHECK(learned.asks <= first.asks + 4);
    CHECK(missing(wanted, second->rows()).empty());
  }
}

TEST_CASE("a status read needs two PDUs and sees the alerts") {
  for (const Version version : {Version::v2c, Version::v1}) {
    FakeAgent agent(all_rows(), {.v1 = version == Version::v1});
    const auto full = full_read(version, {}, no_profiles());
    run(*full, agent);
    const auto status = status_read(version, full->tolerance(), full->rows());
    const Run counts = run(*status, agent);
    MESSAGE("status, v", name_of(version), ": ", status->rows().size(), " rows in ", counts.asks, " PDUs");
    CHECK(counts.asks <= (version == Version::v1 ? 6 : 2));
    CHECK(status->complete());
    VarBinds wanted;
    for (const VarBind& row : full->rows()) {
      if (of_status_read(row.name)) wanted.push_back(row);
    }
    CHECK(wanted.size() > 60);
    CHECK(missing(wanted, status->rows()).empty());
    CHECK(status->rows().size() == wanted.size());
  }
}

TEST_CASE("a walk has everything under its roots, and nothing else") {
  for (const Version version : {Version::v2c, Version::v1}) {
    FakeAgent agent(all_rows(), {.v1 = version == Version::v1});
    const auto plan =
        walk(version, {}, {Oid{1, 3, 6, 1, 2, 1, 43}, Oid{1, 3, 6, 1, 2, 1, 1}, Oid{1, 3, 6, 1, 2, 1, 43, 11}});
    run(*plan, agent);
    VarBinds wanted = all_rows();
    std::erase_if(wanted, [](const VarBind& row) {
      return !row.name.starts_with(Oid{1, 3, 6, 1, 2, 1, 43}) && !row.name.starts_with(Oid{1, 3, 6, 1, 2, 1, 1});
    });
    CHECK(plan->rows() == wanted);
    CHECK(plan->complete());
  }
}

TEST_CASE("an object named with its instance is read too") {
  FakeAgent agent(
      {{Oid{1, 3, 6, 1, 4, 1, 9, 5, 0}, Value::integer(7)}, {Oid{1, 3, 6, 1, 4, 1, 9, 6, 0}, Value::integer(8)}}, {});
  const auto plan = walk(Version::v2c, {}, {Oid{1, 3, 6, 1, 4, 1, 9, 5, 0}});
  run(*plan, agent);
  REQUIRE(plan->rows().size() == 1);
  CHECK(plan->rows()[0].value == Value::integer(7));
}

TEST_CASE("rows() may be looked at before the end") {
  FakeAgent agent(all_rows(), {});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  for (int i = 0; i < 3; ++i) plan->take(agent.answer(*plan->next()));
  CHECK(plan->rows().size() > 20);
  CHECK(rising(plan->rows()));
  CHECK_FALSE(plan->complete());
  run(*plan, agent);
  CHECK(missing(wanted_rows(), plan->rows()).empty());
}

TEST_CASE("random tables behind random limits: every row of the wanted subtrees, each once") {
  std::mt19937 random(20261121);
  const auto roll = [&](std::size_t below) { return static_cast<std::uint32_t>(random() % below); };
  for (int round = 0; round < 300; ++round) {
    VarBinds wanted, all;
    for (const Subtree& subtree : full_read_subtrees()) {
      if (roll(4) == 0) continue;  // this device does not have it
      const std::uint32_t rows = subtree.shape == Subtree::Shape::scalar ? 1 : roll(6);
      for (std::uint32_t row = 0; row < rows; ++row) {
        Oid name = subtree.root;
        if (subtree.shape == Subtree::Shape::table)
          name = name + (subtree.first + roll(subtree.last - subtree.first + 1)) + 1U;
        name = name + (subtree.shape == Subtree::Shape::scalar ? 0U : row * 3 + 1);
        wanted.push_back({name, Value::octets(std::string(roll(40), 'x'))});
      }
      if (roll(2) == 0) all.push_back({subtree.root + 4'000U + roll(9), Value::integer(1)});
    }
    std::sort(wanted.begin(), wanted.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
    for (const Subtree& subtree :
         full_read_subtrees()) {  // what stands in the wanted subtrees is wanted, or in no known column
      std::erase_if(all, [&](const VarBind& row) { return row.name.starts_with(subtree.root); });
    }
    all.insert(all.end(), wanted.begin(), wanted.end());
    for (std::uint32_t noise = 0; noise < 40; ++noise)
      all.push_back({Oid{1, 3, 6, 1, 2, 1, 43, 13 + roll(3), 4, 1, noise, roll(9)}, {}});
    std::sort(all.begin(), all.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
    all.erase(std::unique(all.begin(), all.end(), [](const VarBind& a, const VarBind& b) { return a.name == b.name; }),
              all.end());
    const bool v1 = roll(3) == 0;
    Manners manners{.most_octets = 300 + roll(1200), .v1 = v1, .wraps = !v1 && roll(4) == 0};
    manners.bulk_is_silent = roll(5) == 0;
    manners.bulk_is_too_big = roll(5) == 0;
    if (roll(5) == 0) manners.silent_above = 250 + roll(900);
    if (roll(5) == 0) manners.most_varbinds = 1 + roll(12);
    FakeAgent agent(all, manners);
    const auto plan = full_read(v1 ? Version::v1 : Version::v2c, {}, no_profiles());
    const Run counts = run(*plan, agent);
    CAPTURE(round);
    CAPTURE(counts.asks);
    for (const std::string& flag : plan->flags()) MESSAGE(round, " ", flag);
    CHECK(counts.asks < 300);
    CHECK(rising(plan->rows()));
    for (const Oid& name : missing(wanted, plan->rows())) MESSAGE(round, " missing ", name.text());
    CHECK(missing(wanted, plan->rows()).empty());
    CHECK(plan->complete());
  }
}

TEST_CASE("a maker's columns of any length are read whole, the short ones beside the tables") {
  const Oid maker{1, 3, 6, 1, 4, 1, 99999};
  Profiles profiles;
  REQUIRE(
      profiles.add("acme.toml", "name = \"acme\"\nenterprises = [99999]\nroots = [\"99999.70.1\", \"99999.70.2\"]\n"));
  VarBinds device = all_rows();
  std::erase_if(device, [&](const VarBind& row) { return row.name.starts_with(maker); });
  const auto plain = [&] {
    FakeAgent agent(device, {});
    const auto plan = full_read(Version::v2c, {}, no_profiles());
    return run(*plan, agent).asks;
  }();
  for (const std::size_t most_octets : {484U, 1'472U}) {
    for (const std::uint32_t length : {1U, 4U, 9U, 14U, 60U}) {
      CAPTURE(most_octets);
      CAPTURE(length);
      VarBinds rows = device;
      std::find_if(rows.begin(), rows.end(), [](const VarBind& row) {
        return row.name == Oid{1, 3, 6, 1, 2, 1, 1, 2, 0};
      })->value = Value::oid(maker + 1U);
      for (std::uint32_t i = 1; i <= length; ++i) {
        rows.push_back({maker + 70U + 1U + i, Value::integer(i)});
        if (i <= 3) rows.push_back({maker + 70U + 2U + i, Value::octets("Label")});
      }
      std::sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
      FakeAgent agent(rows, {.most_octets = most_octets});
      const auto plan = full_read(Version::v2c, {}, profiles);
      const Run counts = run(*plan, agent);
      CHECK(plan->complete());
      CHECK(std::ranges::count_if(plan->rows(), [&](const VarBind& row) { return row.name.starts_with(maker); }) ==
            static_cast<std::ptrdiff_t>(length + std::min(length, 3U)));
      CHECK(missing(wanted_rows(), plan->rows()).empty());
      if (most_octets == 1'472 && length < 5) CHECK(counts.asks <= plain + 1);
    }
  }
}
