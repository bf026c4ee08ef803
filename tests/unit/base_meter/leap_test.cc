#include "base/meter/leap.h"

#include <doctest/doctest.h>

using namespace platen;         // NOLINT: a test
using namespace platen::meter;  // NOLINT
using namespace std::chrono_literals;

namespace {

const WallTime noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 12h;
constexpr std::uint64_t two31 = std::uint64_t{1} << 31U, two32 = std::uint64_t{1} << 32U;

}  // namespace

TEST_CASE("what happened between two values of a counter") {
  struct Row {
    const char* name;
    std::uint64_t before, now;
    std::chrono::minutes later;
    Change change;
    std::optional<Leap> leap;
  };
  const Row rows[] = {
      {"ran on", 5000, 5010, 15min, Change::none, {}},
      {"did not move", 5000, 5000, 15min, Change::none, {}},
      {"as much as any press prints", 5000, 5000 + 26'000, 15min, Change::none, {}},
      {"more than that", 5000, 5000 + 26'001, 15min, Change::none, Leap{Reason::jumped, -26'001}},
      {"a month's worth after a month", 5000, 900'000, 31 * 24h, Change::none, {}},
      {"to zero", 48210, 0, 15min, Change::none, Leap{Reason::reset, 48210}},
      {"near zero", 48210, 12, 15min, Change::none, Leap{Reason::reset, 48210}},
      {"far from zero", 48210, 20'000, 15min, Change::none, Leap{Reason::fell, 28'210}},
      {"by one", 48210, 48'209, 15min, Change::none, Leap{Reason::fell, 1}},
      {"wrap of an Integer32", two31 - 5, 7, 15min, Change::none, Leap{Reason::wrapped_31, std::int64_t{two31}}},
      {"wrap of a Counter32", two32 - 5, 7, 15min, Change::none, Leap{Reason::wrapped_32, std::int64_t{two32}}},
      {"too far for a wrap", two32 - 5, 30'000, 15min, Change::none, Leap{Reason::fell, std::int64_t{two32} - 30'005}},
      {"2^32-1 for unknown", 900, two32 - 1, 15min, Change::none,
       Leap{Reason::jumped, 900 - (std::int64_t{two32} - 1)}},
      {"another board, its counter set", 48210, 48215, 1h, Change::board, Leap{Reason::board_swapped, 0}},
      {"another board, new", 48210, 3, 1h, Change::board, Leap{Reason::board_swapped, 48210}},
      {"another board, used", 48210, 30'000, 1h, Change::board, Leap{Reason::board_swapped, 18'210}},
      {"another device", 48210, 70'000, 1h, Change::device, Leap{Reason::device_swapped, -21'790}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto leap = leap_between({row.before, noon}, {row.now, noon + row.later}, row.change);
    CHECK(leap == row.leap);
    if (leap) CHECK(carried(row.now, leap->carry) >= row.before);
  }
}

TEST_CASE("without a trusted clock a month may have passed, and a clock that went back tells nothing") {
  CHECK(runs_on({5000, {}}, {5'000'000, noon}));
  CHECK(runs_on({5000, noon}, {5'000'000, noon - 1h}));
  CHECK_FALSE(runs_on({5000, noon}, {5'000'000, noon + 1h}));
  CHECK_FALSE(runs_on({5000, {}}, {5'000'000'000, {}}));
  CHECK(runs_on({5000, WallTime::min()}, {6000, WallTime::max()}));
}

TEST_CASE("which part of a device was changed") {
  const Who whole{.serial = "VNB3K12345", .engine_id = "", .macs = {"0A0B0C0D0E0F"}};
  struct Row {
    const char* name;
    Who now;
    Change change;
  };
  const Row rows[] = {
      {"the same", whole, Change::none},
      {"another card beside the old one", {"VNB3K12345", "", {"0A0B0C0D0E0F", "AABBCCDDEEFF"}}, Change::none},
      {"only a card", {"", "", {"0A0B0C0D0E0F"}}, Change::none},
      {"only a serial", {"VNB3K12345", "", {}}, Change::none},
      {"nothing said", {}, Change::none},
      {"another card", {"VNB3K12345", "", {"AABBCCDDEEFF"}}, Change::board},
      {"another serial, same card", {"VNB3K99999", "", {"0A0B0C0D0E0F"}}, Change::board},
      {"another serial and card", {"VNB3K99999", "", {"AABBCCDDEEFF"}}, Change::device},
      {"another card, no serial", {"", "", {"AABBCCDDEEFF"}}, Change::device},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(change_between(whole, row.now) == row.change);
  }
  const Who engine{.serial = "VNB3K12345", .engine_id = "8000001103AA", .macs = {}};
  CHECK(change_between(engine, {"VNB3K12345", "8000001103BB", {}}) == Change::board);
  CHECK(completed({}, whole) == whole);
}

TEST_CASE("an identity is letters and digits; an engine id made from an address is a place") {
  Reading reading;
  reading.identity.serial = " vnb-3k1 ";
  reading.identity.mac = "00:0b:0c:0d:0e:0f";
  reading.identity.macs = {"00:0B:0C:0D:0E:0F", "00:00:00:00:00:00"};
  reading.identity.engine_id = "8000000001c0000207";
  CHECK(who_of(reading) == Who{"VNB3K1", "", {"000B0C0D0E0F"}});
  reading.identity.engine_id = "8000000003c0000207";
  reading.identity.serial = "00000000";
  CHECK(who_of(reading) == Who{"", "8000000003C0000207", {"000B0C0D0E0F"}});
}

TEST_CASE("each reason has its word, and the sentence says the two values") {
  for (std::size_t i = 0; i < reasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    CHECK(of_code(code_of(reason)) == reason);
  }
  CHECK_FALSE(of_code("wrapped"));
  CHECK(sentence(Reason::reset, 48210, 12) == "the counter went from 48210 to 12: it was reset");
}
