// What every cloud::Store promises (cloud/store/store.h), as one suite. Whoever fulfils the port runs all of it: today the
// SQLite store alone.   TEST_CASE("…") { store_keeps_its_promise([] { return an_empty_store(); }); }
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "proto/chain.h"
#include "tests/contract/preview_contract.h"
#include "tests/contract/store_words.h"

namespace platen::cloud::contract {

inline void numbering_is_kept(const MakeStore& make) {
  const auto store = make();
  const auto put = [&](const std::string& epoch, const std::vector<std::uint64_t>& seqs) {
    std::vector<StoredRecord> batch;
    for (const std::uint64_t seq : seqs) batch.push_back(note(seq));
    return store->put("a", epoch, batch, noon).value();
  };
  struct Row {
    const char* name;
    std::string epoch;
    std::vector<std::uint64_t> seqs;
    std::uint64_t through;
    bool gap;
  };
  const Row rows[] = {
      {"nothing is nothing", "e1", {}, 0, false},
      {"the first is 1", "e1", {2}, 0, true},
      {"there is no 0", "e1", {0, 1}, 0, true},
      {"1, 2, 3", "e1", {1, 2, 3}, 3, false},
      {"a resend is success", "e1", {1, 2, 3}, 3, false},
      {"a resend of the middle is success", "e1", {2}, 3, false},
      {"a resend that goes on stores the rest", "e1", {2, 3, 4, 5}, 5, false},
      {"a gap stores nothing", "e1", {7, 8}, 5, true},
      {"a hole within the batch stores nothing", "e1", {6, 8}, 5, true},
      {"not in order stores nothing", "e1", {7, 6}, 5, true},
      {"the same twice in one batch stores nothing", "e1", {6, 6}, 5, true},
      {"the largest number is a gap", "e1", {~0ULL}, 5, true},
      {"another epoch counts for itself", "e2", {1}, 1, false},
      {"and the first one goes on", "e1", {6}, 6, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const PutResult result = put(row.epoch, row.seqs);
    CHECK(result.through_seq == row.through);
    CHECK(result.gap == row.gap);
    CHECK(store->position("a", row.epoch).value() == row.through);
  }
  CHECK(store->position("b", "e1").value() == 0);
  const auto agents = store->agents().value();
  REQUIRE(agents.size() == 1);
  CHECK(agents[0].records == 7);
}

// proto/chain.h: what comes again must be the same; what differs is a second history of the epoch.
inline void the_chain_is_kept(const MakeStore& make) {
  const auto store = make();
  const auto noted = [](std::uint64_t seq, const std::string& octets, const std::string& link = "") {
    return StoredRecord{.seq = seq, .kind = "gap", .octets = octets, .reading = {}, .link = link};
  };
  const auto put = [&](const std::vector<StoredRecord>& batch) { return store->put("a", "e1", batch, noon).value(); };
  const std::string zero = wire::chain_start("e1"), one = wire::chain_link(zero, 1, "gap", "one"),
                    two = wire::chain_link(one, 2, "gap", "two"), three = wire::chain_link(two, 3, "gap", "three");
  CHECK(store->standing("a", "e1")->hash == zero);
  CHECK_FALSE(put({noted(1, "one"), noted(2, "two", two)}).fork);
  CHECK(store->standing("a", "e1")->hash == two);
  CHECK_FALSE(put({noted(1, "one"), noted(2, "two", two)}).fork);

  struct Row {
    const char* name;
    std::vector<StoredRecord> batch;
  };
  const Row forks[] = {
      {"another record under a number", {noted(2, "zwei")}},
      {"and one that would be new behind it", {noted(2, "zwei"), noted(3, "three")}},
      {"another history before it", {noted(3, "three", wire::chain_link(one, 3, "gap", "three"))}},
  };
  for (const Row& row : forks) {
    CAPTURE(row.name);
    const PutResult result = put(row.batch);
    CHECK(result.fork);
    CHECK_FALSE(result.gap);
    CHECK(result.through_seq == 2);
    CHECK(store->standing("a", "e1")->hash == two);
  }

  // Numbers that the agent gave up: one record for all of them, and the chain goes on behind it.
  const std::string five = std::string(32, '5');
  StoredRecord withheld{
      .seq = 5, .kind = std::string(wire::withheld_kind), .octets = "why", .reading = {}, .first = 2, .link = five};
  CHECK(put({withheld, noted(6, "six", wire::chain_link(five, 6, "gap", "six"))}).through_seq == 6);
  CHECK(put({withheld}).through_seq == 6);  // again
  withheld.seq = 9, withheld.first = 8;
  CHECK(put({withheld}).gap);
  CHECK(store->octets("a", "e1", 1).value() == "one");
  CHECK_FALSE(store->octets("a", "e1", 5).value());  // withheld
  CHECK_FALSE(store->octets("a", "e1", 7).value());
  CHECK_FALSE(store->octets("a", "e2", 1).value());
  const auto proofs = store->verify().value();
  REQUIRE(proofs.size() == 1);
  CHECK(proofs[0].agent == "a");
  CHECK(proofs[0].epoch == "e1");
  CHECK(proofs[0].through == 6);
  CHECK(proofs[0].records == 4);
  CHECK(proofs[0].faults.empty());
}

inline void trouble_is_shown(const MakeStore& make) {
  const auto store = make();
  StoredRecord gap = note(1);
  gap.gap = wire::Gap{.reason = wire::Gap::Reason::damaged, .records = 7};
  REQUIRE(store->put("a", "e1", std::vector{gap}, minutes_past_noon(1)));
  CHECK(store->agents()->at(0).trouble.find("7 missing") != std::string::npos);
  REQUIRE(store->trouble("a", "cloned", minutes_past_noon(2)));
  CHECK(store->agents()->at(0).trouble == "cloned");
}

inline void a_salvaged_reading_is_one_reading(const MakeStore& make) {
  const auto store = make();
  const Reading first = reading({.serial = "VNB3K1", .total = 10, .minute = 1});
  const Reading second = reading({.serial = "VNB3K1", .total = 20, .minute = 2});
  put_readings(*store, "a", {first});
  const std::string hash = store->standing("a", "e1")->hash;
  const auto salvaged = [](std::uint64_t seq, const Reading& what, std::vector<wire::Origin> origins) {
    StoredRecord made = record(seq, what);
    made.origins = std::move(origins);
    return made;
  };
  const std::string other(32, 'o');
  const std::vector<StoredRecord> batch = {
      salvaged(1, first, {{"e1", 1, hash}}),                    // stored, its acknowledgement was lost
      salvaged(2, second, {{"e1", 2, other}}),                  // never arrived
      salvaged(3, second, {{"e2", 2, "x"}, {"e1", 2, other}}),  // the same once more, through another epoch
      salvaged(4, second, {{"e1", 1, other}}),                  // a clone's own record under a number of e1
  };
  REQUIRE(store->put("a", "e3", batch, noon)->through_seq == 4);
  CHECK(store->readings("", 100)->size() == 3);
  CHECK(store->printers()->at(0).readings == 3);
  CHECK(store->verify()->back().faults.empty());
}

inline void agents_are_known(const MakeStore& make) {
  const auto store = make();
  REQUIRE(store->saw("b", {"e1", "0.1.0"}, minutes_past_noon(1)));
  REQUIRE(store->saw("a", {"e1", "0.1.0"}, minutes_past_noon(2)));
  REQUIRE(store->put("b", "e1", std::vector{note(1), note(2)}, minutes_past_noon(3)));
  REQUIRE(store->saw("b", {"e2", "0.2.0", 7, "192.0.2.7"}, minutes_past_noon(4)));
  REQUIRE(store->put("b", "e2", std::vector{note(1)}, minutes_past_noon(5)));
  const auto agents = store->agents().value();
  REQUIRE(agents.size() == 2);
  CHECK(agents[0].agent == "a");
  CHECK(agents[0].records == 0);
  CHECK(agents[1].agent == "b");
  CHECK(agents[1].epoch == "e2");
  CHECK(agents[1].version == "0.2.0");
  CHECK(agents[1].address == "192.0.2.7");
  CHECK(agents[0].address.empty());
  CHECK(agents[1].through_seq == 1);
  CHECK(agents[1].records == 3);
  CHECK(agents[1].first_seen == minutes_past_noon(1));
  CHECK(agents[1].last_seen == minutes_past_noon(5));
  CHECK(agents[1].newest == 7);  // 2 to 7 are still to come
  CHECK(agents[0].newest == 0);
  const std::vector<StoredRecord> thinned = {{.seq = 5,
                                              .kind = std::string(wire::withheld_kind),
                                              .octets = "why",
                                              .reading = {},
                                              .first = 2,
                                              .link = std::string(32, '5')}};
  REQUIRE(store->put("b", "e2", thinned, minutes_past_noon(6)));
  CHECK(store->agents()->at(1).withheld == 4);
  REQUIRE(store->put("b", "e2", std::vector{note(6), note(7), note(8)}, minutes_past_noon(7)));
  CHECK(store->agents()->at(1).newest == 8);
}

inline void readings_make_history(const MakeStore& make) {
  const auto store = make();
  const Reading first = reading({.serial = "VNB3K1", .total = 10, .minute = 1});
  const Reading third = reading({.serial = "VNB3K1", .total = 30, .minute = 3});
  const Reading late = reading({.serial = "VNB3K1", .total = 20, .minute = 2});
  put_readings(*store, "a", {first, third, late});
  put_readings(*store, "a", {reading({.serial = "OTHER9", .address = "192.0.2.8", .total = 5, .minute = 2})});

  const auto printers = store->printers().value();
  REQUIRE(printers.size() == 2);
  CHECK(printers[0].id < printers[1].id);
  const PrinterRow& row = printers[0].readings == 3 ? printers[0] : printers[1];
  CHECK(row.latest == third);
  CHECK(row.agent == "a");
  CHECK(row.readings == 3);
  CHECK(row.first_seen == first.read_at);
  CHECK(row.last_read == third.read_at);
  CHECK(store->printer(row.id).value()->latest == third);
  CHECK_FALSE(store->printer("no such id").value());
  CHECK_FALSE(store->printer("").value());

  const auto history = store->readings(row.id, 10).value();
  REQUIRE(history.size() == 3);
  CHECK(history[0].reading == third);
  CHECK(history[1].reading == late);
  CHECK(history[2].reading == first);
  CHECK(history[2].seq == 1);
  CHECK(history[2].agent == "a");
  CHECK(history[2].epoch == "e1");
  CHECK(store->readings(row.id, 2).value().size() == 2);
  CHECK(store->readings("", 10).value().size() == 4);
  CHECK(store->readings("no such id", 10).value().empty());

  const auto points = store->history(row.id, 2).value();
  CHECK(points == std::vector<HistoryPoint>{{third.read_at, 30}, {late.read_at, 20}});
}

inline void the_list_equals_the_printers(const MakeStore& make) {
  const auto store = make();
  Reading silent = reading({.serial = "SILENT1", .address = "192.0.2.9"});
  silent.counters.clear(), silent.supplies.clear(), silent.identity.manufacturer.reset();
  Reading alarmed = reading({.serial = "ALARM77", .address = "192.0.2.10"});
  alarmed.alerts.resize(2), alarmed.alerts[0].index = "1.1", alarmed.alerts[0].severity = 3,
                            alarmed.alerts[1].index = "1.2";
  alarmed.status.printer_status = 3, alarmed.status.detected_error_octets = "40";
  put_readings(*store, "a", {reading({.serial = "VNB3K1"}), silent, alarmed});
  std::vector<FleetRow> expected;
  const auto printers = store->printers().value();  // a loop over a temporary would dangle
  for (const PrinterRow& printer : printers) expected.push_back(fleet_row(printer));
  const auto rows = store->fleet().value();
  REQUIRE(rows.size() == 3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].id);
    CHECK(rows[i] == expected.at(i));
  }
}

