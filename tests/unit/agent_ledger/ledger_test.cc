#include "agent/ledger/ledger.h"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/contract/ledger_contract.h"
#include "tests/unit/agent_ledger/faulty_disk.h"
#include "tests/unit/agent_ledger/folder.h"

using namespace platen;
using ledger::Ledger;
using ledger::contract::append_one;
using ledger::contract::seqs;
using tests::Folder;

namespace {

std::unique_ptr<Ledger> open(const std::string& file) {
  auto opened = Ledger::open(file, system_clock());
  REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().text));
  return *std::move(opened);
}

Error refusal(const std::string& file) {
  auto opened = Ledger::open(file, system_clock());
  REQUIRE_FALSE(opened);
  return opened.error();
}

void sql(const std::string& file, const char* text) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  REQUIRE(sqlite3_exec(handle, text, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(handle) == SQLITE_OK);
}

std::string content(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the SQLite ledger keeps the ledger's promise") {
  const Folder folder;
  int made = 0;
  ledger::contract::ledger_keeps_its_promise([&] { return open(folder / std::to_string(made++)); });
}

TEST_CASE("it is the same ledger after it was closed") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  std::string epoch;
  {
    const auto ledger = open(file);
    epoch = ledger->position().epoch;
    for (int i = 1; i <= 10; ++i) append_one(*ledger, "record " + std::to_string(i));
    REQUIRE(ledger->acknowledge(epoch, 4));
  }
  const auto ledger = open(file);
  CHECK(ledger->position().epoch == epoch);
  CHECK(ledger->position().acknowledged == 4);
  CHECK(ledger->position().last == 10);
  CHECK(ledger->after(0, 12).value().front().octets == "record 5");
  CHECK(append_one(*ledger, "record 11") == 11);
}

TEST_CASE("only its owner can read it") {
  const Folder folder;
  const auto ledger = open(folder / "ledger.db");
  append_one(*ledger, "r");
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    CAPTURE(entry.path().string());
    CHECK((entry.status().permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
  }
}

TEST_CASE("a second one is refused and told who holds it; a stale lock does not block") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  {
    const auto held = open(file);
    const Error second = refusal(file);
    CHECK(second.code == Code::conflict);
    CHECK(contains(second.text, "process " + std::to_string(::getpid())));
    CHECK(ledger::verify(file).error().code == Code::conflict);
    append_one(*held, "still works");
  }
  std::ofstream(file + ".lock") << "999999999 left behind by a power cut\n";
  CHECK(open(file)->position().last == 1);
}

