#include "agent/config/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <utility>

#include "agent/config/units.h"
#include "base/text.h"

namespace platen::config {
namespace {

constexpr std::array<std::string_view, 8> type_hints = {"text in quotes",
                                                        "a whole number without quotes",
                                                        "true or false, without quotes",
                                                        "a duration in quotes, like \"15m\"",
                                                        "a size in quotes, like \"64MiB\"",
                                                        "a list of texts, like [\"192.0.2.0/24\"]",
                                                        "text in quotes",
                                                        "a path in quotes"};

std::vector<std::string_view> words_of(const Setting& setting) {
  std::vector<std::string_view> words;
  for (std::string_view rest = setting.allowed; !rest.empty() && setting.allowed.find("..") == rest.npos;) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    words.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return words;
}

// "SHA256", "sha-256" and "AES128" are all spellings that people copy from a printer's own page.
std::string plain(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c != '-') out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> aliases = {
      {{"SHA1", "SHA"}, {"AES128", "AES"}}};
  for (const auto& [alias, name] : aliases) {
    if (out == alias) return std::string(name);
  }
  return out;
}

Complaint out_of_bounds(const Setting& setting, std::string_view called, std::string_view text) {
  return fmt::format("{} = {} is out of bounds; allowed is {}", called, for_terminal(text), allowed_text(setting));
}

template <class Number>
bool inside(Number value, Number least, Number most) {
  return value >= least && value <= most;
}

struct Taker {
  const Setting& setting;
  std::string_view called, text;

  Complaint operator()(std::string* to) const {
    const std::vector<std::string_view> words = words_of(setting);
    if (words.empty()) return *to = text, std::nullopt;
    for (const std::string_view word : words) {
      if (plain(word) == plain(text)) return *to = word, std::nullopt;
    }
    constexpr std::size_t too_short = 2;  // "1" and "2c" are near to everything
    const std::string near = nearest(text, words);
    return fmt::format("{} = \"{}\" is not one of {}{}", called, for_terminal(text), allowed_text(setting),
                       near.size() <= too_short ? "" : fmt::format("; did you mean \"{}\"?", near));
  }
  Complaint operator()(int* to) const {
    const auto number = [](std::string_view digits) {
      int value = 0;
      const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return std::pair(value, result.ec == std::errc{});
    };
    const auto [value, fits] = number(text);
    const Bounds bounds = bounds_of(setting);
    if (!fits || !inside(value, number(bounds.least).first, number(bounds.most).first)) {
      return out_of_bounds(setting, called, text);
    }
    return *to = value, std::nullopt;
  }
  Complaint operator()(bool* to) const { return *to = text == "true", std::nullopt; }
  Complaint operator()(std::chrono::milliseconds* to) const { return measure(parse_duration, to); }
  Complaint operator()(std::uint64_t* to) const { return measure(parse_bytes, to); }
  Complaint operator()(Secret* to) const { return *to = Secret(std::string(text)), std::nullopt; }
  Complaint operator()(std::vector<std::string>* to) const { return to->clear(), std::nullopt; }

 private:
  template <class Measure>
  Complaint measure(Expected<Measure> (*parse)(std::string_view), Measure* to) const {
    const Expected<Measure> value = parse(text);
    const Bounds bounds = bounds_of(setting);
    if (!value) return fmt::format("{} = {}; allowed is {}", called, value.error().text, allowed_text(setting));
    if (!inside(*value, parse(bounds.least).value_or(Measure{}), parse(bounds.most).value_or(Measure{}))) {
      return out_of_bounds(setting, called, fmt::format("\"{}\"", text));
    }
    return *to = *value, std::nullopt;
  }
};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::string allowed_text(const Setting& setting) {
  if (const Bounds bounds = bounds_of(setting); !bounds.most.empty()) {
    return fmt::format("{} to {}", bounds.least, bounds.most);
  }
  std::string out;
  const std::vector<std::string_view> words = words_of(setting);
  for (std::size_t i = 0; i < words.size(); ++i) {
    out.append(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ").append(words[i]);
  }
  return out;
}

std::string wrong_type(const Setting& setting, std::string_view called) {
  const std::string allowed = allowed_text(setting);
  return fmt::format("{} must be {}{}", called, type_hints.at(static_cast<std::size_t>(setting.type)),
                     allowed.empty() ? "" : fmt::format(" ({})", allowed));
}

Complaint check_line(std::string_view called, std::string_view text) {
  if (!has_control(text)) return std::nullopt;
  return fmt::format("{} holds a control character; write it on one line without any", called);
}

Complaint take(const Setting& setting, std::string_view called, std::string_view text, const Slot& slot) {
  if (Complaint odd = check_line(called, text)) return odd;
  return std::visit(Taker{setting, called, text}, slot);
}

}  // namespace platen::config
