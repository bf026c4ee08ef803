#include "base/reading/same_printer.h"

#include <doctest/doctest.h>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;

TEST_CASE("serials are compared as letters and digits; what makers put in for none is none") {
  struct Row {
    const char* in;
    const char* key;
  };
  const Row rows[] = {
      {"vnb-3k1 2", "VNB3K12"},
      {"  X1Y2 ", "X1Y2"},
      {"00000VNB3K12", "VNB3K12"},
      {"0001234", "1234"},
      {"\xC3\x84"
       "B12345",
       "B12345"},
      {"A12", ""},
      {"00012", ""},
      {"", ""},
      {"  ", ""},
      {"0", ""},
      {"00000000", ""},
      {"XXXXXXXX", ""},
      {"????????", ""},
      {"-", ""},
      {"n/a", ""},
      {"Not Available", ""},
      {"unknown", ""},
      {"UNDEFINED", ""},
      {"1234567890", ""},
      {"0123456789", ""},
      {"To be filled by O.E.M.", ""},
      {"serial number", ""},
      {"fffffff", ""},
      {"CN12345678", "CN12345678"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(serial_key(row.in) == row.key);
  }
  for (const char* none : {"", " ", "XXXXXXXXXX", "0000000000", "N/A", "----", "1234567890"}) CHECK(is_no_serial(none));
  for (const char* real : {"CN12345678", "X1", "00000001"}) CHECK_FALSE(is_no_serial(real));
}

TEST_CASE("a MAC that is nobody's own is none") {
  struct Row {
    const char* in;
    const char* key;
  };
  const Row rows[] = {
      {"00:1b:a9:01:02:03", "001BA9010203"},
      {"3C-2A-F4-01-02-03", "3C2AF4010203"},
      {"00:00:00:00:00:00", ""},
      {"FF:FF:FF:FF:FF:FF", ""},
      {"01:00:5E:00:00:01", ""},
      {"02:50:41:00:00:01", ""},
      {"DA:A1:19:00:00:01", ""},
      {"00:1B:A9:01:02", ""},
      {"00:1B:A9:01:02:03:04:05", ""},
      {"00:1B:A9:01:02:ZZ", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(mac_key(row.in) == row.key);
  }
}

TEST_CASE("the likeness of a reading: keys of all that names it") {
  Reading reading;
  reading.identity.serial = " vnb-3k12 ";
  reading.identity.mac = "02:50:41:00:00:01";
  reading.identity.macs = {"02:50:41:00:00:01", "00:1B:A9:01:02:03"};
  reading.identity.model = "Laser 4000";
  reading.identity.engine_id = "000000";
  reading.flags = {std::string(kDuplicateSerial)};
  const Likeness likeness = likeness_of(reading);
  CHECK(likeness.serial == "VNB3K12");
  CHECK(likeness.mac.empty());
  CHECK(likeness.macs == std::vector<std::string>{"001BA9010203"});
  CHECK(likeness.model == "LASER4000");
  CHECK(likeness.engine_id.empty());
  CHECK(likeness.duplicate_serial);
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
      {"one serial known on two machines, another card",
       {.serial = "A123", .mac = "M1", .model = "X", .duplicate_serial = true},
       {.serial = "A123", .mac = "M2", .model = "X"},
       Same::no},
      {"one serial known on two machines, the same card",
       {.serial = "A123", .mac = "M1", .model = "X"},
       {.serial = "A123", .mac = "M1", .model = "X", .duplicate_serial = true},
       Same::yes},
      {"one serial known on two machines, no card said",
       {.serial = "A123", .mac = "M1", .duplicate_serial = true},
       {.serial = "A123"},
       Same::cannot_tell},
      {"another of its own cards",
       {.mac = "M1", .model = "X", .macs = {"M1", "M2"}},
       {.mac = "M2", .model = "X", .macs = {"M1", "M2"}},
       Same::yes},
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
    CHECK(same_printer(row.known, row.seen) == row.same);
  }
}

TEST_CASE("without a serial, only an uptime that ran on ties a status read to the machine") {
  const Likeness known{.mac = "M1", .object_id = "1.3.6.1.4.1.11", .up_time = 1'000'000};
  const auto seen = [&](std::optional<std::uint32_t> up_time) {
    return Likeness{.object_id = known.object_id, .up_time = up_time};
  };
  CHECK(same_since(known, seen(1'000'000 + 90'000), 15min) == Same::yes);
  CHECK(same_since(known, seen(1'000'000 + 95'000), 15min) == Same::yes);  // a fast clock
  CHECK(same_since(known, seen(5'000), 15min) == Same::cannot_tell);       // started again, or another one
  CHECK(same_since(known, seen(3'000'000), 15min) == Same::cannot_tell);   // up for longer than it can be
  CHECK(same_since(known, seen(std::nullopt), 15min) == Same::cannot_tell);
  const Likeness old{.object_id = "1.3.6.1.4.1.11", .up_time = 4'294'967'000};
  CHECK(same_since(old, seen(90'000 - 296), 15min) == Same::yes);  // past 497 days
  CHECK(same_since({.serial = "A123"}, {.serial = "B123"}, 15min) == Same::no);
  CHECK(same_since({.serial = "A123"}, {.serial = "A123", .up_time = 5}, 15min) == Same::yes);
}

TEST_CASE("whoever is told apart one way is told apart the other way round") {
  const std::string serials[] = {"", "A123", "B123"}, macs[] = {"", "M1", "M2"}, models[] = {"", "X", "Y"};
  std::vector<Likeness> all;
  for (const auto& serial : serials)
    for (const auto& mac : macs)
      for (const auto& model : models)
        for (const bool duplicate : {false, true})
          all.push_back({.serial = serial, .mac = mac, .model = model, .duplicate_serial = duplicate});
  for (const Likeness& a : all) {
    CHECK(same_printer(a, a) != Same::no);
    for (const Likeness& b : all) {
      CHECK(same_printer(a, b) == same_printer(b, a));
      CHECK(may_be_twins(a, b) == may_be_twins(b, a));
      if (same_printer(a, b) == Same::yes) CHECK((a.serial.empty() || b.serial.empty() || a.serial == b.serial));
    }
  }
}
