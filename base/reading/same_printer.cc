#include "base/reading/same_printer.h"

#include <algorithm>
#include <array>

namespace platen {
namespace {

constexpr std::size_t kShortestSerial = 4;
constexpr std::size_t kMacDigits = 12;
// As letters and digits, upper case, without leading zeros.
constexpr std::array<std::string_view, 25> kNoSerials = {
    "NA",           "NONE",         "NULL",           "NIL",           "UNKNOWN",
    "UNDEFINED",    "UNAVAILABLE",  "DEFAULT",        "NOTAVAILABLE",  "NOTAPPLICABLE",
    "NOTSET",       "NOTSPECIFIED", "INVALID",        "SERIAL",        "SERIALNO",
    "SERIALNUMBER", "NOSERIAL",     "NOSERIALNUMBER", "SERIALUNKNOWN", "TOBEFILLEDBYOEM",
    "12345678",     "123456789",    "1234567890",     "ABCDEFGHIJ",    "SN"};

// Letters and digits in upper case; nothing else takes part in comparing.
std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string without_leading_zeros(std::string text) {
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  return text;
}

bool one_letter_only(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); });
}

bool differ(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }
bool comparable(const std::string& a, const std::string& b) { return !a.empty() && !b.empty(); }

bool lists(const Likeness& who, const std::string& mac) {
  return std::find(who.macs.begin(), who.macs.end(), mac) != who.macs.end();
}

bool other_cards(const Likeness& a, const Likeness& b) {
  return differ(a.mac, b.mac) && !lists(a, b.mac) && !lists(b, a.mac);
}

Same by_name(const std::string& known, const std::string& seen, bool contradicted) {
  return known == seen && !contradicted ? Same::yes : Same::no;
}

}  // namespace

bool is_no_serial(std::string_view text) {
  const std::string bare = letters_and_digits(text);
  if (one_letter_only(bare)) return true;
  return std::find(kNoSerials.begin(), kNoSerials.end(), without_leading_zeros(bare)) != kNoSerials.end();
}

std::string serial_key(std::string_view text) {
  std::string key = without_leading_zeros(letters_and_digits(text));
  return key.size() < kShortestSerial || is_no_serial(key) ? std::string() : key;
}

std::string mac_key(std::string_view text) {
  std::string digits = letters_and_digits(text);
  if (digits.size() != kMacDigits || digits.find_first_not_of("0123456789ABCDEF") != std::string::npos) return {};
  // The low digit of the first octet: bit 0 group (broadcast is one), bit 1 locally administered (IEEE 802 §8.2).
  const bool own = std::string_view("048C").find(digits[1]) != std::string_view::npos;
  return own && digits.find_first_not_of('0') != std::string::npos ? digits : std::string();
}

Likeness likeness_of(const Reading& reading) {
  const Identity& said = reading.identity;
  Likeness who{.serial = serial_key(said.serial.value_or("")),
               .mac = mac_key(said.mac.value_or("")),
               .engine_id = letters_and_digits(said.engine_id.value_or("")),
               .model = letters_and_digits(said.model.value_or("")),
               .object_id = reading.system.sys_object_id.value_or(""),
               .up_time = reading.system.sys_up_time};
  if (one_letter_only(who.engine_id)) who.engine_id.clear();
  for (const std::string& each : said.macs) {
    if (std::string key = mac_key(each); !key.empty()) who.macs.push_back(std::move(key));
  }
  who.duplicate_serial = std::find(reading.flags.begin(), reading.flags.end(), kDuplicateSerial) != reading.flags.end();
  return who;
}

Same same_printer(const Likeness& known, const Likeness& seen) {
  const bool other_model = differ(known.model, seen.model);
  if (comparable(known.serial, seen.serial)) {
    const bool on_two = known.duplicate_serial || seen.duplicate_serial;
    if (known.serial == seen.serial && on_two && !comparable(known.mac, seen.mac)) return Same::cannot_tell;
    return by_name(known.serial, seen.serial, other_cards(known, seen) && (other_model || on_two));
  }
  if (comparable(known.mac, seen.mac)) return !other_cards(known, seen) && !other_model ? Same::yes : Same::no;
  if (comparable(known.engine_id, seen.engine_id)) return by_name(known.engine_id, seen.engine_id, other_model);
  return other_model || differ(known.object_id, seen.object_id) ? Same::no : Same::cannot_tell;
}

Same same_since(const Likeness& known, const Likeness& seen, std::chrono::milliseconds elapsed) {
  const Same by_identity = same_printer(known, seen);
  if (by_identity != Same::cannot_tell) return by_identity;
  if (!known.up_time || !seen.up_time) return Same::cannot_tell;
  // Modulo 2^32: sysUpTime begins anew after 497 days. Printers' clocks run badly: a minute and 2 % are allowed.
  const std::uint32_t ran = *seen.up_time - *known.up_time;
  const double drift = static_cast<double>(ran) * 10 - static_cast<double>(elapsed.count());
  const double allowed = 60'000 + static_cast<double>(elapsed.count()) / 50;
  return drift >= -allowed && drift <= allowed ? Same::yes : Same::cannot_tell;
}

bool may_be_twins(const Likeness& a, const Likeness& b) {
  return comparable(a.serial, b.serial) && a.serial == b.serial && other_cards(a, b) && !differ(a.model, b.model);
}

}  // namespace platen