inline void a_status_refreshes_the_latest(const MakeStore& make) {
  const auto store = make();
  const Reading full = reading({.serial = "VNB3K1", .total = 10, .minute = 1});
  Reading status = reading({.serial = "VNB3K1", .total = 12, .minute = 2, .kind = Reading::Kind::status});
  status.supplies = {supply("1.1", "Black Toner", 7, 100)};
  put_readings(*store, "a", {full, status});
  const auto row = store->printers().value().at(0);
  CHECK(row.latest == with_status(full, status));
  CHECK(row.latest.supplies.size() == 2);
  CHECK(row.last_read == status.read_at);
  CHECK(store->fleet().value().at(0).lowest.percent == doctest::Approx(7));
  const Reading later = reading({.serial = "VNB3K1", .total = 13, .minute = 3});
  put_readings(*store, "a", {later});
  CHECK(store->printers().value().at(0).latest == later);
  put_readings(*store, "a", {reading({.serial = "NEVERSEEN", .kind = Reading::Kind::status})});
  CHECK(store->printers().value().size() == 1);
}

inline void one_printer_is_one_record(const MakeStore& make) {
  struct Row {
    const char* name;
    std::vector<Said> said;
    std::size_t printers;
  };
  const std::string mac = "00:11:22:33:44:55", other_mac = "00:11:22:33:44:66";
  const Row rows[] = {
      {"a moved printer is the same", {{.serial = "VNB3K1"}, {.serial = "vnb-3k1 ", .address = "192.0.2.8"}}, 1},
      {"a reused address is another printer", {{.serial = "VNB3K1"}, {.serial = "XXC4L2"}}, 2},
      {"without a serial, the MAC tells", {{.mac = mac}, {.mac = mac, .address = "192.0.2.8"}, {.mac = other_mac}}, 2},
      {"a serial learned later joins its MAC", {{.mac = mac}, {.serial = "VNB3K1", .mac = mac}, {.mac = mac}}, 1},
      {"a serial is not swapped for another through the MAC",
       {{.serial = "VNB3K1", .mac = mac}, {.serial = "XXC4L2", .mac = mac}},
       2},
      {"placeholder serials are none",
       {{.serial = "00000000"}, {.serial = "N/A"}, {.serial = "UNKNOWN", .address = "192.0.2.8"}},
       2},
      {"two makers with one serial",
       {{.serial = "123456", .mac = mac}, {.serial = "123456", .mac = other_mac, .model = "Other 9"}},
       2},
      {"a model renamed by firmware stays",
       {{.serial = "VNB3K1", .mac = mac}, {.serial = "VNB3K1", .mac = mac, .model = "Example 100 MFP"}},
       1},
      {"nameless: the place", {{}, {}, {.address = "192.0.2.8"}}, 2},
      {"a nameless device does not feed the named one at its address", {{.serial = "VNB3K1"}, {}}, 2},
      {"another model at a nameless place is another device", {{}, {.model = "Other 9"}}, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto store = make();
    std::vector<Reading> readings;
    for (const Said& said : row.said) readings.push_back(reading(said));
    put_readings(*store, "a", readings);
    CHECK(store->printers().value().size() == row.printers);
    CHECK(store->readings("", 100).value().size() == row.said.size());
  }
  const auto store = make();
  put_readings(*store, "a", {reading({})});
  put_readings(*store, "b", {reading({})});
  CHECK_MESSAGE(store->printers().value().size() == 2, "two sites may use the same private address");
}

inline void a_wrong_clock_does_not_pin(const MakeStore& make) {
  const auto store = make();
  Reading from_the_future = reading({.serial = "VNB3K1", .total = 1});
  from_the_future.read_at += std::chrono::hours(24 * 365);
  put_readings(*store, "a", {from_the_future}, 1);
  const Reading honest = reading({.serial = "VNB3K1", .total = 2, .minute = 5});
  put_readings(*store, "a", {honest}, 6);
  CHECK(store->printers().value().at(0).latest == honest);
}

inline void threads_may_share_it(const MakeStore& make) {
  const auto store = make();
  constexpr std::uint64_t count = 40;
  std::vector<std::thread> threads;
  for (const std::string agent : {"a", "b", "c"}) {
    threads.emplace_back([&store, agent] {
      for (std::uint64_t seq = 1; seq <= count; ++seq) {
        const Reading one = reading({.serial = "SERIAL" + agent, .total = seq, .minute = static_cast<int>(seq)});
        std::ignore = store->put(agent, "e1", std::vector{record(seq, one)}, minutes_past_noon(600));
        std::ignore = store->fleet();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string agent : {"a", "b", "c"}) CHECK(store->position(agent, "e1").value() == count);
  CHECK(store->readings("", 1000).value().size() == 3 * count);
  CHECK(store->printers().value().size() == 3);
}

inline void the_feed_has_every_reading_once(const MakeStore& make) {
  const auto store = make();
  put_readings(*store, "a", {reading({.serial = "SERIAL1"}), reading({.serial = "SERIAL2", .minute = 1})});
  put_readings(*store, "b", {reading({.serial = "SERIAL1", .total = 1001, .minute = 2})}, 601);
  const StoredRecord others[] = {{.seq = 2, .kind = "forecast", .octets = "soon", .reading = std::nullopt}, note(3)};
  REQUIRE(store->put("b", "e1", others, minutes_past_noon(602)));
  const auto all = store->feed(0, 100).value();
  REQUIRE(all.size() == 4);
  CHECK(all[0].printer_id == "s-SERIAL1");
  CHECK(all[0].agent == "a");
  CHECK(all[0].reading->counters[0].value == 1000);
  CHECK(all[1].printer_id == "s-SERIAL2");
  CHECK(all[2].printer_id == "s-SERIAL1");
  CHECK(all[2].stored_at == minutes_past_noon(601));
  CHECK(all[3].kind == "forecast");
  CHECK(all[3].octets == "soon");
  CHECK(store->feed(0, 2).value().size() == 2);
  const auto rest = store->feed(all[1].number, 100).value();
  REQUIRE(rest.size() == 2);
  CHECK(rest[0].number == all[2].number);
  CHECK(store->feed(all[3].number, 100).value().empty());
}

inline void store_keeps_its_promise(const MakeStore& make) {
  SUBCASE("numbering is kept") { numbering_is_kept(make); }
  SUBCASE("the chain is kept") { the_chain_is_kept(make); }
  SUBCASE("trouble is shown") { trouble_is_shown(make); }
  SUBCASE("a salvaged reading is one reading") { a_salvaged_reading_is_one_reading(make); }
  SUBCASE("agents are known") { agents_are_known(make); }
  SUBCASE("a preview is no record") { a_preview_is_no_record(make); }
  SUBCASE("a preview is shown until its record is there") { a_preview_is_shown_until_its_record_is_there(make); }
  SUBCASE("previews of an epoch that is over are gone") { previews_of_an_epoch_that_is_over_are_gone(make); }
  SUBCASE("previews change nothing that stays") { previews_change_nothing_that_stays(make); }
  SUBCASE("readings make history") { readings_make_history(make); }
  SUBCASE("the list equals the printers") { the_list_equals_the_printers(make); }
  SUBCASE("a status refreshes the latest") { a_status_refreshes_the_latest(make); }
  SUBCASE("one printer is one record") { one_printer_is_one_record(make); }
  SUBCASE("a wrong clock does not pin") { a_wrong_clock_does_not_pin(make); }
  SUBCASE("the feed has every reading once") { the_feed_has_every_reading_once(make); }
  SUBCASE("threads may share it") { threads_may_share_it(make); }
}

}  // namespace platen::cloud::contract
