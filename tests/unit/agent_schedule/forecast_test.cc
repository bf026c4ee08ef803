#include "agent/schedule/forecast.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using schedule::MeterMemory;

TEST_CASE("which printers will have a meter for the billing date, which not and why") {
  const WallTime now = from_rfc3339("2026-11-21T12:00:00Z").value();
  const auto ago = [&](std::chrono::hours hours) { return std::optional<WallTime>(now - hours); };
  struct Row {
    const char* name;
    std::optional<WallTime> total_at, answered_at;
    const char *trouble, *code, *why;
  };
  const Row rows[] = {
      {"read tonight", ago(12h), ago(1h), "", "", ""},
      {"silent since a night ago", ago(30h), ago(30h), "snmp.timeout", "", ""},
      {"read tomorrow, by a clock that was put back", ago(-20h), ago(-20h), "", "", ""},
      {"no total", {}, ago(1h), "", "no-total", "the printer has never said how many pages it has printed"},
      {"gone", ago(100h), ago(90h), "", "not-seen", "not seen since 2026-11-17T18:00Z"},
      {"answers without a total", ago(100h), ago(1h), "", "not-read",
       "answers, but its last total was read 2026-11-17T08:00Z"},
      {"gone, and we know how", ago(100h), ago(90h), "snmp.timeout", "snmp.timeout",
       "no answer; last answer 2026-11-17T18:00Z"},
      {"never let us in", {}, {}, "snmp.v3.wrong-auth", "snmp.v3.wrong-auth", "no answer"},
  };
  std::vector<MeterMemory> memories;
  for (const Row& row : rows) {
    MeterMemory memory;
    memory.address = row.name, memory.total_at = row.total_at, memory.answered_at = row.answered_at;
    memory.trouble = row.trouble, memory.trouble_text = *row.trouble == 0 ? "" : "no answer";
    memories.push_back(memory);
  }
  const auto made = schedule::forecast(memories, Zone::load("Europe/Berlin").value(), now, 31);
  CHECK(made.billing_day == "2026-11-30");
  CHECK(made.time_zone == "Europe/Berlin");
  CHECK(schedule::without_a_meter(made) == 5);
  REQUIRE(made.printers.size() == std::size(rows));
  for (std::size_t i = 0; i < made.printers.size(); ++i) CHECK(made.printers[i].code.empty() == (i >= 5));
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto at = std::find_if(made.printers.begin(), made.printers.end(),
                                 [&](const wire::Outlook& each) { return each.address == row.name; });
    REQUIRE(at != made.printers.end());
    CHECK(at->code == row.code);
    CHECK(at->why == row.why);
  }
}
