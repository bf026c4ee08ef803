#include "agent/config/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <utility>

#include "base/text.h"

namespace platen::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::array<Unit, 5> times = {{{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> sizes = {{{"B", 1}, {"KiB", 1U << 10U}, {"MiB", 1U << 20U}, {"GiB", 1U << 30U}}};

struct Words {
  std::string_view what, units, example;
  std::span<const Unit> known;
};
const Words duration_words = {"duration", "ms, s, m, h or d", "15m", times};
const Words bytes_words = {"size", "B, KiB, MiB or GiB", "64MiB", sizes};

// What people write instead; edit distance would take "min" for "ms".
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> meant = {{{"msec", "ms"},
                                                                                  {"sec", "s"},
                                                                                  {"S", "s"},
                                                                                  {"min", "m"},
                                                                                  {"M", "m"},
                                                                                  {"H", "h"},
                                                                                  {"hours", "h"},
                                                                                  {"days", "d"},
                                                                                  {"KB", "KiB"},
                                                                                  {"kB", "KiB"},
                                                                                  {"MB", "MiB"},
                                                                                  {"GB", "GiB"}}};

Expected<std::uint64_t> unknown_unit(const Words& words, std::string_view text, std::string_view unit) {
  std::string hint;
  for (const auto& pair : meant) {
    const bool ours = std::any_of(words.known.begin(), words.known.end(),
                                  [&](const Unit& known) { return known.name == pair.second; });
    if (ours && pair.first == unit) hint = fmt::format(" (did you mean '{}'?)", pair.second);
  }
  return fail(Code::invalid, fmt::format("\"{}\" has the unknown unit '{}'{}; allowed are {}", for_terminal(text),
                                         for_terminal(unit), hint, words.units));
}

Expected<std::uint64_t> parse(const Words& words, std::string_view text) {
  std::uint64_t number = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(stop - text.data()));
  if (fault == std::errc::invalid_argument) {
    return fail(Code::invalid, fmt::format("\"{}\" is not a {} like \"{}\" (a whole number and one of {})",
                                           for_terminal(text), words.what, words.example, words.units));
  }
  if (unit.empty()) {
    return fail(Code::invalid, fmt::format("\"{}\" has no unit; write for example \"{}\" (units: {})",
                                           for_terminal(text), words.example, words.units));
  }
  for (const Unit& known : words.known) {
    if (known.name != unit) continue;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (fault == std::errc::result_out_of_range || number > most / known.factor) {
      return fail(Code::invalid, fmt::format("\"{}\" is too large for a {}", for_terminal(text), words.what));
    }
    return number * known.factor;
  }
  return unknown_unit(words, text, unit);
}

std::string written(std::span<const Unit> units, std::uint64_t value) {
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) best = &unit;
  }
  return fmt::format("{}{}", value / best->factor, best->name);
}

}  // namespace

Expected<std::chrono::milliseconds> parse_duration(std::string_view text) {
  return parse(duration_words, text).map([](std::uint64_t value) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(value));
  });
}

Expected<std::uint64_t> parse_bytes(std::string_view text) { return parse(bytes_words, text); }

std::string duration_text(std::chrono::milliseconds time) {
  return written(times, static_cast<std::uint64_t>(time.count()));
}

std::string bytes_text(std::uint64_t octets) { return written(sizes, octets); }

}  // namespace platen::config
