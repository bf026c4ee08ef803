#include "base/meter/leap.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/reading/same_printer.h"

namespace platen::meter {
namespace {

using std::chrono::minutes;

// No press is faster than this many impressions a minute, and no site prints more than that many for long.
constexpr std::uint64_t possible_rate = 1000, likely_rate = 100;
constexpr std::uint64_t possible_slack = 10'000, likely_slack = 100;  // between two reads, however close
constexpr minutes unknown_time = std::chrono::days(31);
constexpr std::array<std::pair<std::uint64_t, Reason>, 2> widths = {
    {{std::uint64_t{1} << 31U, Reason::wrapped_31}, {std::uint64_t{1} << 32U, Reason::wrapped_32}}};
constexpr std::uint64_t widest_part = 64;  // a wrap starts in the last 64th of the width and ends in the first

struct Words {
  std::string_view code, said;
};
constexpr std::array<Words, reasons> words = {{
    {"first", "its first reading"},
    {"wrapped-31", "it wrapped at 2^31"},
    {"wrapped-32", "it wrapped at 2^32"},
    {"reset", "it was reset"},
    {"fell", "a counter never falls by itself"},
    {"jumped", "more than any printer prints in that time"},
    {"board-swapped", "the device has another mainboard or network card"},
    {"device-swapped", "another device answers in its place"},
}};

std::uint64_t rise(const Value& before, const Value& now, std::uint64_t rate, std::uint64_t slack) {
  minutes elapsed = unknown_time;
  if (before.at && now.at && *before.at >= WallTime{} && *now.at >= *before.at)
    elapsed = std::chrono::duration_cast<minutes>(*now.at - *before.at) + minutes(1);
  return slack + rate * static_cast<std::uint64_t>(elapsed.count());
}

// The sum that makes `now` go on where `before` ended.
std::int64_t level(std::uint64_t before, std::uint64_t now) { return static_cast<std::int64_t>(before - now); }

bool was_reset(const Value& before, const Value& now) {
  return now.count <= before.count / 4 && now.count <= rise(before, now, likely_rate, likely_slack);
}

std::optional<Leap> wrap_between(const Value& before, const Value& now) {
  const std::uint64_t most = rise(before, now, possible_rate, possible_slack);
  for (const auto& [width, reason] : widths) {
    if (before.count >= width) continue;
    const std::uint64_t up = width - before.count, on = now.count;
    if (up <= width / widest_part && on <= width / widest_part && up + on <= most)
      return Leap{reason, static_cast<std::int64_t>(width)};
  }
  return std::nullopt;
}

std::int64_t carry_over_a_board(const Value& before, const Value& now) {
  if (runs_on(before, now)) return 0;  // whoever swapped it set the counter
  return was_reset(before, now) ? static_cast<std::int64_t>(before.count) : level(before.count, now.count);
}

std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

bool made_from_an_address(const std::string& engine_id) {
  return engine_id.size() >= 10 && (engine_id.substr(8, 2) == "01" || engine_id.substr(8, 2) == "02");
}

bool differ(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

}  // namespace

std::string_view code_of(Reason reason) { return words.at(static_cast<std::size_t>(reason)).code; }

std::optional<Reason> of_code(std::string_view code) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Words& row) { return row.code == code; });
  return found == words.end() ? std::nullopt : std::optional(static_cast<Reason>(found - words.begin()));
}

Who who_of(const Reading& reading) {
  const Identity& identity = reading.identity;
  Who who{.serial = serial_key(identity.serial.value_or("")),
          .engine_id = plain(identity.engine_id.value_or("")),
          .macs = {}};
  if (made_from_an_address(who.engine_id)) who.engine_id.clear();
  for (const std::string& mac : identity.macs) who.macs.push_back(mac_key(mac));
  who.macs.push_back(mac_key(identity.mac.value_or("")));
  std::sort(who.macs.begin(), who.macs.end());
  who.macs.erase(std::unique(who.macs.begin(), who.macs.end()), who.macs.end());
  std::erase(who.macs, "");
  return who;
}

Change change_between(const Who& before, const Who& now) {
  const bool macs_said = !before.macs.empty() && !now.macs.empty();
  const bool a_mac_stayed =
      std::find_first_of(before.macs.begin(), before.macs.end(), now.macs.begin(), now.macs.end()) != before.macs.end();
  const bool other_card = macs_said ? !a_mac_stayed : differ(before.engine_id, now.engine_id);
  const bool serials_said = !before.serial.empty() && !now.serial.empty();
  if (serials_said && before.serial != now.serial) return a_mac_stayed ? Change::board : Change::device;
  if (!other_card) return Change::none;
  return serials_said ? Change::board : Change::device;
}

Who completed(Who now, const Who& before) {
  if (now.serial.empty()) now.serial = before.serial;
  if (now.engine_id.empty()) now.engine_id = before.engine_id;
  if (now.macs.empty()) now.macs = before.macs;
  return now;
}

bool runs_on(const Value& before, const Value& now) {
  return now.count >= before.count && now.count - before.count <= rise(before, now, possible_rate, possible_slack);
}

std::optional<Leap> leap_between(const Value& before, const Value& now, Change change) {
  if (change == Change::board) return Leap{Reason::board_swapped, carry_over_a_board(before, now)};
  if (change == Change::device) return Leap{Reason::device_swapped, level(before.count, now.count)};
  if (runs_on(before, now)) return std::nullopt;
  if (now.count >= before.count) return Leap{Reason::jumped, level(before.count, now.count)};
  if (const auto wrap = wrap_between(before, now)) return wrap;
  if (was_reset(before, now)) return Leap{Reason::reset, static_cast<std::int64_t>(before.count)};
  return Leap{Reason::fell, level(before.count, now.count)};
}

std::uint64_t carried(std::uint64_t raw, std::int64_t carry) { return raw + static_cast<std::uint64_t>(carry); }

std::string sentence(Reason reason, std::uint64_t before, std::uint64_t now) {
  const std::string_view said = words.at(static_cast<std::size_t>(reason)).said;
  if (reason == Reason::first) return std::string(said);
  return fmt::format("the counter went from {} to {}: {}", before, now, said);
}

}  // namespace platen::meter
