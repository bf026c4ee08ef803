#include "cloud/store/meter_book.h"

#include <fstream>

#include "tests/unit/cloud_store/meter_house.h"

using namespace platen;
using namespace platen::cloud;
using namespace platen::cloud::contract;
using House = MeterHouse;

TEST_CASE("a quiet printer has no epochs and its usage is what its counter rose") {
  House house;
  house.read("SERIAL1", {1000, 1000, 1000, 1000, 1040});
  const auto book = house.book();
  CHECK(book->epochs("", true).value().empty());
  const meter::Usage said = usage(*book);
  CHECK(said.counted == 40);
  CHECK(said.from->value.count == 1000);
  CHECK(book->usage("s-SERIAL1", noon + std::chrono::minutes(1), noon + std::chrono::minutes(3), false)
            .value()[0]
            .usage.counted == 0);
  CHECK(book->usage("none", dawn, dusk, true).value().empty());
}

TEST_CASE("a fall waits for a person; confirmed, it is counted across; rejected, it is left out") {
  House house;
  house.read("SERIAL1", {5000, 5010, 3, 9});
  const auto book = house.book();
  const auto open = book->epochs("", false).value();
  REQUIRE(open.size() == 1);
  CHECK(open[0].meter.printer == "s-SERIAL1");
  CHECK(open[0].meter.meter == "total");
  CHECK(open[0].epoch.reason == meter::Reason::reset);
  CHECK(open[0].epoch.carry == 5010);
  CHECK(usage(*book).counted == 10);
  CHECK(usage(*book).why.size() == 1);

  const std::string all_of_the_reading = open[0].id.substr(0, open[0].id.find('.'));
  CHECK(book->decide(all_of_the_reading, true, {}, noon).value() == 1);
  CHECK(usage(*book).counted == 19);
  CHECK(usage(*book).why.empty());
  CHECK(book->epochs("", false).value().empty());
  CHECK(book->epochs("", true).value().size() == 1);

  CHECK(book->decide(open[0].id, false, {}, noon).value() == 1);
  CHECK(usage(*book).counted == 10);
  CHECK(book->decide(open[0].id, true, 5020, noon).value() == 1);
  CHECK(usage(*book).counted == 29);
}

TEST_CASE("a word about nothing, and a carry that would count backwards, are refused and change nothing") {
  House house;
  house.read("SERIAL1", {5000, 5010, 3, 9});
  const auto book = house.book();
  const std::string id = book->epochs("", false).value()[0].id;
  for (const char* wrong : {"", "x", "1.x", "1.", ".1", "-3", "3.1.1"}) {
    CAPTURE(wrong);
    CHECK(book->decide(wrong, true, {}, noon).error().code == Code::invalid);
  }
  CHECK(book->decide("1", true, {}, noon).error().code == Code::not_found);
  CHECK(book->decide("999", true, {}, noon).error().code == Code::not_found);
  const auto backwards = book->decide(id, true, 5006, noon);
  REQUIRE_FALSE(backwards);
  CHECK(backwards.error().code == Code::invalid);
  CHECK(backwards.error().text.find("at least 5007") != std::string::npos);
  CHECK(usage(*book).counted == 10);
}

TEST_CASE("what came back by itself waits for nobody") {
  House house;
  house.read("SERIAL1", {5000, 0, 5002});
  const auto book = house.book();
  CHECK(book->epochs("", false).value().empty());
  CHECK(book->epochs("", true).value()[0].epoch.standing == meter::Standing::withdrawn);
  CHECK(usage(*book).counted == 2);
}

TEST_CASE("another mainboard in the same device begins a new epoch") {
  House house;
  house.read("SERIAL1", {5000, 5010}, "00:0B:0C:0D:0E:0F");
  house.read("SERIAL1", {5012}, "00:AA:BB:CC:DD:EE");
  const auto open = house.book()->epochs("s-SERIAL1", false).value();
  REQUIRE(open.size() == 1);
  CHECK(open[0].epoch.reason == meter::Reason::board_swapped);
}

TEST_CASE("the book goes on where it ended, and a second one on the same file sees the same") {
  House house;
  house.read("SERIAL1", {5000, 5010});
  CHECK(usage(*house.book()).counted == 10);
  house.read("SERIAL1", {5010, 5010, 5010, 5030});
  const auto one = house.book(), two = house.book();
  CHECK(usage(*one).counted == 30);
  CHECK(usage(*two).counted == 30);
  house.read("SERIAL1", {7});
  const std::string id = one->epochs("", false).value()[0].id;
  CHECK(two->decide(id, true, {}, noon).value() == 1);
  CHECK(usage(*one).counted == 37);
}

TEST_CASE("a reading from the future is counted, and is no begin and no end of a period") {
  House house;
  house.read("SERIAL1", {1000});
  Said early{.serial = "SERIAL1", .total = 1010, .minute = 100'000};
  put_readings(*house.store, "a", {reading(early)}, 5);
  put_readings(*house.store, "a", {reading({.serial = "SERIAL1", .total = 1020, .minute = 10})}, 10);
  const auto book = house.book();
  CHECK(usage(*book).counted == 20);
  CHECK(book->usage("", dawn, noon + std::chrono::minutes(7), false).value()[0].usage.counted == std::nullopt);
}

TEST_CASE("a wrong clock is put right by its offset to the cloud's; without one it is no begin and no end") {
  House house;
  const auto put = [&](std::uint64_t total, int minute, std::optional<std::int64_t> offset, bool suspect) {
    Reading one = reading({.serial = "SERIAL1", .total = total, .minute = minute});
    one.clock_suspect = suspect, one.cloud_offset_ms = offset;
    put_readings(*house.store, "a", {one}, 60);
  };
  put(1000, 0, {}, false);
  put(1010, -5'000'000, 5'000'005LL * 60'000, true);
  put(1020, 7, {}, true);
  put(1030, 10, INT64_MAX, true);
  put(1040, 20, 0, false);
  const auto book = house.book();
  const auto until = [&](int minute) {
    return book->usage("", noon, noon + std::chrono::minutes(minute), false).value()[0].usage.counted;
  };
  CHECK(until(4) == std::nullopt);
  CHECK(until(6) == 10);
  CHECK(until(12) == 10);
  CHECK(until(21) == 40);
}

TEST_CASE("another program's file is refused and left alone") {
  House house;
  std::ofstream(house.file()) << "this is no database, but it is long enough to be looked at as one, surely. ";
  const auto opened = MeterBook::open(house.file(), *house.store);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::corrupt);
}
