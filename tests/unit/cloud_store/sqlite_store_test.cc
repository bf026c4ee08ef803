#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/contract/store_contract.h"

using namespace platen;
using namespace platen::cloud;
using namespace platen::cloud::contract;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-store.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name = "cloud.db") const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void sql(const std::string& file, const char* statements) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, statements, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

std::string octets_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What `act` returned in a child process that gave up its rights first.
template <class Act>
int as_nobody(Act act) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool lowered = ::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0);
    ::_exit(lowered ? act() : 99);
  }
  int state = 0;
  ::waitpid(child, &state, 0);
  return WIFEXITED(state) ? WEXITSTATUS(state) : 98;
}

}  // namespace

TEST_CASE("the SQLite store keeps the store's promise") {
  std::vector<std::unique_ptr<Folder>> folders;
  store_keeps_its_promise([&] {
    folders.push_back(std::make_unique<Folder>());
    return open_sqlite_store(folders.back()->file()).value();
  });
}

TEST_CASE("what was stored is there after reopening") {
  const Folder folder;
  const Reading one = reading({.serial = "VNB3K1", .total = 10, .minute = 1});
  { put_readings(*open_sqlite_store(folder.file()).value(), "a", {one}); }
  const auto again = open_sqlite_store(folder.file()).value();
  CHECK(again->position("a", "e1").value() == 1);
  CHECK(again->printers().value().at(0).latest == one);
  put_readings(*again, "a", {reading({.serial = "VNB3K1", .total = 11, .minute = 2})});
  CHECK(again->readings("", 9).value().size() == 2);
}

