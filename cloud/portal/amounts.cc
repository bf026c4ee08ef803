#include "cloud/portal/amounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cloud/portal/layout.h"

namespace platen::portal {
namespace {

bool above_maximum(const Gauge& gauge) {
  const auto level = gauge.level->amount();
  const auto whole = gauge.max_capacity ? gauge.max_capacity->amount() : std::nullopt;
  return level && whole && *level > *whole;
}

std::optional<double> honest_percent(const Gauge& gauge) {
  if (!gauge.level || above_maximum(gauge)) return std::nullopt;
  return percent_of(gauge.level, gauge.max_capacity);
}

std::string counted(std::int64_t amount, const Gauge& gauge) {
  const std::string unit = enum_words(gauge.units, gauge.unit);
  return grouped(static_cast<std::uint64_t>(amount)) + (unit.empty() ? "" : " " + unit);
}

// The numbers behind a percentage, for the person who doubts it.
std::string raw_words(const Gauge& gauge) {
  const std::string unit = enum_words(gauge.units, gauge.unit);
  return fmt::format("{} of {}{}", gauge.level->raw, gauge.max_capacity->raw, unit.empty() ? "" : " " + unit);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

std::string gauge_words(const Gauge& gauge) {
  if (!gauge.level) return "";
  const bool room = gauge.means == Means::room_left;
  const std::string suffix = room ? " room left" : "";
  if (const auto percent = honest_percent(gauge)) return plain_percent(*percent) + suffix;
  switch (gauge.level->is) {
    case Amount::Is::some_remaining: return room ? "some room left" : "some left";
    case Amount::Is::unknown: return "unknown";
    case Amount::Is::other: return "not limited";
    case Amount::Is::vendor: return fmt::format("maker's code {}", gauge.level->raw);
    case Amount::Is::amount: break;
  }
  if (above_maximum(gauge)) return raw_words(gauge) + ": above its maximum";
  return counted(gauge.level->raw, gauge) + suffix;
}

Html gauge_cell(const Gauge& gauge) {
  if (!gauge.level) return element("td", {}, unsaid());
  const std::string words = gauge_words(gauge);
  const auto percent = honest_percent(gauge);
  if (!percent) return element("td", {}, words);
  if (gauge.max_capacity->raw == 100) return element("td", {}, bar(*percent, gauge.color, words));  // it says the same
  return element("td", {}, bar(*percent, gauge.color, words), element("span", {{"class", "under"}}, raw_words(gauge)));
}

std::string spaced(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !out.empty() && out.back() != ' ') out += ' ';
    out += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string enum_words(MibEnum list, const std::optional<std::int32_t>& number) {
  return number ? spaced(name_of(list, *number)) : "";
}

std::string sub_unit_status(std::int32_t status) {
  constexpr std::array<std::string_view, 8> availability = {
      "idle", "unavailable", "standby", "unavailable, on request", "active", "unavailable, broken", "busy", "unknown"};
  constexpr std::array<std::pair<std::int32_t, std::string_view>, 4> bits = {
      {{8, "non-critical alert"}, {16, "critical alert"}, {32, "off line"}, {64, "transitioning"}}};
  if (status < 0 || status > 126) return std::to_string(status);
  std::string words(availability.at(static_cast<std::size_t>(status & 7)));
  for (const auto& [bit, word] : bits) {
    if ((status & bit) != 0) words.append(", ").append(word);
  }
  return words;
}

std::string_view bar_color(const std::optional<std::string>& colorant) {
  constexpr std::array<std::string_view, 4> known = {"cyan", "magenta", "yellow", "black"};
  const std::string name = lower(colorant.value_or(""));
  const auto* found = std::find_if(known.begin(), known.end(),
                                   [&](std::string_view one) { return name.find(one) != std::string::npos; });
  return found == known.end() ? std::string_view() : *found;
}

}  // namespace platen::portal
