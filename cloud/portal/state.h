// The state of a printer in one word, and numbers and times as people read them. One function for each, so that tiles,
// rows and pages cannot disagree.
//
//   Source   RFC 2790 hrDeviceStatus and hrPrinterStatus, RFC 3805 prtAlertSeverityLevel.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cloud/portal/html.h"
#include "cloud/store/store.h"

namespace platen::portal {

enum class State { stopped, silent, attention, unsaid, warming_up, printing, ready };  // what needs a person first

struct StateWords {
  State state;
  std::string_view key, word, tone;  // in URLs, for people, in the style sheet
  std::string_view about;
};
inline constexpr std::array<StateWords, 7> state_words = {{
    {State::stopped, "stopped", "Stopped", "bad", "does not print until somebody helps"},
    {State::silent, "silent", "Silent", "quiet", "has not been read for a day or more"},
    {State::attention, "attention", "Attention", "warn", "prints, and warns of something"},
    {State::unsaid, "unsaid", "No status", "quiet", "was read, and did not say how it is"},
    {State::warming_up, "warming-up", "Warming up", "good", "will print in a moment"},
    {State::printing, "printing", "Printing", "good", "is at work"},
    {State::ready, "ready", "Ready", "good", "waits for work"},
}};
[[nodiscard]] const StateWords& words_of(State state);

inline constexpr std::chrono::hours silent_after{26};  // a day and a little, so that a daily read is never silent

[[nodiscard]] State state_of(const cloud::FleetRow& row, WallTime now);

[[nodiscard]] std::string grouped(std::uint64_t number);       // "1,234,567"
[[nodiscard]] std::string plain_percent(double percent);       // "42 %", "0.5 %"
[[nodiscard]] std::string ago(WallTime then, WallTime now);    // "3 min ago"
[[nodiscard]] std::string date_and_time(WallTime time);        // "2026-11-21 02:10 UTC"
[[nodiscard]] Html time_element(WallTime then, WallTime now);  // <time>, the exact moment on hover
[[nodiscard]] Html state_chip(State state);

}  // namespace platen::portal
