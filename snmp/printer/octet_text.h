// OCTET STRINGs as UTF-8 text, whatever the printer meant by them.
//
//   Source   RFC 3805 (prtGeneralCurrentLocalization → prtLocalizationCharacterSet), IANA charset MIBenum.
//   Rules    Cut at NUL and at `limit` octets. Strict UTF-8 first (many printers send it whatever they name), a
//   character cut
//            in the middle at the end is dropped; then the named set; then Latin-1. Trailing blanks and line breaks go.
//   Effects  none, except that the first use of a set lets libc load its table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace platen::snmp {

struct Charset {
  std::int32_t mib_enum;
  std::string_view name;  // as in Status::charset: "iso8859-2"
  const char* iconv_name;
};

[[nodiscard]] const Charset* charset_of(std::int32_t mib_enum);  // nullptr: not in the list

inline constexpr std::size_t kTextLimit = 255;
[[nodiscard]] std::string octet_text(std::string_view octets, const Charset* named, std::size_t limit = kTextLimit);

}  // namespace platen::snmp
