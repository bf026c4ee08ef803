// Ten thousand of everything.
#include <doctest/doctest.h>

#include <random>

#include "tests/unit/agent_tasks/bench.h"

using namespace platen;
using namespace std::chrono_literals;
using test::From;
using test::Said;
using test::sealed;
using test::sign;

namespace {

// What a hostile broker could make of the tasks that passed through it, and of its own.
std::string forged(std::mt19937& random, const std::vector<std::string>& seen, const v1::Task& base) {
  const auto pick = [&](std::size_t n) { return random() % n; };
  v1::Task task = base;
  std::string octets = seen[pick(seen.size())];
  v1::SignedTask outer;
  switch (pick(9)) {
    case 0: octets[pick(octets.size())] ^= static_cast<char>(1 + pick(255)); return octets;
    case 1: return octets.substr(0, pick(octets.size()));
    case 2: return octets + std::string(1 + pick(9), static_cast<char>(pick(256)));
    case 3: return sign(task, test::other_key());
    case 4: task.set_agent_id("agent-2"); return sign(task);
    case 5: task.set_tenant("Elsewhere"); return sign(task);
    case 6:
      outer.ParseFromString(octets);
      outer.set_task(task.SerializeAsString());  // another task under a good signature
      return outer.SerializeAsString();
    case 7: task.set_issued_ms(base.issued_ms() + 3'600'000); return sign(task);
    default: return octets;  // replayed as it was
  }
}

}  // namespace

TEST_CASE_FIXTURE(test::Bench, "10,000 forged, bent, re-addressed, replayed and reordered tasks: none is executed") {
  open();
  std::vector<std::string> seen;
  for (unsigned i = 0; i < 20; ++i) {
    v1::Task each = task(i);
    each.mutable_explain()->set_address("192.0.2." + std::to_string(i));
    seen.push_back(sign(each));
    desk->offer(seen.back());
  }
  tick(40);
  REQUIRE(hands.begun.size() == 20);
  const std::size_t records = journal.records.size();
  std::mt19937 random(7);
  unsigned refused = 0;
  for (unsigned i = 0; i < 10'000; ++i) {
    const auto offered = desk->offer(forged(random, seen, task(1'000 + i)), i % 2 == 0 ? From::broker : From::cloud);
    REQUIRE(offered.said != Said::taken);
    refused += offered.said == Said::refused ? 1 : 0;
    if (i % 100 == 0) tick(1);
    if (i == 5'000) open();  // a restart in between
  }
  tick(40);
  CHECK(hands.begun.size() == 20);
  CHECK(refused > 7'000);
  // Only what is proved to be the cloud's own ("issued in the future") gets an answer of its own; the rest is bounded.
  const std::size_t proven = desk->state().refused["future"];
  CHECK(proven > 0);
  CHECK(journal.records.size() - records <= 2 * 64 + 2 * proven + 64);
}

TEST_CASE_FIXTURE(test::Bench,
                  "10,000 that wait after an outage: 256 are held, one is done at a time, the expired never") {
  open();
  std::size_t taken = 0, later = 0, ended = 0;
  std::vector<std::string> queue;
  for (unsigned i = 0; i < 10'000; ++i) {
    v1::Task each = task(i);
    each.mutable_explain()->set_address("192.0.2." + std::to_string(i % 250));
    if (i % 10 == 0) each.set_not_after_ms(test::ms(clock.wall()) - 1);
    if (i % 10 == 0) each.set_issued_ms(test::ms(clock.wall()) - 60'000);
    const auto said = desk->offer(sign(each), From::cloud).said;
    taken += said == Said::taken ? 1 : 0;
    later += said == Said::later ? 1 : 0;
    ended += said == Said::refused ? 1 : 0;
  }
  CHECK(taken == 256);
  CHECK(ended == 1'000);
  CHECK(later == 10'000 - 256 - 1'000);
  const std::size_t before = hands.begun.size();
  tick(1);
  CHECK(hands.begun.size() - before <= 1);  // between two ticks the agent reads its printers
  clock.advance(2h);
  tick(4);
  CHECK(hands.begun.size() - before <= 1);
  CHECK(desk->state().waiting == 0);
}
