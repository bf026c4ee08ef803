#include "agent/schedule/forecast.h"

#include <fmt/format.h>

#include <algorithm>

namespace platen::schedule {
namespace {

constexpr std::chrono::hours lately{36};

bool fresh(const std::optional<WallTime>& time, WallTime now) {
  return time && now - *time <= lately && *time - now <= lately;  // a clock that was put back is no reason to doubt
}

std::string since(const std::optional<WallTime>& time) { return time ? to_rfc3339(*time).substr(0, 16) + "Z" : ""; }

wire::Outlook outlook_of(const MeterMemory& memory, WallTime now) {
  wire::Outlook out{.address = memory.address,
                    .serial = memory.serial,
                    .model = memory.model,
                    .code = "",
                    .why = "",
                    .total_at = memory.total_at};
  if (fresh(memory.total_at, now)) return out;
  if (!memory.total_at && memory.trouble.empty()) {
    out.code = "no-total", out.why = "the printer has never said how many pages it has printed";
  } else if (!memory.trouble.empty()) {
    out.code = memory.trouble;
    out.why = memory.trouble_text + (memory.answered_at ? "; last answer " + since(memory.answered_at) : "");
  } else if (!fresh(memory.answered_at, now)) {
    out.code = "not-seen", out.why = "not seen since " + since(memory.answered_at);
  } else {
    out.code = "not-read", out.why = "answers, but its last total was read " + since(memory.total_at);
  }
  return out;
}

}  // namespace

std::size_t without_a_meter(const wire::Forecast& forecast) {
  return static_cast<std::size_t>(std::count_if(forecast.printers.begin(), forecast.printers.end(),
                                                [](const wire::Outlook& each) { return !each.code.empty(); }));
}

wire::Forecast forecast(std::span<const MeterMemory> printers, const Zone& zone, WallTime now, unsigned billing_day) {
  wire::Forecast out{.made = now,
                     .time_zone = zone.name(),
                     .billing_day = to_text(next_monthly(zone.day_of(now), billing_day)),
                     .printers = {},
                     .left_out = 0};
  for (const MeterMemory& memory : printers) out.printers.push_back(outlook_of(memory, now));
  std::stable_sort(out.printers.begin(), out.printers.end(),
                   [](const wire::Outlook& a, const wire::Outlook& b) { return a.code.empty() < b.code.empty(); });
  return out;
}

}  // namespace platen::schedule
