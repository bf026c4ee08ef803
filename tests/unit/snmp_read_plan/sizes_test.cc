// What is remembered of sizes from read to read: what came from lost datagrams heals, and a limit is not run into again and again.
#include <doctest/doctest.h>

#include "fake_agent.h"

using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

struct Reads {
  std::size_t silences = 0, last_asks = 0;
};

Reads read_again(Learned& known, FakeAgent& agent, int reads) {
  Reads all;
  for (int i = 0; i < reads; ++i) {
    const auto plan = learned_read(Version::v2c, known.tolerance, no_profiles(), known.rows, Depth::everything);
    const Run counts = run(*plan, agent);
    REQUIRE(plan->complete());
    CHECK(plan->rows() == known.rows);
    all.silences += counts.silences;
    all.last_asks = counts.asks;
    known.tolerance = plan->tolerance();
  }
  return all;
}

}  // namespace

TEST_CASE("a printer that missed some datagrams once is read in large answers again") {
  for (const std::size_t lost_above : {300U, 700U, 1'200U}) {
    CAPTURE(lost_above);
    FakeAgent bad_day(all_rows(), {.silent_above = lost_above});
    Learned known = first_read(bad_day);
    REQUIRE(known.complete);
    REQUIRE(known.tolerance.octets < 1'400);
    FakeAgent well(all_rows(), {});
    const Reads later = read_again(known, well, 12);
    CHECK(later.silences == 0);
    CHECK(known.tolerance.octets == 1'400);
    CHECK_FALSE(known.tolerance.guessed);
    CHECK(later.last_asks <= 7);
  }
}

TEST_CASE("a question that is lost is asked again as it was, where an answer of that size came before") {
  FakeAgent well(all_rows(), {});
  Learned known = first_read(well);
  REQUIRE(known.complete);
  const std::size_t usual = read_again(known, well, 1).last_asks;
  for (std::size_t lost = 1; lost <= usual; ++lost) {
    CAPTURE(lost);
    FakeAgent agent(all_rows(), {.loses = lost});
    Learned after = known;
    const Reads reads = read_again(after, agent, 1);
    CHECK(reads.silences == 1);
    CHECK(reads.last_asks == usual + 1);
    CHECK(after.tolerance.octets == 1'400);
  }
}

TEST_CASE("a printer that drops what is too large for it is asked for more ever more seldom") {
  FakeAgent small(all_rows(), {.silent_above = 484});
  Learned known = first_read(small);
  REQUIRE(known.complete);
  const std::size_t held = known.tolerance.octets;
  CHECK(read_again(known, small, 4).silences == 0);
  CHECK(read_again(known, small, 120).silences <= 5);
  CHECK(read_again(known, small, 120).silences <= 1);
  CHECK(known.tolerance.octets == held);
  CHECK(known.tolerance.guessed);
}

TEST_CASE("a limit that the printer told, by an error or by cutting, is not tried again") {
  for (const Manners& manners : {Manners{.most_octets = 484}, Manners{.most_octets = 900, .bulk_is_too_big = true}}) {
    FakeAgent agent(all_rows(), manners);
    Learned known = first_read(agent);
    REQUIRE(known.complete);
    CHECK_FALSE(known.tolerance.guessed);
    const std::size_t before = read_again(known, agent, 1).last_asks;
    CHECK(read_again(known, agent, 20).last_asks <= before);
  }
}

TEST_CASE("an SNMPv3 agent that drops what is too large, though it was told what we take, is not asked for it again") {
  FakeAgent agent(all_rows(), {.header = 130, .silent_above = 700});
  const auto first = full_read(Version::v3, {}, no_profiles());
  run(*first, agent);
  REQUIRE(first->complete());
  REQUIRE(first->tolerance().octets < 700);
  const auto again = full_read(Version::v3, first->tolerance(), no_profiles());
  CHECK(run(*again, agent).silences == 0);
  const VarBinds known = again->rows();
  const auto learned = learned_read(Version::v3, first->tolerance(), no_profiles(), known, Depth::everything);
  CHECK(run(*learned, agent).silences == 0);
  CHECK(learned->rows() == known);
}

TEST_CASE("by SNMPv3 more than fits is asked for only where the agent was seen to cut: others answer genErr") {
  struct Row {
    const char* name;
    Manners manners;
    bool cuts;
  };
  for (const Row& row :
       {Row{"cuts", {.header = 130}, true}, Row{"genErr", {.header = 130, .bulk_is_gen_err = true}, false}}) {
    CAPTURE(std::string(row.name));
    FakeAgent agent(all_rows(), row.manners);
    const auto first = full_read(Version::v3, {}, no_profiles());
    run(*first, agent);
    REQUIRE(first->complete());
    CHECK(first->tolerance().cuts == row.cuts);
    Tolerance tolerance = first->tolerance();
    tolerance.octets = 1'400;  // whatever the guesses of the first read have met
    const VarBinds known = first->rows();
    const auto learned = learned_read(Version::v3, tolerance, no_profiles(), known, Depth::everything);
    CHECK(run(*learned, agent).asks <= 7);
    CHECK(learned->rows() == known);
  }
}
