// Makers: how their names are written, and which enterprise numbers are theirs. Tables only; private to this room.
//
//   Source   IANA private enterprise numbers; texts that printers send. A brand (UTAX) is not its builder (Kyocera).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platen::snmp {

struct BrandMatch {
  std::string_view name;   // as we write it; empty: no brand stands there
  std::size_t length = 0;  // octets of `text` that name it, the blanks behind it included
};

// The brand that `text` begins with, as whole words, whatever the case: "KYOCERA Document Solutions Printing System" →
// Kyocera.
[[nodiscard]] BrandMatch brand_at_start(std::string_view text);
[[nodiscard]] std::string_view brand_of_enterprise(std::uint32_t enterprise);  // "" when not known

[[nodiscard]] std::string lower(std::string_view text);  // ASCII only
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace platen::snmp
