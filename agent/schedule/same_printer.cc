#include "agent/schedule/same_printer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace platen::schedule {
namespace {

std::string letters_and_digits(const std::optional<std::string>& text) {
  std::string out;
  for (const char c : text.value_or("")) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

// "" for what stands where a serial or a MAC should be.
std::string real(std::string text) {
  constexpr std::array<std::string_view, 7> none = {"UNKNOWN",      "NONE",    "NULL",        "NOTSET",
                                                    "NOTAVAILABLE", "DEFAULT", "SERIALNUMBER"};
  const bool filled = std::any_of(text.begin(), text.end(), [&](char c) { return c != text.front(); });
  if (!filled || text.size() < 4 || std::find(none.begin(), none.end(), text) != none.end()) text.clear();
  return text;
}

bool differ(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }
bool comparable(const std::string& a, const std::string& b) { return !a.empty() && !b.empty(); }

}  // namespace

Likeness likeness_of(const Reading& reading) {
  const Identity& identity = reading.identity;
  return {.serial = real(letters_and_digits(identity.serial)),
          .mac = real(letters_and_digits(identity.mac)),
          .engine_id = letters_and_digits(identity.engine_id),
          .model = letters_and_digits(identity.model),
          .object_id = reading.system.sys_object_id.value_or(""),
          .up_time = reading.system.sys_up_time};
}

Same same_printer(const Likeness& known, const Likeness& seen) {
  const bool other_model = differ(known.model, seen.model);
  if (comparable(known.serial, seen.serial)) {
    const bool contradicted = other_model && differ(known.mac, seen.mac);
    return known.serial == seen.serial && !contradicted ? Same::yes : Same::no;
  }
  for (const auto member : {&Likeness::mac, &Likeness::engine_id}) {
    if (comparable(known.*member, seen.*member))
      return known.*member == seen.*member && !other_model ? Same::yes : Same::no;
  }
  return other_model || differ(known.object_id, seen.object_id) ? Same::no : Same::cannot_tell;
}

Same same_since(const Likeness& known, const Likeness& seen, std::chrono::milliseconds elapsed) {
  const Same by_name = same_printer(known, seen);
  if (by_name != Same::cannot_tell) return by_name;
  if (!known.up_time || !seen.up_time) return Same::cannot_tell;
  // Modulo 2^32: sysUpTime begins anew after 497 days. Printers' clocks run badly: a minute and 2 % are allowed.
  const std::uint32_t ran = *seen.up_time - *known.up_time;
  const double drift = static_cast<double>(ran) * 10 - static_cast<double>(elapsed.count());
  const double allowed = 60'000 + static_cast<double>(elapsed.count()) / 50;
  return drift >= -allowed && drift <= allowed ? Same::yes : Same::cannot_tell;
}

}  // namespace platen::schedule
