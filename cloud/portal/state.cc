#include "cloud/portal/state.h"

#include <fmt/format.h>

namespace platen::portal {
namespace {

enum DeviceStatus : std::int32_t { running = 2, warning = 3, testing = 4, down = 5 };
enum PrinterStatus : std::int32_t { idle = 3, printing = 4, warmup = 5 };

}  // namespace

const StateWords& words_of(State state) { return state_words.at(static_cast<std::size_t>(state)); }

State state_of(const cloud::FleetRow& row, WallTime now) {
  if (now - row.last_read > silent_after) return State::silent;
  const std::int32_t device = row.device_status.value_or(0);
  if (device == down) return State::stopped;
  // Some makers call an empty tray critical while the device goes on printing from another: the device's own word
  // counts more.
  if (row.critical_alerts > 0) return device == running || device == warning ? State::attention : State::stopped;
  if (device == warning) return State::attention;
  switch (row.printer_status.value_or(0)) {
    case idle: return State::ready;
    case printing: return State::printing;
    case warmup: return State::warming_up;
    default: return device == running || device == testing ? State::ready : State::unsaid;
  }
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string plain_percent(double percent) {
  return percent > 0 && percent < 1 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
}

std::string ago(WallTime then, WallTime now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
  if (seconds < -60) return "in the future";
  if (seconds < 60) return "just now";
  if (seconds < 3600) return fmt::format("{} min ago", seconds / 60);
  if (seconds < 172'800) return fmt::format("{} h ago", seconds / 3600);
  return fmt::format("{} days ago", seconds / 86400);
}

std::string date_and_time(WallTime time) {
  std::string text = to_rfc3339(time).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

Html time_element(WallTime then, WallTime now) {
  return element("time", {{"datetime", to_rfc3339(then)}, {"title", date_and_time(then)}}, ago(then, now));
}

Html state_chip(State state) {
  const StateWords& words = words_of(state);
  return element("span", {{"class", "chip " + std::string(words.tone)}, {"title", words.about}}, words.word);
}

}  // namespace platen::portal
