// Whatever happens to the ledger's file: the next start works, what can be proved is carried over, the rest is counted.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "agent/ledger/ledger.h"
#include "tests/contract/ledger_contract.h"
#include "tests/unit/agent_ledger/faulty_disk.h"
#include "tests/unit/agent_ledger/folder.h"

using namespace platen;
using ledger::Ledger;
using ledger::contract::append_one;
using tests::Folder;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t appended = 400, acknowledged = 100;

void sql(const std::string& file, const char* text) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  REQUIRE(sqlite3_exec(handle, text, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(handle) == SQLITE_OK);
}

void overwrite(const std::string& file, std::streamoff at, std::size_t count) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(at);
  stream << std::string(count, '#');
  REQUIRE(stream.good());
}

// Half of them alike and large enough to lean on a frame, half to stand for themselves.
std::string text_of(std::uint64_t number) {
  return "record " + std::to_string(number) + std::string(number % 2 == 0 ? 300 : 60, '.');
}

// A site: a ledger with records 101 to 400 that wait, closed.
struct Site {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  std::string epoch;

  Site() {
    const auto ledger = Ledger::open({.file = file, .owner = "agent-1"}, system_clock()).value();
    for (std::uint64_t i = 1; i <= appended; ++i) {
      const ledger::Draft draft{.kind = "reading",
                                .octets = text_of(i),
                                .device = i % 2 == 0 ? "192.0.2.7" : "",
                                .worth = ledger::Worth::meters};
      REQUIRE(ledger->append(std::array{draft}));
    }
    epoch = ledger->position().epoch;
    REQUIRE(ledger->acknowledge(epoch, acknowledged));
  }
  [[nodiscard]] std::unique_ptr<Ledger> open(const std::string& owner = "agent-1") const {
    auto opened = Ledger::open({.file = file, .owner = owner}, system_clock());
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().text));
    return *std::move(opened);
  }
};

struct Carried {
  std::set<std::string> octets;
  std::optional<wire::Gap> gap;
};

Carried carried(Ledger& ledger) {
  Carried found;
  const auto entries = ledger.after(0, std::size_t{1} << 30U).value();
  for (const ledger::Entry& entry : entries) {
    if (entry.kind == wire::gap_kind) {
      CHECK_FALSE(found.gap);
      found.gap = wire::decode_gap(entry.octets).value();
    } else {
      CHECK_FALSE(entry.origins.empty());
      CHECK_MESSAGE(found.octets.insert(entry.octets).second, "twice: " << entry.octets);
    }
  }
  return found;
}

struct Damage {
  const char* name;
  void (*make)(const Site& site);
  std::uint64_t least;  // records that must be carried over
};

const Damage damages[] = {
    {"header overwritten", [](const Site& site) { overwrite(site.file, 0, 100); }, 299},
    {"first page overwritten", [](const Site& site) { overwrite(site.file, 0, 4096); }, 299},
    {"a page of records flipped",
     [](const Site& site) {
       overwrite(site.file, static_cast<std::streamoff>(fs::file_size(site.file)) - 3 * 4096, 4096);
     },
     200},
    {"one octet of a record changed",
     [](const Site& site) { sql(site.file, "UPDATE record SET octets = x'00' WHERE seq = 250"); }, 298},
    {"file of text", [](const Site& site) { std::ofstream(site.file) << "These are the shopping notes of last week."; },
     0},
    {"a folder in its place", [](const Site& site) { fs::remove(site.file), fs::create_directory(site.file); }, 0},
    {"empty file", [](const Site& site) { std::ofstream(site.file, std::ios::trunc); }, 0},
    {"file gone", [](const Site& site) { fs::remove(site.file); }, 0},
    {"file cut to three quarters",
     [](const Site& site) { fs::resize_file(site.file, fs::file_size(site.file) * 3 / 4 / 4096 * 4096); }, 1},
    {"somebody else's database",
     [](const Site& site) {
       fs::remove(site.file);
       sql(site.file, "CREATE TABLE notes(t); INSERT INTO notes VALUES('x')");
     },
     0},
    {"newer schema", [](const Site& site) { sql(site.file, "PRAGMA user_version = 3"); }, 300},
    {"half-done migration", [](const Site& site) { sql(site.file, "PRAGMA user_version = 1"); }, 300},
    {"half-done migration, the other half",
     [](const Site& site) { sql(site.file, "ALTER TABLE record DROP COLUMN origins; DROP TABLE rescue"); }, 300},
    {"records cut off its end", [](const Site& site) { sql(site.file, "DELETE FROM record WHERE seq > 390"); }, 290},
    {"and the head with them",
     [](const Site& site) { sql(site.file, "DELETE FROM record WHERE seq > 390; UPDATE head SET last = 390"); }, 290},
    {"a stranger's records at its end",
     [](const Site& site) {
       sql(site.file, "INSERT INTO record(seq, kind, octets, hash, appended_ms) VALUES(401, 'k', x'', x'', 0)");
     },
     300},
    {"no head", [](const Site& site) { sql(site.file, "DELETE FROM head"); }, 300},
};

}  // namespace