TEST_CASE("the file is the owner's alone") {
  const Folder folder;
  const auto store = open_sqlite_store(folder.file()).value();
  put_readings(*store, "a", {reading({.serial = "VNB3K1"})});
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    CAPTURE(entry.path());
    CHECK((entry.status().permissions() & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
  }
}

TEST_CASE("a second writer is refused and told who the first is") {
  const Folder folder;
  const auto first = open_sqlite_store(folder.file()).value();
  const auto second = open_sqlite_store(folder.file());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::conflict);
  CHECK(second.error().text.find("process " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("verify finds every edit and every cut in the store") {
  struct Row {
    const char* name;
    const char* statements;
    const char* says;  // nullptr: nothing is wrong
  };
  const Row rows[] = {
      {"untouched", "", nullptr},
      {"octets changed", "UPDATE records SET octets = x'00' WHERE seq = 5", "record 5"},
      {"kind changed", "UPDATE records SET kind = 'scan' WHERE seq = 6", "record 6"},
      {"one cut out", "DELETE FROM records WHERE seq = 7", "7 to 7"},
      {"the first cut out", "DELETE FROM records WHERE seq = 1", "1 to 1"},
      {"end cut off", "DELETE FROM records WHERE seq > 8", "9 to 10"},
      {"end cut off, and the position with it", "DELETE FROM records WHERE seq > 8; UPDATE positions SET through = 8",
       "acknowledged"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Folder folder;
    {
      const auto store = open_sqlite_store(folder.file()).value();
      std::vector<StoredRecord> batch;
      for (std::uint64_t seq = 1; seq <= 10; ++seq) batch.push_back(note(seq));
      REQUIRE(store->put("a", "e1", batch, noon));
    }
    sql(folder.file(), row.statements);
    const auto proof = open_sqlite_store_read_only(folder.file()).value()->verify()->at(0);
    CHECK(proof.faults.empty() == (row.says == nullptr));
    if (row.says != nullptr) CHECK_MESSAGE(proof.faults.at(0).find(row.says) != std::string::npos, proof.faults.at(0));
  }
}

TEST_CASE("a store of version 1 is brought up to date by who may write, and gets its chain") {
  const Folder folder;
  std::string hash;
  {
    const auto store = open_sqlite_store(folder.file()).value();
    put_readings(*store, "a", {reading({.serial = "VNB3K1"}), reading({.serial = "VNB3K1", .minute = 1})});
    hash = store->standing("a", "e1")->hash;
  }
  sql(folder.file(),
      "DROP INDEX records_of_tasks; DROP TABLE previews; DROP INDEX records_withheld; ALTER TABLE agents DROP COLUMN "
      "newest; DROP TABLE tasks_seen; ALTER TABLE agents DROP COLUMN address; DROP TABLE origins; "
      "ALTER TABLE agents DROP COLUMN trouble; ALTER TABLE agents DROP COLUMN trouble_at;"
      "ALTER TABLE positions DROP COLUMN hash; ALTER TABLE records DROP COLUMN hash; ALTER TABLE records DROP COLUMN "
      "first;"
      "PRAGMA user_version = 1");
  CHECK(open_sqlite_store_read_only(folder.file()).error().code == Code::invalid);
  const auto store = open_sqlite_store(folder.file()).value();
  CHECK(store->standing("a", "e1")->hash == hash);
  CHECK(store->verify()->at(0).faults.empty());
  put_readings(*store, "a", {reading({.serial = "VNB3K1", .minute = 2})});
  CHECK(store->verify()->at(0).through == 3);
}

TEST_CASE("a store of version 2 is brought up to date, and its withheld numbers are counted") {
  const Folder folder;
  put_readings(*open_sqlite_store(folder.file()).value(), "a", {reading({.serial = "VNB3K1"})});
  sql(folder.file(),
      "DROP INDEX records_of_tasks; DROP TABLE previews; DROP INDEX records_withheld; ALTER TABLE agents DROP COLUMN "
      "newest; DROP TABLE tasks_seen; ALTER TABLE agents DROP COLUMN address; PRAGMA user_version = 2");
  const auto store = open_sqlite_store(folder.file()).value();
  CHECK(store->agents()->at(0).newest == 1);
  CHECK(store->agents()->at(0).withheld == 0);
  REQUIRE(store->preview("a", "e1", std::vector{record(3, reading({.serial = "VNB3K1", .minute = 2}))},
                         minutes_past_noon(9)));
  CHECK(store->printers()->at(0).previewed);
}

TEST_CASE("a store of version 3 is brought up to date, and finds the results of tasks that it has") {
  const Folder folder;
  const auto result = [](std::uint64_t seq, const char* octets) {
    StoredRecord record = note(seq);
    record.kind = "task-result", record.octets = octets;
    return record;
  };
  REQUIRE(open_sqlite_store(folder.file()).value()->put("a", "e1", std::vector{result(1, "one"), note(2)}, noon));
  sql(folder.file(),
      "DROP INDEX records_of_tasks; DROP TABLE tasks_seen; ALTER TABLE agents DROP COLUMN address; PRAGMA user_version "
      "= 3");
  const auto store = open_sqlite_store(folder.file()).value();
  REQUIRE(store->put("b", "e1", std::vector{result(1, "two"), result(2, "three")}, noon));
  const auto all = store->task_results(0, 99).value();
  REQUIRE(all.size() == 3);
  CHECK(all[0].agent == "a");
  CHECK(all[0].octets == "one");
  CHECK(all[0].stored_at == noon);
  CHECK(all[1].agent == "b");
  CHECK(store->task_results(all[0].number, 1).value().at(0).octets == "two");
  CHECK(store->task_results(all[2].number, 99).value().empty());
  CHECK(store->feed(0, 99).value().empty());
}

TEST_CASE("a store of version 4 is brought up to date; where an agent came from is not known before it comes again") {
  const Folder folder;
  REQUIRE(open_sqlite_store(folder.file()).value()->saw("a", {"e1", "1", 0, "192.0.2.7"}, noon));
  sql(folder.file(), "DROP TABLE tasks_seen; ALTER TABLE agents DROP COLUMN address; PRAGMA user_version = 4");
  const auto store = open_sqlite_store(folder.file()).value();
  CHECK(store->agents()->at(0).address.empty());
  REQUIRE(store->saw("a", {"e1", "1", 0, "192.0.2.8"}, noon));
  CHECK(store->agents()->at(0).address == "192.0.2.8");
}

TEST_CASE("a store of version 5 is brought up to date, and keeps how far the tasks have come") {
  const Folder folder;
  REQUIRE(open_sqlite_store(folder.file()).value()->saw("a", {"e1", "1"}, noon));
  sql(folder.file(), "DROP TABLE tasks_seen; PRAGMA user_version = 5");
  const auto store = open_sqlite_store(folder.file()).value();
  CHECK(store->tasks_seen().value() == 0);
  REQUIRE(store->saw_tasks(77));
  CHECK(store->tasks_seen().value() == 77);
  CHECK(open_sqlite_store_read_only(folder.file()).value()->tasks_seen().value() == 77);
}

TEST_CASE("values that the database does not take are the records' fault, not the disk's") {
  const Folder folder;
  const auto store = open_sqlite_store(folder.file()).value();
  sql(folder.file(),
      "CREATE TRIGGER no_nine BEFORE INSERT ON records WHEN new.octets = x'39' BEGIN SELECT RAISE(ABORT, 'no'); END");
  StoredRecord nine = note(1);
  nine.octets = "9";
  CHECK(store->put("a", "e1", std::vector{nine}, noon).error().code == Code::invalid);
  CHECK(store->put("a", "e1", std::vector{note(1)}, noon)->through_seq == 1);
}

TEST_CASE("one looks while another writes, and only looks") {
  const Folder folder;
  const auto missing = open_sqlite_store_read_only(folder.file());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Code::not_found);
  const auto writer = open_sqlite_store(folder.file()).value();
  const auto looker = open_sqlite_store_read_only(folder.file()).value();
  put_readings(*writer, "a", {reading({.serial = "VNB3K1"})});
  CHECK(looker->printers().value().size() == 1);
  put_readings(*writer, "a", {reading({.serial = "XXC4L2", .address = "192.0.2.8"})});
  CHECK(looker->fleet().value().size() == 2);
  const auto put = looker->put("a", "e1", {}, noon);
  REQUIRE_FALSE(put);
  CHECK(put.error().code == Code::denied);
  CHECK_FALSE(looker->saw("a", {"e1", "1"}, noon));
}

TEST_CASE("files that are not ours are refused and left as they are") {
  struct Row {
    const char* name;
    std::function<void(const std::string&)> make;
    Code want;
  };
  const Row rows[] = {
      {"text", [](const std::string& file) { std::ofstream(file) << std::string(5000, 'x'); }, Code::corrupt},
      {"another database", [](const std::string& file) { sql(file, "CREATE TABLE t (a); PRAGMA application_id=7"); },
       Code::corrupt},
      {"a database without an id", [](const std::string& file) { sql(file, "CREATE TABLE t (a)"); }, Code::corrupt},
      {"a newer schema",
       [](const std::string& file) {
         open_sqlite_store(file).value().reset();
         sql(file, "PRAGMA journal_mode=DELETE; PRAGMA user_version=99");
       },
       Code::invalid},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Folder folder;
    row.make(folder.file());
    const std::string before = octets_of(folder.file());
    for (const auto& open : {open_sqlite_store, open_sqlite_store_read_only}) {
      const auto store = open(folder.file());
      REQUIRE_FALSE(store);
      CHECK(store.error().code == row.want);
      CHECK(store.error().text.find(folder.file()) != std::string::npos);
      CHECK(store.error().text.find("--data") != std::string::npos);
      CHECK(store.error().text.find('\n') == std::string::npos);
    }
    CHECK(octets_of(folder.file()) == before);
  }
}

TEST_CASE("a place without a folder or without rights is refused") {
  const Folder folder;
  CHECK(open_sqlite_store(folder.file("no/such/folder.db")).error().code == Code::not_found);
  REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
  const auto refused = [&] {
    const auto store = open_sqlite_store(folder.file());
    return !store && store.error().code == Code::denied && store.error().text.find("right") != std::string::npos ? 0
                                                                                                                 : 1;
  };
  CHECK(as_nobody(refused) == 0);
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
}

namespace {

// The child: stores batches without end and tells `acknowledged` the position after each.
[[noreturn]] void write_without_end(const std::string& file, int acknowledged) {
  const auto store = open_sqlite_store(file);
  if (!store) ::_exit(3);
  for (std::uint64_t seq = (*store)->position("a", "e1").value();;) {
    std::vector<StoredRecord> batch;
    for (int i = 0; i < 5; ++i) {
      ++seq;
      batch.push_back(record(
          seq, reading({.serial = "SER" + std::to_string(seq % 7), .total = seq, .minute = static_cast<int>(seq)})));
    }
    if (!(*store)->put("a", "e1", batch, minutes_past_noon(1'000'000))) ::_exit(4);
    if (::write(acknowledged, &seq, sizeof seq) != static_cast<ssize_t>(sizeof seq)) ::_exit(5);
  }
}

// Starts the child, kills it after `acks` acknowledgements, answers the last position that it was told.
std::uint64_t write_and_kill(const std::string& file, unsigned acks) {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  if (child == 0) write_without_end(file, ends[1]);
  ::close(ends[1]);
  std::uint64_t last = 0;
  for (unsigned i = 0; i < acks; ++i) REQUIRE(::read(ends[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last));
  ::kill(child, SIGKILL);
  for (std::uint64_t told = 0; ::read(ends[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told);) last = told;
  int state = 0;
  ::waitpid(child, &state, 0);
  ::close(ends[0]);
  CHECK(WIFSIGNALED(state));
  return last;
}

}  // namespace

TEST_CASE("fifty kills in the middle of writing lose nothing that was acknowledged, and double nothing") {
  const Folder folder;
  std::mt19937 dice(20261121);  // NOLINT(cert-msc51-cpp): the same kills every time
  std::uniform_int_distribution<unsigned> acks(1, 12);
  std::uint64_t acknowledged = 0;
  for (int kill = 0; kill < 50; ++kill) {
    CAPTURE(kill);
    acknowledged = write_and_kill(folder.file(), acks(dice));
    const auto store = open_sqlite_store(folder.file()).value();
    const std::uint64_t through = store->position("a", "e1").value();
    CHECK(through >= acknowledged);
    CHECK(through % 5 == 0);  // whole batches
  }
  const auto store = open_sqlite_store(folder.file()).value();
  const auto all = store->readings("", 1'000'000).value();
  const std::uint64_t through = store->position("a", "e1").value();
  REQUIRE(all.size() == through);
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(all[i].seq == through - i);
    REQUIRE(find_counter(all[i].reading, CounterPoint::Function::all, CounterPoint::Color::all)->value == all[i].seq);
  }
  std::uint64_t counted = 0;
  const auto printers = store->printers().value();
  for (const PrinterRow& printer : printers) counted += printer.readings;
  CHECK(counted == through);
}
