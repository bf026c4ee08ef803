#include "snmp/printer/model_text.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "base/reading/same_printer.h"
#include "snmp/printer/brands.h"

namespace platen::snmp {
namespace {

// Anywhere in the first part of a description: it is about the card or the host.
constexpr std::string_view kCardWords[] = {
    "multi-environment", "jetdirect", "okilan",          "print server", "printserver", "printing system",
    "network interface", "ethernet",  "network printer", "embedded",     "linux ",      "windows",
    "firmware ver"};
// The whole text, once the brand is gone: a word for any printer.
constexpr std::string_view kGenericWhole[] = {"",        "printer", "wired",         "wireless",
                                              "network", "unknown", "other",         "none",
                                              "n/a",     "mfp",     "laser printer", "multifunction printer",
                                              "zebranet"};
// From here on a text speaks of firmware, interfaces, options.
constexpr std::string_view kCuts[] = {";",  " / ",  " version ", " version:", " os ", " rev.",
                                      ", ", ",sn:", " /p",       " kernel ",  " /ps", " /ufr"};
// What the marketing name ends in and nobody calls a model.
constexpr std::string_view kTails[] = {" multifunction system",
                                       " multifunction printer",
                                       " color multifunction printer",
                                       " laser printer",
                                       " color laser printer",
                                       " color printer",
                                       " mono printer",
                                       " laser multifunction printer",
                                       " mono laser printer",
                                       " color laser",
                                       " color mfp",
                                       " mono mfp"};

std::string_view first_part(std::string_view text) {
  return text.substr(0, std::min(text.find(';'), text.find(" / ")));
}

std::string_view cut_at_words(std::string_view text) {
  const std::string low = lower(text) + ' ';
  std::size_t end = text.size();
  for (const std::string_view word : kCuts) {
    for (std::size_t at = low.find(word); at != std::string::npos; at = low.find(word, at + 1)) {
      const bool whole = word != " /p" || low[at + word.size()] == ' ';
      if (whole && at > 0) {
        end = std::min(end, at);
        break;
      }
    }
  }
  return trimmed(text.substr(0, std::min(end, text.size())));
}

bool is_version_number(std::string_view token) {
  return token.find('.') != std::string_view::npos && token.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string_view last_token(std::string_view text) {
  const std::size_t blank = text.rfind(' ');
  return blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
}

// "MP 201 1.04" → "MP 201"; "C7855 v1" → "C7855".
std::string_view without_version(std::string_view text) {
  while (true) {
    const std::string_view token = last_token(text);
    const bool v_number =
        token.size() >= 2 && token[0] == 'v' && token.find_first_not_of("0123456789.", 1) == std::string_view::npos;
    if (!is_version_number(token) && !v_number && token != "v") return text;
    text = trimmed(text.substr(0, text.size() - token.size()));
  }
}

bool is_of(std::string_view token, std::string_view letters) {
  return token.find_first_not_of(letters) == std::string_view::npos;
}

// "MS999dn 451444HH0ABCD LW41.PR4.P463" → "MS999dn": Lexmark's serial and firmware, where nothing tells the serial.
std::string_view without_firmware(std::string_view text) {
  constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                             alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  constexpr std::size_t shortest_serial = 7;
  const std::string_view firmware = last_token(text);
  const std::size_t dot = firmware.find('.');
  if (dot == std::string_view::npos || dot < 2 || !is_of(firmware.substr(0, 2), capitals) ||
      !is_of(firmware.substr(0, dot), alphanumeric))
    return text;
  text = trimmed(text.substr(0, text.size() - firmware.size()));
  const std::string_view serial = last_token(text);
  const bool looks_so = serial.size() >= shortest_serial && is_of(serial, alphanumeric) && !is_of(serial, capitals);
  return looks_so ? trimmed(text.substr(0, text.size() - serial.size())) : text;
}

std::string_view without_tail(std::string_view text) {
  const std::string low = lower(text);
  std::size_t longest = 0;
  for (const std::string_view tail : kTails) {
    if (low.size() > tail.size() && low.ends_with(tail)) longest = std::max(longest, tail.size());
  }
  return trimmed(text.substr(0, text.size() - longest));
}

std::string_view without_brand(std::string_view text) {
  for (BrandMatch brand = brand_at_start(text); brand.length > 0; brand = brand_at_start(text))
    text.remove_prefix(brand.length);
  return text;
}

// The serial's first five characters are enough: Dell's service tag is the beginning of its serial.
std::string_view before_serial(std::string_view text, std::string_view serial) {
  constexpr std::size_t enough = 5;
  for (std::size_t at = text.find(' '); at != std::string_view::npos; at = text.find(' ', at + 1)) {
    const std::string_view token = text.substr(at + 1, text.find(' ', at + 1) - at - 1);
    if (token.size() >= enough && serial.starts_with(token)) return trimmed(text.substr(0, at));
  }
  return text;
}

bool contains_any(const std::string& low, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

// "… Attached to MC342 Rev.02.70": a print server that knows its printer.
std::string_view attached_to(std::string_view text) {
  constexpr std::string_view words = "attached to ";
  const std::size_t at = lower(text).find(words);
  return at == std::string::npos ? std::string_view{} : text.substr(at + words.size());
}

}  // namespace

bool says_no_model(std::string_view text) {
  if (!attached_to(text).empty()) return false;
  const std::string low = lower(first_part(text));
  if (low.starts_with("generic") || low.starts_with("brother nc-")) return true;
  return contains_any(low, kCardWords);
}

std::optional<std::string> model_in(std::string_view text, std::string_view serial) {
  if (const std::string_view attached = attached_to(text); !attached.empty()) text = attached;
  std::string_view model = without_version(without_tail(without_firmware(cut_at_words(trimmed(text)))));
  model = without_brand(without_version(before_serial(model, serial)));
  const std::string low = lower(model);
  const bool generic = std::find(std::begin(kGenericWhole), std::end(kGenericWhole), low) != std::end(kGenericWhole);
  return generic ? std::nullopt : std::optional<std::string>(model);
}

std::optional<std::string> serial_in(std::string_view description) {
  constexpr std::array<std::string_view, 4> marks = {"S/N:", "S/N ", ",SN:", ";SN:"};
  for (const std::string_view mark : marks) {
    const std::size_t at = description.find(mark);
    if (at == std::string_view::npos) continue;
    std::string_view rest = trimmed(description.substr(at + mark.size()));
    rest = rest.substr(0, rest.find_first_of(",; "));
    while (rest.ends_with('.')) rest.remove_suffix(1);
    if (!is_no_serial(rest)) return std::string(rest);
  }
  return std::nullopt;
}

}  // namespace platen::snmp