TEST_CASE("damage of every kind: up again at once, what is proved is carried over, what is missing is counted") {
  for (const Damage& damage : damages) {
    CAPTURE(damage.name);
    const Site site;
    damage.make(site);
    const auto ledger = site.open();
    std::vector<ledger::Entry> read;
    if (auto entries = ledger->after(0, std::size_t{1} << 30U))
      read = *std::move(entries);  // finds what open() did not
    CHECK(ledger->position().epoch != site.epoch);
    for (int i = 0; i < 10; ++i) ledger->tend();
    const Carried found = carried(*ledger);
    CHECK(found.octets.size() >= damage.least);
    for (const std::string& octets : found.octets) {
      const std::uint64_t number = std::stoull(octets.substr(7));
      CHECK(octets == text_of(number));
      CHECK(number > acknowledged);
    }
    REQUIRE(found.gap);
    CHECK(found.gap->reason == wire::Gap::Reason::damaged);
    REQUIRE(found.gap->records);
    CHECK(*found.gap->records + found.octets.size() == appended - acknowledged);
    CHECK_FALSE(ledger->health().trouble.empty());
    const std::uint64_t last = ledger->position().last;
    CHECK(append_one(*ledger, "and on") == last + 1);
  }
}

TEST_CASE("another agent's ledger is neither used nor read; what stood there is counted") {
  const Site site, theirs;
  fs::remove(site.file);
  fs::copy_file(theirs.file, site.file);
  sql(site.file, "UPDATE head SET owner = 'agent-2'");
  const auto ledger = site.open();
  const Carried found = carried(*ledger);
  CHECK(found.octets.empty());
  REQUIRE(found.gap);
  CHECK(found.gap->records == appended - acknowledged);
}

TEST_CASE("a log that is gone or cut is noticed, and what was in it is counted") {
  for (const bool gone : {true, false}) {
    CAPTURE(gone);
    const Folder folder;
    const std::string file = folder / "ledger.db", copy = folder / "copy.db";
    {
      const auto ledger = Ledger::open(file, system_clock()).value();
      for (int i = 1; i <= 50; ++i) append_one(*ledger, text_of(static_cast<std::uint64_t>(i)));
      for (const char* part : {"", "-wal", ".mark"}) fs::copy_file(file + part, copy + part);
    }
    if (gone)
      fs::remove(copy + "-wal");
    else
      fs::resize_file(copy + "-wal", fs::file_size(copy + "-wal") / 2);
    const auto ledger = Ledger::open(copy, system_clock()).value();
    const Carried found = carried(*ledger);
    REQUIRE(found.gap);
    CHECK(*found.gap->records + found.octets.size() == 50);
    CHECK((found.octets.size() > 0) == !gone);
  }
}

TEST_CASE("a log whose file is gone or emptied gives back what it holds") {
  for (const bool gone : {true, false}) {
    CAPTURE(gone);
    const Folder folder;
    const std::string file = folder / "ledger.db", copy = folder / "copy.db";
    {
      const auto ledger = Ledger::open(file, system_clock()).value();
      for (int i = 1; i <= 50; ++i) append_one(*ledger, text_of(static_cast<std::uint64_t>(i)));
      for (const char* part : {"-wal", ".mark"}) fs::copy_file(file + part, copy + part);
    }
    if (!gone) std::ofstream(copy).flush();
    const auto ledger = Ledger::open(copy, system_clock()).value();
    const Carried found = carried(*ledger);
    CHECK(found.octets.size() == 50);
    REQUIRE(found.gap);
    CHECK(found.gap->records == 0);
  }
}

TEST_CASE("the database cut at many lengths: it opens, and nothing that it gives is invented") {
  const Site site;
  const std::string copy = site.folder / "cut.db";
  std::mt19937 random(4);  // NOLINT(cert-msc51-cpp): the same places on every run
  const auto size = fs::file_size(site.file);
  for (int round = 0; round < 60; ++round) {
    const auto length =
        round < 8 ? std::uintmax_t{1} << (2 * round) : std::uniform_int_distribution<std::uintmax_t>(0, size)(random);
    CAPTURE(length);
    fs::copy_file(site.file, copy, fs::copy_options::overwrite_existing);
    fs::copy_file(site.file + ".mark", copy + ".mark", fs::copy_options::overwrite_existing);
    fs::resize_file(copy, length);
    {
      const auto ledger = Ledger::open({.file = copy, .owner = "agent-1"}, system_clock()).value();
      std::ignore = ledger->after(0, std::size_t{1} << 30U);
      for (int i = 0; i < 3; ++i) ledger->tend();
      const Carried found = carried(*ledger);
      for (const std::string& octets : found.octets) CHECK(octets == text_of(std::stoull(octets.substr(7))));
      if (length < size) {
        REQUIRE(found.gap);
        CHECK(*found.gap->records + found.octets.size() == appended - acknowledged);
      }
    }
    for (const auto& each : fs::directory_iterator(site.folder.path())) {
      if (each.path().filename().string().starts_with("cut.db")) fs::remove(each.path());
    }
  }
}

