#include "agent/ledger/shelf.h"

#include <doctest/doctest.h>

#include "tests/contract/ledger_contract.h"
#include "tests/contract/memory_ledger.h"

using namespace platen;
using ledger::Draft;
using ledger::MemoryLedger;
using ledger::Worth;

namespace {

Draft draft(const std::string& octets, Worth worth = Worth::meters, const std::string& device = "printer") {
  return {.kind = "reading", .octets = octets, .device = device, .worth = worth};
}

std::vector<std::string> octets_of(MemoryLedger& ledger) {
  std::vector<std::string> found;
  const auto entries = ledger.after(0, 1U << 30U).value();
  for (const ledger::Entry& entry : entries) {
    if (entry.kind != wire::gap_kind) found.push_back(entry.octets);
  }
  return found;
}

std::vector<wire::Gap> gaps_of(MemoryLedger& ledger) {
  std::vector<wire::Gap> found;
  const auto entries = ledger.after(0, 1U << 30U).value();
  for (const ledger::Entry& entry : entries) {
    if (entry.kind == wire::gap_kind) found.push_back(wire::decode_gap(entry.octets).value());
  }
  return found;
}

struct Fixture {
  MemoryLedger ledger;
  ManualClock clock;
  const tl::unexpected<Error> full = fail(Code::unavailable, "No space left on device");
};

}  // namespace

TEST_CASE("the ledger of these tests keeps the ledger's promise") {
  ledger::contract::ledger_keeps_its_promise([] { return std::make_unique<MemoryLedger>(); });
}

TEST_CASE_FIXTURE(Fixture, "on a good day nothing is held") {
  ledger::Shelf shelf(ledger, clock);
  REQUIRE(shelf.keep(draft("a")));
  CHECK(octets_of(ledger) == std::vector<std::string>{"a"});
  CHECK(shelf.state().held == 0);
  CHECK(shelf.state().why.empty());
}

TEST_CASE_FIXTURE(Fixture, "while the disk takes nothing records are held, and go in by their order when it is over") {
  ledger::Shelf shelf(ledger, clock);
  REQUIRE(shelf.keep(draft("a")));
  ledger.disk = full;
  for (int i = 0; i < 600; ++i) REQUIRE(shelf.keep(draft(std::to_string(i))));
  shelf.tend();
  CHECK(shelf.state().held == 600);
  CHECK(shelf.state().why == "No space left on device");
  ledger.disk = {};
  shelf.tend();
  CHECK(shelf.state().held == 0);
  CHECK(shelf.state().why.empty());
  REQUIRE(shelf.keep(draft("z")));
  const auto found = octets_of(ledger);
  REQUIRE(found.size() == 602);
  CHECK(found.front() == "a");
  for (std::size_t i = 0; i < 600; ++i) CHECK(found[i + 1] == std::to_string(i));
  CHECK(found.back() == "z");
  CHECK(gaps_of(ledger).empty());
}

TEST_CASE_FIXTURE(Fixture, "the next reading is enough to try again") {
  ledger::Shelf shelf(ledger, clock);
  ledger.disk = full;
  REQUIRE(shelf.keep(draft("a")));
  ledger.disk = {};
  REQUIRE(shelf.keep(draft("b")));
  CHECK(octets_of(ledger) == std::vector<std::string>{"a", "b"});
  CHECK(shelf.state().held == 0);
}

TEST_CASE_FIXTURE(Fixture, "memory is bounded: the oldest of what is worth least goes, and is counted by device") {
  const std::string large(1000, 'x');
  ledger::Shelf shelf(ledger, clock, 20'000);
  ledger.disk = full;
  const WallTime began = clock.wall();
  for (int i = 0; i < 10; ++i) {
    REQUIRE(shelf.keep(draft("status " + std::to_string(i) + large, Worth::status, "p" + std::to_string(i % 2))));
    REQUIRE(shelf.keep(draft("meters " + std::to_string(i) + large, Worth::meters)));
    REQUIRE(shelf.keep(draft("alert " + std::to_string(i), Worth::always)));
    clock.advance(std::chrono::minutes(15));
  }
  CHECK(shelf.state().lost > 0);
  CHECK(shelf.state().held + shelf.state().lost == 30);
  ledger.disk = {};
  shelf.tend();
  CHECK(shelf.state().held == 0);
  const auto found = octets_of(ledger);
  CHECK(found.size() + shelf.state().lost == 30);
  CHECK(std::count_if(found.begin(), found.end(), [](const auto& text) { return text.starts_with("alert"); }) == 10);
  CHECK(std::count_if(found.begin(), found.end(), [](const auto& text) { return text.starts_with("meters"); }) == 10);
  const auto gaps = gaps_of(ledger);
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].device == "p0");
  CHECK(gaps[1].device == "p1");
  CHECK(*gaps[0].records + *gaps[1].records == shelf.state().lost);
  CHECK(gaps[0].reason == wire::Gap::Reason::not_durable);
  CHECK(gaps[0].from == began);
  CHECK(*gaps[0].through > began);
}

TEST_CASE_FIXTURE(Fixture, "a record that no ledger takes is said at once, and none of the others waits for it") {
  ledger::Shelf shelf(ledger, clock, std::size_t{16} << 20U);
  const std::string too_large((1U << 20U) + 1, 'x');
  CHECK(shelf.keep(draft(too_large)).error().code == Code::invalid);
  ledger.disk = full;
  REQUIRE(shelf.keep(draft("a")));
  REQUIRE(shelf.keep(draft(too_large)));  // nobody could say so then
  REQUIRE(shelf.keep(draft("b")));
  ledger.disk = {};
  shelf.tend();
  CHECK(octets_of(ledger) == std::vector<std::string>{"a", "b"});
  CHECK(gaps_of(ledger).size() == 1);
}
