// cloud.db, meters.db or both are put back from older copies; what is billed afterwards.
#include <functional>

#include "base/sqlite/sqlite.h"
#include "tests/unit/cloud_store/meter_house.h"

using namespace platen;
using namespace platen::cloud;
using namespace platen::cloud::contract;

namespace {

// Before the copies: SERIAL2 was reset at its fourth reading, and somebody said that 20 more had been printed. After them
// SERIAL1 was reset, and somebody confirmed that.
class Restored : public MeterHouse {
 public:
  Restored() {
    send(two, {{0, 800}, {11, 810}, {12, 2}, {13, 5}});
    confirm(two, 830);
    send(one, {{0, 5000}, {21, 5010}});
    CHECK(usage(*book()).counted == 10);
    back_up();
    send(one, lost);
    confirm(one, {});
    CHECK(usage(*book()).counted == 19);
    CHECK(usage(*book(), "s-SERIAL2").counted == 35);
  }

  struct At {
    int minute;
    std::uint64_t total;
  };
  // As an agent does, with the numbers that the store wants next.
  void send(const std::string& serial, const std::vector<At>& readings, const std::string& epoch = "e1") {
    std::uint64_t seq = store->position("a", epoch).value();
    for (const At& each : readings) {
      const StoredRecord sent = record(++seq, reading({.serial = serial, .total = each.total, .minute = each.minute}));
      REQUIRE(store->put("a", epoch, std::vector{sent}, minutes_past_noon(each.minute))->through_seq == seq);
    }
  }
  void confirm(const std::string& serial, std::optional<std::int64_t> carry) {
    const auto held = book();
    const auto open = held->epochs("s-" + serial, false).value();
    REQUIRE(open.size() == 1);
    REQUIRE(held->decide(open[0].id, true, carry, noon).value() == 1);
  }
  // Counted of SERIAL1 between two moments.
  std::optional<std::uint64_t> counted(int from, int to) {
    return book()->usage("s-SERIAL1", minutes_past_noon(from), minutes_past_noon(to), false).value()[0].usage.counted;
  }

  const std::string one = "SERIAL1", two = "SERIAL2";
  const std::vector<At> lost = {{22, 3}, {23, 9}};
};

struct Row {
  const char* name;
  std::function<void(Restored&)> restore;
  std::vector<Restored::At> sent;  // afterwards
  const char* epoch;               // of the agent's ledger
  std::uint64_t counted;
  std::size_t open;  // epochs that wait for a person; with one something is said to be missing
  bool said_before;  // what people had said of SERIAL2 is still there
};

void put_back_store(Restored& house) { house.put_back({"cloud.db"}); }
void put_back_book(Restored& house) { house.put_back({"meters.db"}); }
void put_back_both(Restored& house) { house.put_back({"cloud.db", "meters.db"}); }
void begin_store_anew(Restored& house) { house.remove("cloud.db"); }
void remove_book(Restored& house) { house.remove("meters.db"); }

const Row rows[] = {
    {"store: nothing comes", put_back_store, {}, "e1", 19, 0, true},
    {"store: the same comes again", put_back_store, {{22, 3}, {23, 9}}, "e1", 19, 0, true},
    {"store: the same and more", put_back_store, {{22, 3}, {23, 9}, {24, 12}}, "e1", 22, 0, true},
    {"store: the same through another epoch", put_back_store, {{22, 3}, {23, 9}, {24, 12}}, "e2", 22, 0, true},
    {"store: others under the same numbers", put_back_store, {{24, 14}, {25, 20}}, "e1", 30, 0, true},
    {"store: fewer under the same numbers", put_back_store, {{24, 14}}, "e1", 24, 0, true},
    {"store: more under the same numbers", put_back_store, {{24, 14}, {25, 20}, {26, 21}}, "e1", 31, 0, true},
    {"store: others that do not fit wait", put_back_store, {{24, 4}, {25, 6}}, "e1", 19, 1, true},
    {"store begun anew", begin_store_anew, {{24, 14}, {25, 20}}, "e1", 30, 0, true},
    {"both: the same comes again", put_back_both, {{22, 3}, {23, 9}}, "e1", 10, 1, true},
    {"both: others", put_back_both, {{24, 5014}, {25, 5020}}, "e1", 20, 0, true},
    {"book: reads on", put_back_book, {}, "e1", 10, 1, true},
    {"book: reads on, and more", put_back_book, {{24, 12}}, "e1", 10, 1, true},
    {"book removed", remove_book, {{24, 12}}, "e1", 10, 1, false},
};

}  // namespace

