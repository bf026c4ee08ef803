#include "base/zone/zone.h"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;

namespace {

Zone zone(const char* name) { return Zone::load(name).value(); }
WallTime utc(const char* text) { return from_rfc3339(text).value(); }
Day day(const char* text) { return day_from_text(text).value(); }

}  // namespace

TEST_CASE("a day begins at the site's midnight") {
  struct Row {
    const char *name, *day, *begin;
  };
  const Row rows[] = {
      {"UTC", "2026-11-21", "2026-11-21T00:00:00.000Z"},
      {"Europe/Berlin", "2026-11-21", "2026-11-20T23:00:00.000Z"},
      {"Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00.000Z"},
      {"America/New_York", "2026-11-21", "2026-11-21T05:00:00.000Z"},
      {"Asia/Kolkata", "2026-11-21", "2026-11-20T18:30:00.000Z"},
      {"Asia/Kathmandu", "2026-11-21", "2026-11-20T18:15:00.000Z"},
      {"Pacific/Kiritimati", "2026-11-21", "2026-11-20T10:00:00.000Z"},
      {"Australia/Lord_Howe", "2026-01-15", "2026-01-14T13:00:00.000Z"},
      {"America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000Z"},  // 0:00 does not exist that day: it is 1:00
      {"America/Havana", "2026-11-01", "2026-11-01T04:00:00.000Z"},    // 0:00 comes twice: the first one
      {"Europe/Berlin", "2060-07-01", "2060-06-30T22:00:00.000Z"},     // beyond the table of transitions
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.day);
    const Zone at = zone(row.name);
    CHECK(to_rfc3339(at.begin_of(day(row.day))) == row.begin);
    CHECK(to_text(at.day_of(utc(row.begin))) == row.day);
    CHECK(at.day_of(utc(row.begin) - 1ms) == day(row.day) - std::chrono::days(1));
  }
}

TEST_CASE("days have 23, 24 or 25 hours, and follow each other without a hole") {
  struct Row {
    const char *name, *day;
    std::chrono::minutes length;
  };
  const Row rows[] = {
      {"Europe/Berlin", "2026-03-29", 23h},    {"Europe/Berlin", "2026-10-25", 25h},
      {"Europe/Berlin", "2026-10-26", 24h},    {"America/New_York", "2026-03-08", 23h},
      {"America/New_York", "2026-11-01", 25h}, {"Australia/Lord_Howe", "2026-10-04", 23h + 30min},
      {"America/Santiago", "2026-09-06", 23h}, {"UTC", "2026-03-29", 24h},
      {"Pacific/Apia", "2011-12-29", 24h},  // and the 30th was left out
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.day);
    const Zone at = zone(row.name);
    CHECK(at.begin_of(day(row.day) + std::chrono::days(1)) - at.begin_of(day(row.day)) == row.length);
  }
  for (const char* name : {"Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Asia/Tehran", "Australia/Sydney"}) {
    CAPTURE(name);
    const Zone at = zone(name);
    for (Day each = day("2010-01-01"); each < day("2030-01-01"); each += std::chrono::days(1)) {
      CHECK(at.day_of(at.begin_of(each)) == each);
      CHECK(at.begin_of(each) < at.begin_of(each + std::chrono::days(1)));
    }
  }
}

TEST_CASE("what is no zone is refused by name") {
  for (const char* wrong :
       {"", "Berlin", "Europe/", "/etc/localtime", "../../etc/passwd", "localtime", "UTC+5 hours"}) {
    CAPTURE(wrong);
    const auto loaded = Zone::load(wrong);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == Code::not_found);
    CHECK(loaded.error().text.find(wrong) != std::string::npos);
  }
  CHECK(zone("Asia/Kolkata").name() == "Asia/Kolkata");
}

TEST_CASE("the system's zone is TZ, when that is one") {
  for (const char* tz : {"Asia/Tokyo", ":Asia/Tokyo", "/usr/share/zoneinfo/Asia/Tokyo"}) {
    CAPTURE(tz);
    ::setenv("TZ", tz, 1);
    CHECK(Zone::local().name() == "Asia/Tokyo");
  }
  ::setenv("TZ", "nonsense", 1);
  CHECK_FALSE(Zone::local().name().empty());
  ::unsetenv("TZ");
}

TEST_CASE("days as text, and the next one of a month") {
  CHECK(to_text(day("2026-02-28")) == "2026-02-28");
  for (const char* wrong : {"", "2026-02-30", "2026-2-3", "21.11.2026", "2026-11-21T00:00:00Z"}) {
    CAPTURE(wrong);
    CHECK_FALSE(day_from_text(wrong));
  }
  struct Row {
    const char* today;
    unsigned monthly;
    const char* next;
  };
  const Row rows[] = {{"2026-11-21", 1, "2026-12-01"},  {"2026-11-01", 1, "2026-11-01"},
                      {"2026-12-31", 15, "2027-01-15"}, {"2026-02-10", 31, "2026-02-28"},
                      {"2024-02-10", 30, "2024-02-29"}, {"2026-01-31", 30, "2026-02-28"}};
  for (const Row& row : rows) {
    CAPTURE(row.today);
    CHECK(to_text(next_monthly(day(row.today), row.monthly)) == row.next);
  }
}
