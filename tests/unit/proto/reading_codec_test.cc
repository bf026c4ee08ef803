#include "proto/reading_codec.h"

#include <doctest/doctest.h>

#include <random>

#include "base/text.h"
#include "platen/v1/reading.pb.h"
#include "tests/unit/proto/random_reading.h"

using namespace platen;

namespace {

Reading small_reading() {
  Reading reading;
  reading.kind = Reading::Kind::status;
  reading.address = "192.0.2.7";
  reading.read_at = WallTime(std::chrono::milliseconds(1'795'226'400'000));
  reading.complete = false;
  reading.identity.serial = "X1";
  reading.status.printer_status = 3;
  reading.markers.push_back({.index = "1.1",
                             .mark_tech = {},
                             .counter_unit = 7,
                             .life_count = 123456,
                             .power_on_count = {},
                             .process_colorants = {},
                             .status = 0});
  CounterPoint point;
  point.color = CounterPoint::Color::mono;
  point.unit = 7;
  point.value = 300;
  point.evidence = {"rule", "1.3.6", "300", 'B'};
  reading.counters.push_back(point);
  Supply supply;
  supply.index = "1.3";
  supply.max_capacity = Amount::from_wire(-2);
  supply.level = Amount::from_wire(-3);
  reading.supplies.push_back(supply);
  reading.flags = {"walk-capped prtAlertTable"};
  return reading;
}

}  // namespace

TEST_CASE("decode(encode(x)) is x, whatever x is") {
  std::mt19937_64 random(20261121);  // NOLINT(cert-msc51-cpp): the same readings on every run
  for (int i = 0; i < 3000; ++i) {
    const Reading reading = tests::random_reading(random);
    const auto back = wire::decode_reading(wire::encode_reading(reading));
    REQUIRE(back);
    REQUIRE(*back == reading);
  }
}

// The agents in the field write these octets. If this test fails, the change is not additive: do not mend the test.
TEST_CASE("the wire does not change by accident") {
  const std::string golden =
      "0801"                            // kind 1: status
      "12093139322e302e322e37"          // address 2
      "1880d4a7bdbf68"                  // read_at_ms 3, zigzag
      "2001"                            // incomplete 4
      "2a041a025831"                    // identity 5 { serial 3 }
      "3200"                            // system 6: nothing said
      "3a021806"                        // status 7 { printer_status 3: zigzag of 3 }
      "420d0a03312e31180e20c0c4073800"  // markers 8 { index 1, counter_unit 3, life_count 4, status 7: 0, said }
      "4a1d1001300e48ac02"              // counters 9 { color 2, unit 6, value 9: 300,
      "52140a0472756c651205312e332e361a033330302001"  //        evidence 10 { source 1, oid 2, raw 3, confidence 4: B }
                                                      //        }
      "52090a03312e3348035005"                        // supplies 10 { index 1, max_capacity 9: -2, level 10: -3 }
      "7a1977616c6b2d63617070656420707274416c6572745461626c65";  // flags 15
  CHECK(to_hex(wire::encode_reading(small_reading())) == golden);
}

TEST_CASE("absent is not zero, and a statement about a sensor is not an amount") {
  Supply absent, zero, some;
  zero.level = Amount::from_wire(0);
  some.level = Amount::from_wire(-3);
  Reading reading;
  reading.supplies = {absent, zero, some};
  const auto supplies = wire::decode_reading(wire::encode_reading(reading)).value().supplies;
  CHECK_FALSE(supplies.at(0).level);
  CHECK(supplies.at(1).level->amount() == 0);
  CHECK(supplies.at(2).level->is == Amount::Is::some_remaining);
  CHECK_FALSE(supplies.at(2).level->amount());
}

TEST_CASE("a grade nobody defined is sent as C, which is never billed") {
  Reading reading;
  reading.counters.resize(1);
  reading.counters[0].evidence.confidence = '?';
  CHECK(wire::decode_reading(wire::encode_reading(reading)).value().counters.at(0).evidence.confidence == 'C');
}

TEST_CASE("octets out of bounds are refused with a reason") {
  struct Row {
    const char* name;
    void (*spoil)(v1::Reading&);
    Code code;
    const char* says;
  };
  const Row rows[] = {
      {"long text", [](v1::Reading& r) { r.set_address(std::string(4097, 'a')); }, Code::invalid, "4097 octets"},
      {"NUL in text", [](v1::Reading& r) { r.mutable_identity()->set_serial(std::string("a\0b", 3)); }, Code::invalid,
       "NUL"},
      {"long row of a list", [](v1::Reading& r) { r.mutable_status()->add_console_display(std::string(5000, 'a')); },
       Code::invalid, "5000"},
      {"too many rows",
       [](v1::Reading& r) {
         for (int i = 0; i <= 4096; ++i) r.add_alerts();
       },
       Code::invalid, "4097 rows"},
      {"too many flags",
       [](v1::Reading& r) {
         for (int i = 0; i <= 4096; ++i) r.add_flags();
       },
       Code::invalid, "4097 rows"},
      {"too many octets",
       [](v1::Reading& r) {
         for (int i = 0; i < 65; ++i) r.add_flags(std::string(4096, 'a'));
       },
       Code::invalid, "262144"},
      {"function of a newer agent",
       [](v1::Reading& r) { r.add_counters()->set_function(v1::CounterPoint::Function(6)); }, Code::invalid, "newer"},
      {"negative enum", [](v1::Reading& r) { r.add_counters()->set_color(v1::CounterPoint::Color(-1)); }, Code::invalid,
       "newer"},
      {"kind of a newer agent", [](v1::Reading& r) { r.set_kind(v1::Reading::Kind(2)); }, Code::invalid, "newer"},
      {"grade of a newer agent",
       [](v1::Reading& r) { r.add_counters()->mutable_evidence()->set_confidence(v1::Evidence::Confidence(3)); },
       Code::invalid, "newer"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    v1::Reading message;
    row.spoil(message);
    const auto read = wire::decode_reading(message.SerializeAsString());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == row.code);
    CHECK(read.error().text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("octets that are no reading are corrupt") {
  const std::string whole = wire::encode_reading(small_reading());
  std::size_t refused = 0;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto read = wire::decode_reading(std::string_view(whole).substr(0, cut));
    if (read) continue;  // cut between two fields
    CHECK(read.error().code == Code::corrupt);
    ++refused;
  }
  CHECK(refused > whole.size() / 2);
  CHECK(wire::decode_reading("\x12\x02\xC0\xAF").error().code == Code::corrupt);  // address that is not UTF-8
  CHECK(wire::decode_reading("{\"schema\":1}").error().code == Code::corrupt);
}

TEST_CASE("fields of a newer agent are passed over") {
  std::string octets = wire::encode_reading(small_reading());
  octets += "\xFA\x3F\x03new";  // field 1023, three octets
  CHECK(wire::decode_reading(octets).value() == small_reading());
}
