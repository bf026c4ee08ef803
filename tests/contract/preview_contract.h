// The part of a store's contract that is about previews (store_contract.h).
#pragma once

#include <random>

#include "tests/contract/store_words.h"

namespace platen::cloud::contract {

// Shown at once, and nothing else: no number is taken, no record is there.
inline void a_preview_is_no_record(const MakeStore& make) {
  const auto store = make();
  REQUIRE(store->put("a", "e1", std::vector{note(1)}, noon));
  const std::vector<StoredRecord> ahead = {record(900, reading({.serial = "SERIAL1"})),
                                           record(1, reading({.serial = "SERIAL2"}))};
  REQUIRE(store->preview("a", "e1", ahead, noon));
  REQUIRE(store->preview("b", "e9", ahead, noon));  // before anything else is known of that one
  CHECK(store->position("a", "e1").value() == 1);
  CHECK(store->position("b", "e9").value() == 0);
  CHECK_FALSE(store->octets("a", "e1", 900).value());
  CHECK(store->verify()->at(0).records == 1);
  CHECK(store->agents()->at(0).records == 1);
  CHECK(store->put("a", "e1", std::vector{note(900)}, noon)->gap);
  CHECK(store->put("a", "e1", std::vector{note(2)}, noon)->through_seq == 2);
}

inline void a_preview_is_shown_until_its_record_is_there(const MakeStore& make) {
  const auto store = make();
  const Reading old = reading({.serial = "SERIAL1", .total = 10, .minute = 0});
  const Reading then = reading({.serial = "SERIAL1", .total = 20, .minute = 100});
  const Reading now = reading({.serial = "SERIAL1", .total = 30, .minute = 200});
  const Reading status = reading({.serial = "SERIAL1", .total = 31, .minute = 210, .kind = Reading::Kind::status});
  const Reading stranger = reading({.serial = "SERIAL9", .address = "192.0.2.99", .total = 7, .minute = 205});
  const Reading its_status =
      reading({.serial = "SERIAL9", .address = "192.0.2.99", .total = 8, .minute = 207, .kind = Reading::Kind::status});
  const Reading nobody = reading({.address = "192.0.2.98", .minute = 206, .kind = Reading::Kind::status});
  put_readings(*store, "a", {old});
  REQUIRE(store->preview(
      "a", "e1",
      std::vector{record(8, stranger), record(7, status), record(6, nobody), record(5, now), record(9, its_status)},
      minutes_past_noon(300)));
  auto printers = store->printers().value();
  REQUIRE(printers.size() == 2);
  CHECK(printers[0].previewed);
  CHECK(printers[0].latest == with_status(now, status));
  CHECK(printers[0].last_read == minutes_past_noon(210));
  CHECK(printers[0].readings == 1);
  CHECK(printers[1].id == "s-SERIAL9");
  CHECK(printers[1].latest == with_status(stranger, its_status));
  CHECK(printers[1].last_read == minutes_past_noon(207));
  CHECK(printers[1].previewed);
  CHECK(printers[1].readings == 0);
  CHECK(store->printer("s-SERIAL9").value()->latest == printers[1].latest);
  CHECK(store->readings("", 99)->size() == 1);
  CHECK(store->feed(0, 99)->size() == 1);
  CHECK(store->agents()->at(0).newest == 9);
  const auto fleet = store->fleet().value();
  REQUIRE(fleet.size() == 2);
  for (std::size_t i = 0; i < fleet.size(); ++i) CHECK(fleet[i] == fleet_row(printers[i]));

  // History passes beneath it; an older preview does not replace a newer one.
  REQUIRE(store->preview("a", "e1", std::vector{record(2, then)}, minutes_past_noon(300)));
  REQUIRE(store->put("a", "e1", std::vector{record(2, then), note(3), note(4)}, minutes_past_noon(301)));
  CHECK(store->printer("s-SERIAL1").value()->latest == with_status(now, status));
  REQUIRE(store->put("a", "e1", std::vector{record(5, now), record(6, nobody)}, minutes_past_noon(302)));
  CHECK(store->printer("s-SERIAL1").value()->previewed);
  REQUIRE(store->put("a", "e1", std::vector{record(7, status), record(8, stranger)}, minutes_past_noon(303)));
  CHECK(store->printer("s-SERIAL9").value()->previewed);  // its status is still ahead
  REQUIRE(store->put("a", "e1", std::vector{record(9, its_status)}, minutes_past_noon(304)));
  printers = store->printers().value();
  REQUIRE(printers.size() == 2);
  for (const PrinterRow& printer : printers) CHECK_FALSE(printer.previewed);
  CHECK(printers[0].latest == with_status(now, status));
  CHECK(printers[0].readings == 4);
  CHECK(printers[1].latest == with_status(stranger, its_status));
}

inline void previews_of_an_epoch_that_is_over_are_gone(const MakeStore& make) {
  const auto store = make();
  REQUIRE(store->saw("a", {"e1", "1"}, noon));
  REQUIRE(store->preview("a", "e1", std::vector{record(5, reading({.serial = "SERIAL1"}))}, noon));
  CHECK(store->printers()->size() == 1);
  REQUIRE(store->saw("a", {"e1", "1"}, noon));
  CHECK(store->printers()->size() == 1);
  REQUIRE(store->saw("a", {"e2", "1"}, noon));
  CHECK(store->printers()->empty());
}

// Machines that move, change places and have no names: what the records make of them is the same, whatever was shown
// ahead of them.
inline void previews_change_nothing_that_stays(const MakeStore& make) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto one_of = [&](unsigned many) { return static_cast<int>(random() % many); };
    std::vector<StoredRecord> all;
    for (std::uint64_t seq = 1; seq <= 60; ++seq) {
      const int who = one_of(6);
      all.push_back(record(seq, reading({.serial = who < 3 ? "SERIAL" + std::to_string(who) : "",
                                         .mac = who == 3 ? "0A:1B:2C:3D:4E:5F" : "",
                                         .address = "192.0.2." + std::to_string(one_of(4)),
                                         .total = seq,
                                         .minute = static_cast<int>(seq) - one_of(3),
                                         .kind = one_of(3) == 0 ? Reading::Kind::full : Reading::Kind::status})));
    }
    const auto plain = make(), with = make();
    const std::span<const StoredRecord> records(all);
    for (std::size_t at = 0; at < all.size(); at += 5) {
      std::vector<StoredRecord> ahead;
      for (int i = one_of(8); i > 0; --i) ahead.push_back(all[static_cast<std::size_t>(one_of(60))]);
      REQUIRE(with->preview("a", "e1", ahead, minutes_past_noon(99)));
      for (const auto& store : {plain.get(), with.get()})
        REQUIRE(store->put("a", "e1", records.subspan(at, 5), minutes_past_noon(100)));
    }
    const auto expected = plain->printers().value(), got = with->printers().value();
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i].id == expected[i].id);
      CHECK(got[i].latest == expected[i].latest);
      CHECK(got[i].readings == expected[i].readings);
      CHECK(got[i].last_read == expected[i].last_read);
      CHECK_FALSE(got[i].previewed);
    }
    CHECK(with->fleet().value() == plain->fleet().value());
    const auto expected_feed = plain->feed(0, 999).value(), feed = with->feed(0, 999).value();
    REQUIRE(feed.size() == expected_feed.size());
    for (std::size_t i = 0; i < feed.size(); ++i) CHECK(feed[i].printer_id == expected_feed[i].printer_id);
    CHECK(with->verify()->at(0).faults.empty());
    CHECK(with->standing("a", "e1")->hash == plain->standing("a", "e1")->hash);
  }
}

}  // namespace platen::cloud::contract
