#include "base/zone/zone.h"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace platen {
namespace {

constexpr std::string_view database = "zoneinfo/";

// ".../zoneinfo/Europe/Berlin" → "Europe/Berlin".
std::string after_database(const std::string& path) {
  const std::size_t at = path.rfind(database);
  return at == std::string::npos ? "" : path.substr(at + database.size());
}

std::string name_of_link() {
  std::error_code fault;
  const auto target = std::filesystem::read_symlink("/etc/localtime", fault);
  return fault ? "" : after_database(target.string());
}

std::string name_in_file() {
  std::string name;
  std::getline(std::ifstream("/etc/timezone"), name);
  return name;
}

std::string name_in_environment() {
  const char* tz = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe): read only, and nobody sets it
  std::string name = tz == nullptr ? "" : tz;
  if (name.starts_with(':')) name.erase(0, 1);
  return name.starts_with('/') ? after_database(name) : name;
}

absl::CivilSecond civil(Day day) {
  const std::chrono::year_month_day date{day};
  return absl::CivilSecond(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                           static_cast<int>(static_cast<unsigned>(date.day())));
}

}  // namespace

struct Zone::Rules {
  absl::TimeZone zone;
};

Expected<Zone> Zone::load(const std::string& iana_name) {
  auto rules = std::make_shared<Rules>();
  // Abseil also takes paths and "localtime": not names that mean the same on every host.
  const bool named = !iana_name.empty() && iana_name.front() != '/' && iana_name.find("..") == std::string::npos &&
                     iana_name != "localtime";
  if (!named || !absl::LoadTimeZone(iana_name, &rules->zone))
    return fail(
        Code::not_found,
        fmt::format("no time zone \"{}\"; write an IANA name like \"Europe/Berlin\", or install tzdata", iana_name));
  return Zone(iana_name, std::move(rules));
}

Zone Zone::local() {
  for (const std::string& name : {name_in_environment(), name_of_link(), name_in_file()}) {
    if (auto zone = load(name)) return std::move(*zone);
  }
  return utc();
}

Zone Zone::utc() { return {"UTC", std::make_shared<Rules>(Rules{absl::UTCTimeZone()})}; }

Day Zone::day_of(WallTime time) const {
  const absl::CivilDay day(absl::ToCivilSecond(absl::FromChrono(time), rules_->zone));
  return Day(std::chrono::days(day - absl::CivilDay(1970, 1, 1)));
}

WallTime Zone::begin_of(Day day) const {
  const absl::TimeZone::TimeInfo midnight = rules_->zone.At(civil(day));
  // Skipped: the clocks jump over midnight, at `trans`. Repeated: the first of the two.
  const absl::Time begin = midnight.kind == absl::TimeZone::TimeInfo::SKIPPED ? midnight.trans : midnight.pre;
  return WallTime(std::chrono::milliseconds(absl::ToUnixMillis(begin)));
}

std::string to_text(Day day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Expected<Day> day_from_text(std::string_view text) {
  const auto midnight = from_rfc3339(std::string(text) + "T00:00:00Z");
  if (!midnight) return fail(Code::invalid, fmt::format("'{}' is not a day like 2026-11-21", text));
  return Day(std::chrono::floor<std::chrono::days>(*midnight).time_since_epoch());
}

Day next_monthly(Day today, unsigned day_of_month) {
  const std::chrono::year_month_day date{today};
  auto month = date.year() / date.month();
  const auto in = [&](const std::chrono::year_month& of) {
    const std::chrono::year_month_day last{of / std::chrono::last};
    return Day(
        std::chrono::year_month_day{of.year(), of.month(), std::min(std::chrono::day(day_of_month), last.day())});
  };
  return in(month) >= today ? in(month) : in(month + std::chrono::months(1));
}

}  // namespace platen