TEST_CASE("damaged while in use: the append that finds it goes into a new ledger, the rest follows") {
  const Site site;
  const auto ledger = site.open();
  overwrite(site.file, 4096, fs::file_size(site.file) - 4096);
  std::uint64_t kept = 0;
  for (int i = 0; i < 3000 && ledger->position().epoch == site.epoch; ++i) {
    std::ignore = ledger->after(0, 1000);
    kept += ledger->append("note", std::vector<std::string>{std::string(2000, 'n')}).has_value();
  }
  CHECK(ledger->position().epoch != site.epoch);
  REQUIRE(ledger->append("note", std::vector<std::string>{"on it goes"}));
  CHECK(kept > 0);
}

TEST_CASE("a part of the file that cannot be read: the rest is carried over, and it goes on") {
  const Site site;
  const auto ledger = site.open();
  const auto size = static_cast<std::int64_t>(fs::file_size(site.file));
  tests::let_reads_fail(size - 3 * 4096, size - 2 * 4096);
  CHECK_FALSE(ledger->after(0, std::size_t{1} << 30U));
  for (int i = 0; i < 10; ++i) ledger->tend();
  const Carried found = carried(*ledger);
  tests::let_reads_fail(0, 0);
  CHECK(found.octets.size() >= 200);
  CHECK(found.octets.size() < appended - acknowledged);
  REQUIRE(found.gap);
  CHECK(*found.gap->records + found.octets.size() == appended - acknowledged);
  CHECK(append_one(*ledger, "and on") > found.octets.size());
}

TEST_CASE("a disk that gives nothing back is waited for, and is not filled with new ledgers") {
  const Site site;
  ManualClock clock;
  tests::let_reads_fail(0, INT64_MAX);
  const auto ledger = Ledger::open({.file = site.file, .owner = "agent-1"}, clock).value();
  for (int i = 0; i < 3600; ++i) {
    CHECK_FALSE(ledger->append("note", std::vector<std::string>{"held elsewhere"}));
    clock.advance(std::chrono::seconds(1));
  }
  const auto files = std::distance(fs::directory_iterator(site.folder.path()), fs::directory_iterator());
  CHECK(files < 40);
  tests::let_reads_fail(0, 0);
  REQUIRE(ledger->append("note", std::vector<std::string>{"it is over"}));
  for (int i = 0; i < 40; ++i) ledger->tend();
  std::set<std::string> octets;
  const auto entries = ledger->after(0, std::size_t{1} << 30U).value();
  for (const ledger::Entry& entry : entries) octets.insert(entry.octets);
  for (std::uint64_t i = acknowledged + 1; i <= appended; ++i) CHECK(octets.contains(text_of(i)));
}

TEST_CASE("the file taken away while in use: a new ledger, and what was in the old one is counted") {
  const Site site;
  const auto ledger = site.open();
  fs::remove(site.file);
  REQUIRE(ledger->append("note", std::vector<std::string>{"after it was gone"}));
  CHECK(ledger->position().epoch != site.epoch);
  CHECK(fs::exists(site.file));
  for (int i = 0; i < 3; ++i) ledger->tend();
  std::optional<wire::Gap> gap;
  const auto entries = ledger->after(0, 100'000).value();
  for (const ledger::Entry& entry : entries) {
    if (entry.kind == wire::gap_kind) gap = wire::decode_gap(entry.octets).value();
  }
  REQUIRE(gap);
  CHECK(gap->records == appended - acknowledged);
}

TEST_CASE("what is put aside is kept for a while, a few of it") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  for (int round = 0; round < 6; ++round) {
    {
      const auto ledger = Ledger::open(file, system_clock()).value();
      append_one(*ledger, "r");
    }
    overwrite(file, 0, 100);
  }
  std::size_t kept = 0, aside = 0;
  for (const auto& each : fs::directory_iterator(folder.path())) {
    const std::string name = each.path().filename().string();
    kept += name.starts_with("ledger.db.kept-") && !name.ends_with(".mark") ? 1U : 0U;
    aside += name.starts_with("ledger.db.aside-") ? 1U : 0U;
  }
  CHECK(kept == 3);
  CHECK(aside == 0);
}

TEST_CASE("a power cut in the midst of putting aside loses nothing of it") {
  const Site site;
  fs::rename(site.file, site.file + ".aside-1-damaged");  // its mark still has the old name
  const auto ledger = site.open();
  const Carried found = carried(*ledger);
  CHECK(found.octets.size() == appended - acknowledged);
  REQUIRE(found.gap);
  CHECK(found.gap->records == 0);
}