TEST_CASE("a folder that is not there is waited for") {
  const Folder folder;
  const auto ledger = open(folder / "state/ledger.db");
  const auto refused = ledger->append("reading", std::array<std::string, 1>{"r"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::unavailable);
  CHECK(contains(ledger->health().trouble, "No such file or directory"));
  CHECK_FALSE(std::filesystem::exists(folder / "state"));
  std::filesystem::create_directory(folder / "state");
  CHECK(append_one(*ledger, "r") == 1);
  CHECK(ledger->health().trouble.empty());
  CHECK(refusal(folder / "state/ledger.db").code == Code::conflict);
}

TEST_CASE("nothing is opened before it is said whose ledger it is; another agent's is not taken then") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  append_one(*Ledger::open({.file = file, .owner = "agent-1"}, system_clock()).value(), "theirs");
  const auto ledger = Ledger::open(ledger::Options{.file = file, .owner_follows = true}, system_clock()).value();
  CHECK_FALSE(ledger->append("reading", std::array<std::string, 1>{"r"}));
  CHECK(ledger->position().epoch.empty());
  ledger->own("agent-2");
  CHECK(append_one(*ledger, "ours") > 0);
  const auto kept = ledger->after(0, 10'000).value();
  for (const ledger::Entry& entry : kept) CHECK(entry.octets != "theirs");
}

TEST_CASE("another folder in the place of the one in use: what waited there is counted, once") {
  const Folder folder;
  std::filesystem::create_directory(folder / "state");
  const auto ledger = open(folder / "state/ledger.db");
  for (int i = 0; i < 7; ++i) append_one(*ledger, "r");
  std::filesystem::rename(folder / "state", folder / "elsewhere");
  std::filesystem::create_directory(folder / "state");
  CHECK(append_one(*ledger, "here") == 2);
  const auto entries = ledger->after(0, 10'000).value();
  REQUIRE(entries.size() == 2);
  CHECK(wire::decode_gap(entries[0].octets)->records == 7);
  CHECK(refusal(folder / "state/ledger.db").code == Code::conflict);  // the lock has moved along
}

TEST_CASE("places where no ledger can be") {
  const Folder folder;
  std::filesystem::create_directory(folder / "closed");
  ::chmod((folder / "closed").c_str(), 0555);
  const bool root = ::geteuid() == 0;
  if (root) REQUIRE(::seteuid(65534) == 0);
  ::chmod(folder.path().c_str(), 0755);
  const auto denied = open(folder / "closed/ledger.db");
  const std::string trouble = denied->health().trouble;
  if (root) REQUIRE(::seteuid(0) == 0);
  CHECK(contains(trouble, "Permission denied"));
  CHECK(denied->position().epoch.empty());
  CHECK(std::filesystem::is_empty(folder / "closed"));
  CHECK(ledger::verify(folder / "none.db").error().code == Code::not_found);
  CHECK_FALSE(std::filesystem::exists(folder / "none.db"));
}

TEST_CASE("verify finds every edit and every cut, and changes nothing") {
  struct Row {
    const char* name;
    const char* sql;
    const char* says;  // nullptr: nothing is wrong
  };
  const Row rows[] = {
      {"untouched", "", nullptr},
      {"octets changed", "UPDATE record SET octets = CAST('9' AS BLOB) WHERE seq = 5", "record 5"},
      {"kind changed", "UPDATE record SET kind = 'scan' WHERE seq = 6", "record 6"},
      {"one cut out", "DELETE FROM record WHERE seq = 7", "7 to 7"},
      {"end cut off", "DELETE FROM record WHERE seq > 8", "9 to 10"},
      {"beginning cut off", "DELETE FROM record WHERE seq < 6", "4 to 5"},
      {"end cut off, and the head with it", "DELETE FROM record WHERE seq > 8; UPDATE head SET last = 8", "newest"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Folder folder;
    const std::string file = folder / "ledger.db";
    {
      const auto ledger = open(file);
      for (int i = 1; i <= 10; ++i) append_one(*ledger, std::to_string(i));
      REQUIRE(ledger->acknowledge(ledger->position().epoch, 3));
    }
    sql(file, row.sql);
    const std::string before = content(file);
    const auto proof = ledger::verify(file).value();
    CHECK(proof.faults.empty() == (row.says == nullptr));
    if (row.says == nullptr) {
      CHECK(proof.position.first == 4);
      CHECK(proof.position.last == 10);
    } else {
      CHECK_MESSAGE(contains(proof.faults.at(0), row.says), proof.faults.at(0));
    }
    CHECK(content(file) == before);
  }
}

TEST_CASE("a parked record is kept aside and withheld in its place; the chain holds") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  {
    const auto ledger = open(file);
    for (int i = 1; i <= 4; ++i) append_one(*ledger, std::to_string(i));
    const std::string epoch = ledger->position().epoch;
    REQUIRE(ledger->park(epoch, 2, "the cloud does not understand it"));
    CHECK(ledger->park(epoch, 2, "again").error().code == Code::invalid);
    CHECK(ledger->park(epoch, 5, "not there").error().code == Code::invalid);
    CHECK(ledger->park(std::string(32, '0'), 3, "another epoch").error().code == Code::conflict);
    const auto entries = ledger->after(0, 1000).value();
    REQUIRE(entries.size() == 4);
    CHECK(entries[1].kind == wire::withheld_kind);
    CHECK(entries[1].first == 2);
    CHECK(wire::decode_gap(entries[1].octets)->text == "the cloud does not understand it");
    CHECK(entries[2].octets == "3");
    CHECK(ledger->health().parked == 1);
    REQUIRE(ledger->acknowledge(epoch, 4));
    CHECK(append_one(*ledger, "5") == 5);
  }
  const auto proof = ledger::verify(file).value();
  CHECK(proof.faults.empty());
  CHECK(proof.parked == 1);
}

TEST_CASE("a ledger of version 1 is brought up to date where it stands") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  std::string epoch;
  {
    const auto ledger = open(file);
    for (int i = 1; i <= 3; ++i) append_one(*ledger, std::to_string(i));
    epoch = ledger->position().epoch;
  }
  sql(file,
      "DROP TABLE device; DROP TABLE frame; DROP TABLE retired; DROP TABLE parked; DROP TABLE rescue;"
      "ALTER TABLE head DROP COLUMN owner; ALTER TABLE record DROP COLUMN first; ALTER TABLE record DROP COLUMN device;"
      "ALTER TABLE record DROP COLUMN frame; ALTER TABLE record DROP COLUMN origins; PRAGMA user_version = 1");
  const auto ledger = open(file);
  CHECK(ledger->position().epoch == epoch);
  CHECK(seqs(ledger->after(0, 1000).value()) == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(append_one(*ledger, "4") == 4);
}

TEST_CASE("what fsync did not confirm was never promised") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  {
    const auto ledger = open(file);
    append_one(*ledger, "before");
    int told = 0;
    ledger->on_append([&] { ++told; });
    tests::let_fsync_fail(true);
    for (int i = 0; i < 3; ++i) {
      const auto appended = ledger->append("reading", std::array<std::string, 1>{"lost"});
      REQUIRE_FALSE(appended);
      CHECK(appended.error().code == Code::unavailable);
      CHECK(contains(appended.error().text, file));
      CHECK(ledger->position().last == 1);
    }
    CHECK_FALSE(ledger->acknowledge(ledger->position().epoch, 1));
    CHECK(ledger->position().acknowledged == 0);
    CHECK(told == 0);
    tests::let_fsync_fail(false);
    CHECK(append_one(*ledger, "after") == 2);
    CHECK(told == 1);
    CHECK(ledger->after(1, 1000).value().at(0).octets == "after");
  }
  CHECK(ledger::verify(file)->faults.empty());
  CHECK(ledger::verify(file)->position.last == 2);
}

TEST_CASE("a full disk refuses the append and nothing else; when there is room again it goes on") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  {
    const auto ledger = open(file);
    append_one(*ledger, "small");
    const rlimit tight{65'536, unlimited.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
    const auto appended = ledger->append("reading", std::array{std::string(200'000, 'x')});
    const auto again = ledger->append("reading", std::array{std::string(200'000, 'x')});
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
    REQUIRE_FALSE(appended);
    REQUIRE_FALSE(again);
    CHECK(appended.error().code == Code::unavailable);
    CHECK(ledger->position().last == 1);
    CHECK(append_one(*ledger, std::string(200'000, 'y')) == 2);
    CHECK(seqs(ledger->after(0, 1'000'000).value()) == std::vector<std::uint64_t>{1, 2});
  }
  CHECK(ledger::verify(file)->faults.empty());
  CHECK(ledger::verify(file)->position.last == 2);
}

TEST_CASE("space comes back when the cloud has taken a backlog") {
  const Folder folder;
  const std::string file = folder / "ledger.db";
  std::uintmax_t full = 0;
  {
    const auto ledger = open(file);
    const std::vector<std::string> many(100, std::string(100'000, 'x'));
    REQUIRE(ledger->append("reading", many));
    for (std::uint64_t seq = 1; seq <= 100; ++seq) {
      if (seq == 2) full = std::filesystem::file_size(file);
      REQUIRE(ledger->acknowledge(ledger->position().epoch, seq));
    }
  }
  CHECK(full > 9'000'000);
  CHECK(std::filesystem::file_size(file) < full * 6 / 10);
}
