// What the contract of a store says things with: readings, records, moments.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cloud/store/store.h"
#include "proto/reading_codec.h"

namespace platen::cloud::contract {

using MakeStore = std::function<std::unique_ptr<Store>()>;

inline const WallTime noon = from_rfc3339("2026-11-21T12:00:00Z").value();
inline WallTime minutes_past_noon(int minutes) { return noon + std::chrono::minutes(minutes); }

struct Said {
  std::string serial = {}, mac = {}, address = "192.0.2.7", model = "Example 100";
  std::uint64_t total = 1000;
  int minute = 0;
  Reading::Kind kind = Reading::Kind::full;
};

inline Supply supply(const std::string& index, const std::string& description, std::int64_t level,
                     std::int64_t capacity) {
  Supply made;
  made.index = index, made.description = description, made.supply_class = 3;
  made.level = Amount::from_wire(level), made.max_capacity = Amount::from_wire(capacity);
  return made;
}

inline Reading reading(const Said& said) {
  Reading made;
  made.kind = said.kind, made.address = said.address, made.read_at = minutes_past_noon(said.minute);
  if (!said.serial.empty()) made.identity.serial = said.serial;
  if (!said.mac.empty()) made.identity.mac = said.mac;
  if (said.kind == Reading::Kind::full) made.identity.model = said.model, made.identity.manufacturer = "Example";
  CounterPoint total;
  total.value = said.total, total.unit = 7;
  total.evidence = {"prtMarkerLifeCount.1.1", "1.3.6.1.2.1.43.10.2.1.4.1.1", std::to_string(said.total), 'A'};
  made.counters = {total};
  made.supplies = {supply("1.1", "Black Toner", 40, 100), supply("1.2", "Waste Box", -3, -2)};
  return made;
}

inline StoredRecord record(std::uint64_t seq, const Reading& reading) {
  return {.seq = seq, .kind = "reading", .octets = wire::encode_reading(reading), .reading = reading};
}
inline StoredRecord note(std::uint64_t seq) {
  return {.seq = seq, .kind = "gap", .octets = "note", .reading = std::nullopt};
}

// Puts one batch that starts at last+1; all of it must be taken.
inline void put_readings(Store& store, const std::string& agent, const std::vector<Reading>& readings,
                         int minute = 600) {
  std::uint64_t seq = store.position(agent, "e1").value();
  std::vector<StoredRecord> batch;
  for (const Reading& one : readings) batch.push_back(record(++seq, one));
  const auto result = store.put(agent, "e1", batch, minutes_past_noon(minute));
  REQUIRE(result);
  REQUIRE_FALSE(result->gap);
  REQUIRE(result->through_seq == seq);
}

}  // namespace platen::cloud::contract
