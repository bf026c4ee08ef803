#include "agent/config/units.h"

#include <doctest/doctest.h>

using platen::config::bytes_text;
using platen::config::duration_text;
using platen::config::parse_bytes;
using platen::config::parse_duration;
using std::chrono::milliseconds;

TEST_CASE("durations and sizes that are fine") {
  CHECK(parse_duration("500ms") == milliseconds(500));
  CHECK(parse_duration("2s") == milliseconds(2'000));
  CHECK(parse_duration("15m") == milliseconds(900'000));
  CHECK(parse_duration("12h") == milliseconds(43'200'000));
  CHECK(parse_duration("30d") == milliseconds(2'592'000'000));
  CHECK(parse_bytes("0B") == 0U);
  CHECK(parse_bytes("256KiB") == 262'144U);
  CHECK(parse_bytes("64MiB") == 67'108'864U);
}

TEST_CASE("durations that are not") {
  struct Row {
    const char* text;
    const char* says;
  };
  const Row rows[] = {
      {"", "is not a duration like \"15m\""},
      {"soon", "is not a duration"},
      {"-5m", "is not a duration"},
      {"15", "has no unit; write for example \"15m\""},
      {"15 m", "unknown unit ' m'"},
      {"15min", "unknown unit 'min' (did you mean 'm'?)"},
      {"1.5h", "unknown unit '.5h'"},
      {"1h30m", "unknown unit 'h30m'"},
      {"15M", "unknown unit 'M' (did you mean 'm'?); allowed are ms, s, m, h or d"},
      {"9223372036854775807s", "too large"},
      {"99999999999999999999s", "too large"},
      {"5\x1b[31m", "\\x1b"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_duration(row.text);
    REQUIRE_FALSE(parsed);
    CAPTURE(parsed.error().text);
    CHECK(parsed.error().text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("sizes with the unit of a disk maker") {
  const auto parsed = parse_bytes("64MB");
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().text ==
        "\"64MB\" has the unknown unit 'MB' (did you mean 'MiB'?); allowed are B, KiB, MiB or GiB");
}

TEST_CASE("a value is written in its largest whole unit") {
  CHECK(duration_text(milliseconds(0)) == "0ms");
  CHECK(duration_text(milliseconds(90'000)) == "90s");
  CHECK(duration_text(milliseconds(7'200'000)) == "2h");
  CHECK(bytes_text(1536) == "1536B");
  CHECK(bytes_text(262'144) == "256KiB");
  for (const char* text : {"1ms", "59s", "15m", "23h", "30d"})
    CHECK(duration_text(parse_duration(text).value()) == text);
}
