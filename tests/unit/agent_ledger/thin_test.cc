// A full ledger: status goes before supplies, supplies before meters, the newest meters of a device never; all is counted.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "agent/ledger/ledger.h"
#include "tests/contract/ledger_contract.h"
#include "tests/unit/agent_ledger/folder.h"

using namespace platen;
using ledger::Draft;
using ledger::Ledger;
using ledger::Worth;

namespace {

constexpr int devices = 5;

// A reading of 2,000 octets of which some change each time; its number and worth stand at its end.
class Printers {
 public:
  Draft read(int device, Worth worth, int number) {
    std::string& octets = said_[{device, worth}];
    if (octets.empty()) {
      octets.resize(2000);
      for (char& octet : octets) octet = static_cast<char>(random_());
    }
    for (int i = 0; i < 8; ++i) octets[random_() % octets.size()] = static_cast<char>(random_());
    return {.kind = "reading",
            .octets = octets + " " + std::to_string(number),
            .device = "192.0.2." + std::to_string(device),
            .worth = worth};
  }

 private:
  std::map<std::pair<int, Worth>, std::string> said_;
  std::mt19937 random_{7};  // NOLINT(cert-msc51-cpp): the same octets on every run
};

struct Kept {
  std::map<Worth, int> readings;
  std::map<std::string, std::uint64_t> missing;  // by device, as the gap records say
  std::uint64_t withheld = 0;
};

int number_of(const std::string& octets) { return std::stoi(octets.substr(octets.rfind(' ') + 1)); }

}  // namespace

TEST_CASE("thinning in order of worth, with gap records, within the bounds") {
  const tests::Folder folder;
  const std::string file = folder / "ledger.db";
  std::map<int, Worth> worth_of;
  std::map<Worth, int> appended;
  Kept kept;
  ManualClock clock;
  const auto run = [&](std::uint64_t most_octets, int days) {
    const auto ledger = Ledger::open(ledger::Options{.file = file, .most_octets = most_octets}, clock).value();
    Printers printers;
    const auto take = [&](int device, Worth worth) {
      const int number = static_cast<int>(worth_of.size());
      worth_of[number] = worth, ++appended[worth];
      REQUIRE(ledger->append(std::array{printers.read(device, worth, number)}));
    };
    for (int quarter = 0; quarter < days * 96; ++quarter) {
      for (int device = 0; device < devices; ++device) {
        take(device, Worth::status);
        if (quarter % 4 == 0) take(device, Worth::supplies);
        if (quarter % 96 == 0) take(device, Worth::meters);
      }
      clock.advance(std::chrono::minutes(15));
    }
    REQUIRE(ledger->append("alert", std::array<std::string, 1>{"the last word"}));
    CHECK(ledger->health().octets < most_octets + (96U << 10U));
    std::uint64_t last = 0;
    const auto entries = ledger->after(0, std::size_t{1} << 30U).value();
    for (const ledger::Entry& entry : entries) {
      REQUIRE(entry.first == last + 1);
      last = entry.seq;
      if (entry.kind == wire::withheld_kind) {
        CHECK(wire::decode_gap(entry.octets)->reason == wire::Gap::Reason::thinned);
        kept.withheld += entry.seq - entry.first + 1;
      } else if (entry.kind == wire::gap_kind) {
        const auto gap = wire::decode_gap(entry.octets).value();
        kept.missing[gap.device] += gap.records.value();
        CHECK(*gap.from <= *gap.through);
      } else if (entry.kind == "reading") {
        ++kept.readings[worth_of.at(number_of(entry.octets))];
      }
    }
    CHECK(last == ledger->position().last);
  };
  SUBCASE("enough room: nothing is missing, and a reading that hardly changes costs little") {
    run(std::uint64_t{8} << 20U, 3);
    CHECK(kept.readings == appended);
    CHECK(kept.missing.empty());
  }
  SUBCASE("status goes first") {
    run(std::uint64_t{256} << 10U, 3);
    CHECK(kept.readings[Worth::status] < appended[Worth::status]);
    CHECK(kept.readings[Worth::meters] == appended[Worth::meters]);
  }
  SUBCASE("then supplies, then meters, but never the newest of a device") {
    run(std::uint64_t{100} << 10U, 6);
    CHECK(kept.readings[Worth::supplies] < appended[Worth::supplies]);
    CHECK(kept.readings[Worth::meters] >= devices);
  }
  std::uint64_t missing = 0;
  for (const auto& [device, count] : kept.missing) missing += count;
  CHECK(missing == kept.withheld);
  int readings = 0;
  for (const auto& [worth, count] : kept.readings) readings += count;
  CHECK(static_cast<std::uint64_t>(readings) + missing == worth_of.size());
  const auto proof = ledger::verify(file).value();
  CHECK_MESSAGE(proof.faults.empty(), (proof.faults.empty() ? "" : proof.faults.front()));
  CHECK(proof.withheld == missing);
}

TEST_CASE("a fleet of any size is thinned") {
  const tests::Folder folder;
  constexpr std::uint64_t most_octets = std::uint64_t{3} << 20U;
  const auto ledger =
      Ledger::open(ledger::Options{.file = folder / "ledger.db", .most_octets = most_octets}, system_clock()).value();
  Printers printers;
  for (int round = 0; round < 60; ++round) {
    std::vector<Draft> drafts;
    for (int device = 0; device < 400; ++device) drafts.push_back(printers.read(device, Worth::status, round));
    REQUIRE(ledger->append(drafts));
  }
  CHECK(ledger->health().octets < most_octets + (std::uint64_t{1} << 20U));
  CHECK(ledger->health().trouble == "the ledger is full: what is worth least goes");
}

TEST_CASE("numbers that were thinned after the cloud had stored some of them are acknowledged all the same") {
  const tests::Folder folder;
  const std::string file = folder / "ledger.db";
  Printers printers;
  {
    const auto ledger = Ledger::open(ledger::Options{.file = file}, system_clock()).value();
    for (int i = 0; i < 40; ++i) REQUIRE(ledger->append(std::array{printers.read(1, Worth::status, i)}));
  }
  const auto ledger = Ledger::open(ledger::Options{.file = file, .most_octets = 1}, system_clock()).value();
  REQUIRE(ledger->append(std::array{printers.read(1, Worth::meters, 40)}));
  const auto position = ledger->position();
  const auto entries = ledger->after(0, 100'000).value();
  REQUIRE(entries.front().kind == wire::withheld_kind);
  REQUIRE(entries.front().seq == 40);
  REQUIRE(ledger->acknowledge(position.epoch, 17));
  CHECK(ledger->position().first == 18);
  CHECK(ledger->hash_at(17).value().empty());
  CHECK(ledger->after(17, 100'000).value().front().first == 18);
  REQUIRE(ledger->acknowledge(position.epoch, 40));
  CHECK(ledger->hash_at(40).value() == entries.front().hash);
  REQUIRE(ledger->after(40, 100'000).value().front().octets.ends_with(" 40"));
}
