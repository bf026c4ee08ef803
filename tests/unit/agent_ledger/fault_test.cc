// Every call that writes fails once, or from then on: what was promised is there, what was not is not, and it goes on.
#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include "agent/ledger/ledger.h"
#include "tests/contract/ledger_contract.h"
#include "tests/unit/agent_ledger/faulty_disk.h"
#include "tests/unit/agent_ledger/folder.h"

using namespace platen;
using ledger::Ledger;

namespace {

struct Promised {
  std::string epoch;
  std::map<std::uint64_t, std::string> records;
};

// One read-and-send cycle, with what it was told.
void cycle(Ledger& ledger, Promised& promised, const std::string& name) {
  for (int i = 0; i < 3; ++i) {
    const std::string octets = name + " " + std::to_string(i) + std::string(3000, '.');
    if (const auto seq = ledger.append("reading", std::array{octets})) promised.records[*seq] = octets;
  }
  const auto position = ledger.position();
  if (position.last > position.acknowledged + 1)
    std::ignore = ledger.acknowledge(position.epoch, position.acknowledged + 1);
}

void check(Ledger& ledger, const Promised& promised) {
  REQUIRE(ledger.position().epoch == promised.epoch);
  const auto acknowledged = ledger.position().acknowledged;
  std::map<std::uint64_t, std::string> found;
  const auto entries = ledger.after(0, std::size_t{1} << 30U).value();
  for (const ledger::Entry& entry : entries) found[entry.seq] = entry.octets;
  for (const auto& [seq, octets] : promised.records) {
    if (seq > acknowledged) CHECK(found[seq] == octets);
  }
  CHECK(found.size() == ledger.position().last - acknowledged);
  CHECK(ledger.position().last == promised.records.size());  // nothing that was not promised
}

}  // namespace

TEST_CASE("the Nth call that writes fails, for every N of a cycle, with every errno") {
  for (const int error_number : {ENOSPC, EDQUOT, EIO, EROFS}) {
    for (const int times : {1, 1'000'000}) {
      bool reached = true;
      int cycles = 0;
      for (int nth = 1; reached; ++nth, ++cycles) {
        CAPTURE(std::strerror(error_number));
        CAPTURE(times);
        CAPTURE(nth);
        const tests::Folder folder;
        const std::string file = folder / "ledger.db";
        Promised promised;
        {
          const auto ledger = Ledger::open(file, system_clock()).value();
          promised.epoch = ledger->position().epoch;
          cycle(*ledger, promised, "before");
          tests::let_calls_fail(nth, error_number, times);
          cycle(*ledger, promised, "during");
          reached = tests::calls_failed() > 0;
          tests::let_calls_fail(0, 0, 0);
          cycle(*ledger, promised, "after");
          check(*ledger, promised);
        }
        CHECK(ledger::verify(file)->faults.empty());
        check(*Ledger::open(file, system_clock()).value(), promised);
      }
      CHECK(cycles > 10);
    }
  }
}

TEST_CASE("a disk that is full when the agent starts: it starts, and takes records when there is room") {
  const tests::Folder folder;
  tests::let_calls_fail(1, ENOSPC, 1'000'000);
  auto opened = Ledger::open(folder / "ledger.db", system_clock());
  tests::let_calls_fail(0, 0, 0);
  REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().text));
  CHECK((*opened)->position().epoch.empty());
  (*opened)->tend();
  CHECK((*opened)->position().epoch.size() == 32);
  CHECK(ledger::contract::append_one(**opened, "r") == 1);
}

TEST_CASE("the folder gone while in use, and back: a new ledger, and the count of what was in the old one") {
  const tests::Folder folder;
  const std::string state = folder / "state", file = state + "/ledger.db";
  std::filesystem::create_directory(state);
  const auto ledger = Ledger::open(file, system_clock()).value();
  ledger::contract::append_one(*ledger, "r");
  std::filesystem::rename(state, folder / "elsewhere");
  const auto refused = ledger->append("reading", std::array<std::string, 1>{"nowhere to go"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::unavailable);
  std::filesystem::rename(folder / "elsewhere", state);
  CHECK(ledger::contract::append_one(*ledger, "back") == 2);
}
