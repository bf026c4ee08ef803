#include "base/clock.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace platen {
namespace {

using std::chrono::milliseconds;

class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] MonotonicTime monotonic() const override {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now());
  }
};

// The `digits` digits at `at`, or -1.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  if (at + digits > text.size()) return -1;
  const char* end = text.data() + at + digits;
  const auto [stop, fault] = std::from_chars(text.data() + at, end, value);
  return fault == std::errc{} && stop == end && text[at] != '-' ? value : -1;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string to_rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<milliseconds> clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Expected<WallTime> from_rfc3339(std::string_view text) {
  const auto bad = [&] {
    return fail(Code::invalid, fmt::format("'{}' is not a UTC time like 2026-11-21T02:10:45Z", text));
  };
  const bool fraction = text.size() == 24 && text[19] == '.';
  if ((text.size() != 20 && !fraction) || text.back() != 'Z') return bad();
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return bad();
  const std::array<int, 7> part = {number_at(text, 0, 4),
                                   number_at(text, 5, 2),
                                   number_at(text, 8, 2),
                                   number_at(text, 11, 2),
                                   number_at(text, 14, 2),
                                   number_at(text, 17, 2),
                                   fraction ? number_at(text, 20, 3) : 0};
  for (const int value : part) {
    if (value < 0) return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year{part[0]}, std::chrono::month(static_cast<unsigned>(part[1])),
                                         std::chrono::day(static_cast<unsigned>(part[2]))};
  if (!date.ok() || part[3] > 23 || part[4] > 59 || part[5] > 59) return bad();
  return std::chrono::sys_days{date} + std::chrono::hours{part[3]} + std::chrono::minutes{part[4]} +
         std::chrono::seconds{part[5]} + milliseconds{part[6]};
}

}  // namespace platen
