// The site's time zone: which day is it there, and when does it begin?
//
//   Source   the system's tz database (IANA; RFC 9636), read by Abseil: /usr/share/zoneinfo, or TZDIR.
//   Shapes   A Day is a calendar day at the site; it has 23, 24 or 25 hours. Where midnight does not exist (clocks that go
//            forward at 0:00), the day begins at the first moment that does.
//   Errors   load(): Code::not_found, with the name.
//   Effects  load() and local() read files; everything else is pure. Callable from any thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/expected.h"

namespace platen {

using Day = std::chrono::local_days;

class Zone {
 public:
  [[nodiscard]] static Expected<Zone> load(const std::string& iana_name);  // "Europe/Berlin"; "UTC"
  // The system's: TZ, else what /etc/localtime points to, else /etc/timezone, else UTC.
  [[nodiscard]] static Zone local();
  [[nodiscard]] static Zone utc();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Day day_of(WallTime time) const;
  [[nodiscard]] WallTime begin_of(Day day) const;

 private:
  struct Rules;
  Zone(std::string name, std::shared_ptr<const Rules> rules) : name_(std::move(name)), rules_(std::move(rules)) {}
  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

[[nodiscard]] std::string to_text(Day day);  // "2026-11-21"
[[nodiscard]] Expected<Day> day_from_text(std::string_view text);

// The first `day_of_month` after `today`, or today; in short months their last day.
[[nodiscard]] Day next_monthly(Day today, unsigned day_of_month);

}  // namespace platen
