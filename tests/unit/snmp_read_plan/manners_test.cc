#include <doctest/doctest.h>

#include <algorithm>

#include "fake_agent.h"
#include "snmp/printer/profiles.h"

using namespace platen::snmp;
using namespace platen::snmp::test;

TEST_CASE("bad manners cost PDUs, never rows; and they are remembered") {
  struct Row {
    const char* name;
    Manners manners;
    std::size_t most_asks, most_silences, most_learned;
  };
  const Row rows[] = {
      {"tooBig where GETBULK should be cut", {.most_octets = 1000, .bulk_is_too_big = true}, 25, 0, 20},
      {"silent above 1,000 octets", {.silent_above = 1000}, 25, 2, 20},
      {"silent above 484 octets", {.silent_above = 484}, 45, 3, 40},
      {"at most 10 varbinds", {.most_varbinds = 10}, 50, 0, 50},
      {"GETBULK is not answered", {.bulk_is_silent = true}, 30, 2, 20},
      {"genErr where GETBULK should be cut", {.most_octets = 700, .bulk_is_gen_err = true}, 30, 0, 30},
      {"GETBULK is an error", {.bulk_is_an_error = true}, 25, 0, 20},
      {"GETBULK is not answered, silent above 484 octets", {.silent_above = 484, .bulk_is_silent = true}, 45, 5, 40},
      {"after the last row comes the first", {.wraps = true}, 14, 0, 14},
      {"GETNEXT wants the index", {.wants_index = true}, 40, 0, 40},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    FakeAgent agent(all_rows(), row.manners);
    const auto plan = full_read(Version::v2c, {}, no_profiles());
    const Run first = run(*plan, agent);
    const auto lost = missing(wanted_rows(), plan->rows());
    for (const Oid& name : lost) MESSAGE("missing ", name.text());
    for (const std::string& flag : plan->flags()) MESSAGE("flag ", flag);
    CHECK(lost.empty());
    CHECK(plan->complete());
    CHECK(first.asks <= row.most_asks);
    CHECK(first.silences <= row.most_silences);

    FakeAgent again(all_rows(), row.manners);
    const auto second = full_read(Version::v2c, plan->tolerance(), no_profiles());
    const Run learned = run(*second, again);
    MESSAGE(std::string(row.name), ": ", first.asks, " PDUs, ", first.silences, " silent; learned ", learned.asks, ", ",
            learned.silences, " silent");
    CHECK(missing(wanted_rows(), second->rows()).empty());
    CHECK(learned.asks <= row.most_learned);
    CHECK(learned.silences <= 1);
  }
}

TEST_CASE("out of order but finite: every row, no flag") {
  VarBinds order = all_rows();
  const Oid supplies{1, 3, 6, 1, 2, 1, 43, 11, 1, 1};
  const auto first =
      std::find_if(order.begin(), order.end(), [&](const VarBind& row) { return row.name.starts_with(supplies); });
  for (auto at = first; at + 2 < order.end() && (at + 2)->name.starts_with(supplies); at += 3)
    std::swap(*at, *(at + 1));
  FakeAgent agent(order, {});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  const Run counts = run(*plan, agent);
  MESSAGE("out of order: ", counts.asks, " PDUs");
  CHECK(missing(wanted_rows(), plan->rows()).empty());
  CHECK(plan->flags().empty());
  CHECK(plan->complete());
}

TEST_CASE("a walk that repeats itself ends, keeps what it has and says so") {
  const VarBinds rows = all_rows();
  const Oid inputs{1, 3, 6, 1, 2, 1, 43, 8, 2, 1};
  const auto in_inputs =
      std::find_if(rows.begin(), rows.end(), [&](const VarBind& row) { return row.name.starts_with(inputs); });
  const auto stuck = static_cast<std::size_t>(in_inputs - rows.begin()) + 30;
  FakeAgent agent(rows, {.stuck_after = stuck});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  const Run counts = run(*plan, agent);
  CHECK(counts.asks < 60);
  CHECK_FALSE(plan->complete());
  CHECK(has_flag(*plan, "walk-repeated prtInputTable"));
  CHECK(plan->rows().size() > 60);
}

