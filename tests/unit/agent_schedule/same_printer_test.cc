#include "agent/schedule/same_printer.h"

#include <doctest/doctest.h>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::Likeness;
using schedule::Same;

TEST_CASE("identity is normalised, and what stands for none is none") {
  Reading reading;
  reading.identity.mac = "00:00:00:00:00:00";
  reading.identity.model = "Laser 4000";
  for (const char* serial : {"00000000", "unknown", "N/A", "XXXXXXXX", "-", ""}) {
    reading.identity.serial = serial;
    CHECK(schedule::likeness_of(reading).serial.empty());
  }
  reading.identity.serial = " vnb-3k12 ";
  const Likeness likeness = schedule::likeness_of(reading);
  CHECK(likeness.serial == "VNB3K12");
  CHECK(likeness.mac.empty());
  CHECK(likeness.model == "LASER4000");
}

TEST_CASE("serial, then MAC, then engine id decide, with the model as a check") {
  struct Row {
    const char* name;
    Likeness known, seen;
    Same same;
  };
  const Row rows[] = {
      {"same serial", {.serial = "A123"}, {.serial = "A123"}, Same::yes},
      {"other serial", {.serial = "A123", .mac = "M1"}, {.serial = "B123", .mac = "M1"}, Same::no},
      {"new network card",
       {.serial = "A123", .mac = "M1", .model = "X"},
       {.serial = "A123", .mac = "M2", .model = "X"},
       Same::yes},
      {"two makers, one serial",
       {.serial = "A123", .mac = "M1", .model = "X"},
       {.serial = "A123", .mac = "M2", .model = "Y"},
       Same::no},
      {"serial on one side only, same MAC", {.serial = "A123", .mac = "M1"}, {.mac = "M1"}, Same::yes},
      {"same MAC, other model", {.mac = "M1", .model = "X"}, {.mac = "M1", .model = "Y"}, Same::no},
      {"other MAC", {.mac = "M1"}, {.mac = "M2"}, Same::no},
      {"same engine", {.engine_id = "E1"}, {.engine_id = "E1"}, Same::yes},
      {"other model and nothing else", {.model = "X"}, {.model = "Y"}, Same::no},
      {"other sysObjectID and nothing else",
       {.object_id = "1.3.6.1.4.1.11"},
       {.object_id = "1.3.6.1.4.1.641"},
       Same::no},
      {"nothing to compare", {.serial = "A123"}, {.mac = "M1"}, Same::cannot_tell},
      {"nothing at all", {}, {}, Same::cannot_tell},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(schedule::same_printer(row.known, row.seen) == row.same);
  }
}

TEST_CASE("without a serial, only an uptime that ran on ties a status read to the machine") {
  const Likeness known{.mac = "M1", .object_id = "1.3.6.1.4.1.11", .up_time = 1'000'000};
  const auto seen = [&](std::optional<std::uint32_t> up_time) {
    return Likeness{.object_id = known.object_id, .up_time = up_time};
  };
  CHECK(schedule::same_since(known, seen(1'000'000 + 90'000), 15min) == Same::yes);
  CHECK(schedule::same_since(known, seen(1'000'000 + 95'000), 15min) == Same::yes);  // a fast clock
  CHECK(schedule::same_since(known, seen(5'000), 15min) == Same::cannot_tell);       // started again, or another one
  CHECK(schedule::same_since(known, seen(3'000'000), 15min) == Same::cannot_tell);   // up for longer than it can be
  CHECK(schedule::same_since(known, seen(std::nullopt), 15min) == Same::cannot_tell);
  const Likeness old{.object_id = "1.3.6.1.4.1.11", .up_time = 4'294'967'000};
  CHECK(schedule::same_since(old, seen(90'000 - 296), 15min) == Same::yes);  // past 497 days
  CHECK(schedule::same_since({.serial = "A123"}, {.serial = "B123"}, 15min) == Same::no);
  CHECK(schedule::same_since({.serial = "A123"}, {.serial = "A123", .up_time = 5}, 15min) == Same::yes);
}
