// What every ledger::Ledger promises (agent/ledger/ledger.h), as one suite.
//   TEST_CASE("…") { ledger_keeps_its_promise([] { return an_empty_ledger(); }); }
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "agent/ledger/ledger.h"
#include "proto/chain.h"

namespace platen::ledger::contract {

using MakeLedger = std::function<std::unique_ptr<Ledger>()>;

inline std::uint64_t append_one(Ledger& ledger, const std::string& octets, std::string_view kind = "reading") {
  return ledger.append(kind, std::array{octets}).value();
}

inline std::vector<std::uint64_t> seqs(const std::vector<Entry>& entries) {
  std::vector<std::uint64_t> found;
  for (const Entry& entry : entries) found.push_back(entry.seq);
  return found;
}

inline void ledger_keeps_its_promise(const MakeLedger& make) {
  const auto ledger = make();
  const std::string epoch = ledger->position().epoch;

  SUBCASE("it begins empty, with an epoch of 32 hex digits") {
    CHECK(epoch.size() == 32);
    CHECK(epoch.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(ledger->position().first == 1);
    CHECK(ledger->position().last == 0);
    CHECK(ledger->after(0, 1000).value().empty());
    CHECK(make()->position().epoch != epoch);
  }
  SUBCASE("records come back as they went in, in order") {
    const std::string odd("a\0\xFF\n", 4);
    CHECK(append_one(*ledger, odd) == 1);
    CHECK(ledger->append("scan", std::array<std::string, 2>{"", "c"}).value() == 3);
    const auto entries = ledger->after(0, 1000).value();
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].octets == odd);
    CHECK(entries[0].kind == "reading");
    CHECK(entries[1].octets.empty());
    CHECK(entries[2].kind == "scan");
    CHECK(seqs(ledger->after(1, 1000).value()) == std::vector<std::uint64_t>{2, 3});
    CHECK(ledger->after(3, 1000).value().empty());
    CHECK(ledger->after(99, 1000).value().empty());
  }
  SUBCASE("readings of a device come back octet for octet, however little they differ") {
    std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same octets on every run
    std::string said(3000, ' ');
    for (char& octet : said) octet = static_cast<char>(random());
    std::vector<std::string> went_in;
    for (int i = 0; i < 60; ++i) {
      said[random() % said.size()] = static_cast<char>(random());
      if (i == 30) std::shuffle(said.begin(), said.end(), random);
      if (i % 7 != 0) said += static_cast<char>(random());
      const Draft draft{.kind = "reading",
                        .octets = said,
                        .device = i % 5 == 0 ? "another" : "printer",
                        .worth = i % 3 == 0 ? Worth::meters : Worth::status};
      REQUIRE(ledger->append(std::array{draft}));
      went_in.push_back(said);
      if (i == 20) REQUIRE(ledger->acknowledge(epoch, 15));  // what later ones lean on may be acknowledged already
    }
    const auto entries = ledger->after(0, 1'000'000).value();
    REQUIRE(entries.size() == 45);
    for (const Entry& entry : entries) CHECK(entry.octets == went_in.at(entry.seq - 1));
    CHECK(entries.back().device == "printer");
    CHECK(entries.back().worth == Worth::status);
  }
  SUBCASE("nothing appended is nothing changed") {
    append_one(*ledger, "a");
    CHECK(ledger->append("reading", {}).value() == 1);
  }
  SUBCASE("the newest of each device and kind, newest first, page by page") {
    const auto keep = [&](const std::string& device, Worth worth) {
      const Draft draft{.kind = "reading", .octets = std::string(600, 'x') + device, .device = device, .worth = worth};
      return ledger->append(std::array{draft}).value();
    };
    keep("a", Worth::status), keep("a", Worth::supplies), keep("b", Worth::meters);
    const auto a_meters = keep("a", Worth::meters), b_status = keep("b", Worth::status);
    append_one(*ledger, "nobody's");
    const auto a_status = keep("a", Worth::status), b_full = keep("b", Worth::supplies);
    const auto between = [&](std::uint64_t after, std::uint64_t before, std::size_t octets) {
      return seqs(ledger->newest_of_each(epoch, after, before, octets).value());
    };
    const std::vector<std::uint64_t> all = {b_full, a_status, b_status, a_meters};
    CHECK(between(0, ~0ULL, 1U << 20U) == all);
    CHECK(between(0, ~0ULL, 1300) == std::vector{b_full, a_status});
    CHECK(between(0, a_status, 1300) == std::vector{b_status, a_meters});
    CHECK(between(0, a_meters, 1300).empty());
    CHECK(between(b_status, ~0ULL, 1) == std::vector{b_full});
    const auto first = ledger->newest_of_each(epoch, 0, ~0ULL, 1).value();
    REQUIRE(first.size() == 1);
    CHECK(first[0].octets == ledger->after(b_full - 1, 1).value().at(0).octets);
    REQUIRE(ledger->acknowledge(epoch, a_status));
    CHECK(between(0, ~0ULL, 1U << 20U) == std::vector{b_full});
    CHECK(ledger->newest_of_each("another", 0, ~0ULL, 1).error().code == Code::conflict);
  }
  SUBCASE("a page of records is bounded by octets, but never empty while there is one") {
    for (int i = 0; i < 5; ++i) append_one(*ledger, std::string(100, 'x'));
    CHECK(ledger->after(0, 250).value().size() == 2);
    CHECK(ledger->after(0, 1).value().size() == 1);
    CHECK(ledger->after(0, 500).value().size() == 5);
  }
  SUBCASE("a record that the cloud would never take is refused, and all of its append with it") {
    const auto refused = ledger->append("reading", std::array<std::string, 2>{"a", std::string((1U << 20U) + 1, 'x')});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::invalid);
    CHECK(ledger->position().last == 0);
  }
  SUBCASE("an acknowledgement trims and is kept; what is not true changes nothing") {
    for (int i = 0; i < 5; ++i) append_one(*ledger, "r");
    REQUIRE(ledger->acknowledge(epoch, 3));
    CHECK(ledger->acknowledge(epoch, 3));  // again is harmless
    struct Lie {
      std::string epoch;
      std::uint64_t seq;
    };
    for (const Lie& lie : {Lie{epoch, 6}, Lie{epoch, 2}, Lie{epoch, ~0ULL}, Lie{std::string(32, '0'), 4}, Lie{"", 4}}) {
      CAPTURE(lie.seq);
      const auto ignored = ledger->acknowledge(lie.epoch, lie.seq);
      REQUIRE_FALSE(ignored);
      CHECK(ignored.error().code == Code::invalid);
    }
    CHECK(ledger->position().acknowledged == 3);
    CHECK(ledger->position().first == 4);
    CHECK(ledger->position().last == 5);
    CHECK(seqs(ledger->after(0, 1000).value()) == std::vector<std::uint64_t>{4, 5});
    REQUIRE(ledger->acknowledge(epoch, 5));
    CHECK(append_one(*ledger, "next") == 6);  // numbers are never used again
  }
  SUBCASE("every record has the hash of the chain up to it") {
    for (int i = 1; i <= 3; ++i) append_one(*ledger, std::to_string(i));
    std::string hash = wire::chain_start(epoch);
    CHECK(ledger->hash_at(0).value() == hash);
    const auto entries = ledger->after(0, 1000).value();
    for (const Entry& entry : entries) {
      hash = wire::chain_link(hash, entry.seq, entry.kind, entry.octets);
      CHECK(entry.hash == hash);
      CHECK(entry.first == entry.seq);
      CHECK(ledger->hash_at(entry.seq).value() == hash);
    }
    REQUIRE(ledger->acknowledge(epoch, 2));
    CHECK(ledger->hash_at(2).value() == entries[1].hash);  // what the cloud says in its Welcome can be compared
    CHECK(ledger->after(epoch, 2, 1000).value().at(0).hash == hash);
    CHECK(ledger->after(std::string(32, '0'), 2, 1000).error().code == Code::conflict);
  }
  SUBCASE("a parked record is withheld in its place, and what follows still fits") {
    for (int i = 1; i <= 3; ++i) append_one(*ledger, std::to_string(i));
    const std::string hash = ledger->hash_at(2).value();
    REQUIRE(ledger->park(epoch, 2, "nobody wants it"));
    CHECK(ledger->park(epoch, 2, "again").error().code == Code::invalid);
    CHECK(ledger->park(epoch, 9, "not there").error().code == Code::invalid);
    CHECK(ledger->park(std::string(32, '0'), 3, "another epoch").error().code == Code::conflict);
    const auto entries = ledger->after(0, 1000).value();
    REQUIRE(entries.size() == 3);
    CHECK(entries[1].kind == wire::withheld_kind);
    CHECK(entries[1].hash == hash);
    CHECK(wire::decode_gap(entries[1].octets)->reason == wire::Gap::Reason::parked);
    CHECK(entries[2].hash == wire::chain_link(hash, 3, "reading", "3"));
    CHECK(ledger->health().parked == 1);
  }
  SUBCASE("a new epoch: what is not acknowledged goes on with its origin, then the gap that says why") {
    for (int i = 1; i <= 4; ++i) append_one(*ledger, std::to_string(i));
    REQUIRE(ledger->acknowledge(epoch, 2));
    const std::string hash = ledger->hash_at(3).value();
    REQUIRE(ledger->begin_epoch(epoch, wire::Gap::Reason::cloud_lost, 7));
    CHECK(ledger->begin_epoch(epoch, wire::Gap::Reason::cloud_lost, 7).error().code == Code::conflict);
    for (int i = 0; i < 3; ++i) ledger->tend();
    CHECK(ledger->position().epoch != epoch);
    const auto entries = ledger->after(0, 1000).value();
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].octets == "3");
    CHECK(entries[0].origins == wire::encode_origins({epoch, 3, hash}, ""));
    CHECK(entries[1].octets == "4");
    const auto gap = wire::decode_gap(entries[2].octets).value();
    CHECK(gap.reason == wire::Gap::Reason::cloud_lost);
    CHECK(gap.records == 7);
    CHECK_FALSE(ledger->acknowledge(epoch, 3));
  }
  SUBCASE("who waits is told after the record can be read") {
    std::vector<std::uint64_t> told;
    ledger->on_append([&] { told.push_back(ledger->after(0, 1000).value().back().seq); });
    append_one(*ledger, "a");
    CHECK(ledger->append("reading", {}));
    append_one(*ledger, "b");
    CHECK(told == std::vector<std::uint64_t>{1, 2});
  }
  SUBCASE("several threads append without a gap or a double") {
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
          for (int i = 0; i < 25; ++i) append_one(*ledger, std::to_string(t * 25 + i));
        });
    }
    std::vector<bool> seen(100);
    std::uint64_t expected = 0;
    const auto entries = ledger->after(0, 100'000).value();
    for (const Entry& entry : entries) {
      CHECK(entry.seq == ++expected);
      CHECK_FALSE(seen.at(std::stoul(entry.octets)));
      seen.at(std::stoul(entry.octets)) = true;
    }
    CHECK(expected == 100);
  }
}

}  // namespace platen::ledger::contract