TEST_CASE("endless rows are capped") {
  VarBinds rows = wanted_rows();
  const Oid alerts{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8};
  std::erase_if(rows, [](const VarBind& row) { return row.name.starts_with(Oid{1, 3, 6, 1, 4, 1}); });
  for (std::uint32_t i = 10; i < 30'000; ++i) rows.push_back({alerts + 1U + i, Value::octets("Paper jam")});
  std::sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  FakeAgent agent(rows, {});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  const Run counts = run(*plan, agent);
  CHECK(counts.asks < 80);
  CHECK_FALSE(plan->complete());
  CHECK(has_flag(*plan, "walk-capped prtAlertTable"));

  FakeAgent huge(rows, {});
  const auto all = walk(Version::v2c, {}, {Oid{1, 3, 6, 1}});
  run(*all, huge);
  CHECK(all->rows().size() == 10'000);
  CHECK_FALSE(all->complete());
}

TEST_CASE("a panel without an end costs few PDUs, again and again") {
  const Oid lines{1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2};
  VarBinds rows = wanted_rows();
  std::erase_if(rows, [&](const VarBind& row) { return row.name.starts_with(lines); });
  for (std::uint32_t i = 1; i < 30'000; ++i) rows.push_back({lines + 1U + i, Value::octets("Ready")});
  std::sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  FakeAgent agent(rows, {});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  CHECK(run(*plan, agent).asks < 14);
  CHECK_FALSE(plan->complete());
  CHECK(has_flag(*plan, "walk-capped prtConsoleDisplayBufferTable"));
  const Tolerance tolerance = plan->tolerance();
  const VarBinds known = plan->take_rows();
  CHECK(std::ranges::count_if(known, [&](const VarBind& row) { return row.name.starts_with(lines); }) == 64);

  CHECK(tolerance.names > 64);  // what was learned of sizes holds

  const auto learned = learned_read(Version::v2c, tolerance, no_profiles(), known, Depth::everything);
  CHECK(run(*learned, agent).asks <= 8);
  CHECK_FALSE(learned->complete());
  CHECK(has_flag(*learned, "walk-capped prtConsoleDisplayBufferTable"));
  CHECK(learned->rows() == known);
  const auto status = status_read(Version::v2c, tolerance, known);
  CHECK(run(*status, agent).asks < 6);
}

TEST_CASE("one row that cannot be read costs its column, not the table") {
  const Oid sick{1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13, 1, 2};
  FakeAgent agent(all_rows(), {.error_at = sick});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  const Run counts = run(*plan, agent);
  MESSAGE("genErr at one row: ", counts.asks, " PDUs");
  CHECK(counts.asks < 60);
  const auto lost = missing(wanted_rows(), plan->rows());
  for (const Oid& name : lost) CHECK(name.starts_with(Oid{1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13}));
  CHECK(lost.size() == 3);  // the row and those behind it
  CHECK(has_flag(*plan, "error-5 prtInputTable"));
  CHECK_FALSE(plan->complete());
  CHECK(plan->tolerance().bulk);
}

TEST_CASE("an agent that answers GET alone still tells what can be guessed") {
  FakeAgent agent(all_rows(), {.deaf_to_next = true});
  const auto plan = full_read(Version::v2c, {}, no_profiles());
  const Run counts = run(*plan, agent);
  CHECK(counts.silences <= 5);
  CHECK(plan->rows().size() >= 8);
  CHECK_FALSE(plan->complete());
}

TEST_CASE("a device that goes away is given up soon, with what it said") {
  for (const std::size_t alive : {0U, 1U, 3U, 6U}) {
    CAPTURE(alive);
    FakeAgent agent(all_rows(), {.dies_after = alive});
    const auto plan = full_read(Version::v2c, {}, no_profiles());
    if (alive == 0) agent = FakeAgent({}, {.most_octets = 0, .silent_above = 1});
    const Run counts = run(*plan, agent);
    CHECK(counts.silences <= 8);
    CHECK_FALSE(plan->complete());
    CHECK(has_flag(*plan, "silent"));
    CHECK(plan->rows().empty() == (alive == 0));
  }
}

TEST_CASE("refusals in mid-read end it") {
  for (const auto is : {Answer::Is::unreachable, Answer::Is::report, Answer::Is::send_failed}) {
    const auto plan = full_read(Version::v3, {}, no_profiles());
    REQUIRE(plan->next());
    Answer answer;
    answer.is = is;
    plan->take(answer);
    CHECK_FALSE(plan->next());
    CHECK_FALSE(plan->complete());
    CHECK(plan->flags().size() == 1);
  }
}

TEST_CASE("genErr for what is too big halves GETBULK and does not end it") {
  FakeAgent agent(all_rows(), {.most_octets = 700, .bulk_is_gen_err = true});
  const auto plan = full_read(Version::v3, {}, no_profiles());
  run(*plan, agent);
  CHECK(plan->complete());
  CHECK(plan->tolerance().bulk);
  CHECK(plan->tolerance().octets < 1400);

  FakeAgent never(all_rows(), {.bulk_is_an_error = true});
  const auto without = full_read(Version::v3, {}, no_profiles());
  run(*without, never);
  CHECK_FALSE(without->tolerance().bulk);
  CHECK(without->tolerance().octets == 1400);  // it was not the size
}

TEST_CASE("v1: the end of the view and missing tables") {
  VarBinds rows = wanted_rows();
  std::erase_if(rows, [](const VarBind& row) {
    return row.name.starts_with(Oid{1, 3, 6, 1, 4, 1}) || row.name.starts_with(Oid{1, 3, 6, 1, 2, 1, 43, 18}) ||
           row.name.starts_with(Oid{1, 3, 6, 1, 2, 1, 4});
  });
  FakeAgent agent(rows, {.v1 = true});
  const auto plan = full_read(Version::v1, {}, no_profiles());
  const Run counts = run(*plan, agent);
  MESSAGE("v1, no alerts, nothing behind: ", counts.asks, " PDUs");
  CHECK(counts.asks <= 30);
  CHECK(plan->rows() == rows);
  CHECK(plan->complete());
}