TEST_CASE("whatever was restored, nothing is skipped or counted twice, and nothing has to be said again") {
  for (const Row& row : rows) {
    for (const bool opened_before : {true, false}) {  // a server opens the book before agents come; a command may later
      const std::string name = row.name;
      CAPTURE(name);
      CAPTURE(opened_before);
      Restored house;
      row.restore(house);
      if (opened_before) REQUIRE(house.book()->catch_up({}));
      house.send(house.one, row.sent, row.epoch);
      for (int again = 0; again < 2; ++again) {
        const auto book = house.book();
        const meter::Usage said = usage(*book);
        CHECK(said.counted == row.counted);
        CHECK(said.why.empty() == (row.open == 0));
        CHECK(book->epochs("s-SERIAL1", false)->size() == row.open);
        const meter::Usage other = usage(*book, "s-SERIAL2");
        CHECK(other.counted == (row.said_before ? 35 : 10));
        CHECK(other.why.empty() == row.said_before);
      }
    }
  }
}

TEST_CASE("after a restore each part of the time is billed as before") {
  Restored house;
  house.put_back({"cloud.db"});
  REQUIRE(house.book()->catch_up({}));
  house.send(house.one, {{22, 3}, {23, 9}, {24, 12}});
  CHECK(house.counted(20, 21) == 10);
  CHECK(house.counted(21, 22) == 3);
  CHECK(house.counted(22, 23) == 6);
  CHECK(house.counted(23, 24) == 3);
}

TEST_CASE("a store that is restored again and again") {
  Restored house;
  for (int turn = 0; turn < 3; ++turn) {
    house.put_back({"cloud.db"});
    REQUIRE(house.book()->catch_up({}));
    house.send(house.one, house.lost);
    house.send(house.one, {{30 + turn, 20U + static_cast<std::uint64_t>(turn)}});
    CHECK(usage(*house.book()).counted == 30U + static_cast<std::uint64_t>(turn));
    CHECK(usage(*house.book()).why.empty());
  }
  CHECK(house.book()->epochs("", true)->size() == 2);
}

TEST_CASE("what was read after a restore can be decided about, and is not mistaken for what was there") {
  Restored house;
  house.put_back({"cloud.db"});
  house.send(house.one, {{24, 1}, {25, 2}});  // under the numbers of what was confirmed
  const auto book = house.book();
  const auto open = book->epochs("s-SERIAL1", false).value();
  REQUIRE(open.size() == 1);
  CHECK(usage(*book).counted == 19);
  CHECK(book->decide(open[0].id, true, {}, noon).value() == 1);
  CHECK(usage(*book).counted == 21);
  CHECK(usage(*book).why.empty());
}

TEST_CASE("an older forecast of a restored store takes no newer one's place") {
  MeterHouse house;
  std::uint64_t seq = 0;
  const auto forecast = [&](const std::string& octets) {
    const StoredRecord said{.seq = ++seq, .kind = "forecast", .octets = octets, .reading = {}};
    REQUIRE(house.store->put("a", "e1", std::vector{said}, noon));
  };
  const auto latest = [&] { return house.book()->forecasts()->at(0).octets; };
  forecast("older");
  CHECK(latest() == "older");
  house.back_up();
  forecast("newer");
  CHECK(latest() == "newer");
  house.put_back({"cloud.db"});
  CHECK(latest() == "newer");
  seq = 1;
  forecast("newest");
  CHECK(latest() == "newest");
}

namespace {

void make_version_1(const MeterHouse& house) {
  sqlite::Connection(house.file(), sqlite::Connection::Mode::read_write)
      .run(
          "DROP TABLE taken; ALTER TABLE head DROP COLUMN hash; ALTER TABLE head DROP COLUMN shift; PRAGMA "
          "user_version = 1");
}

}  // namespace

TEST_CASE("a book of version 1 is brought up to date, and knows what it had taken") {
  Restored house;
  make_version_1(house);
  CHECK(usage(*house.book()).counted == 19);
  house.put_back({"cloud.db"});
  CHECK(usage(*house.book()).counted == 19);
  house.send(house.one, {{22, 3}, {23, 9}, {24, 12}});
  CHECK(usage(*house.book()).counted == 22);
  CHECK(usage(*house.book()).why.empty());
  CHECK(usage(*house.book(), "s-SERIAL2").counted == 35);
}

TEST_CASE("a book of version 1 beside an older store: what the store lost is open again") {
  Restored house;
  make_version_1(house);
  house.put_back({"cloud.db"});
  CHECK(usage(*house.book()).counted == 10);
  house.send(house.one, {{22, 3}});
  const auto book = house.book();
  CHECK(usage(*book).counted == 10);
  CHECK(usage(*book).why.size() == 1);
  CHECK(book->epochs("s-SERIAL1", false)->size() == 1);
  CHECK(usage(*book, "s-SERIAL2").counted == 35);
  CHECK(usage(*book, "s-SERIAL2").why.empty());
}
