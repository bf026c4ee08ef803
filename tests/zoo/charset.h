// Texts in the character sets that printers name in prtLocalizationCharacterSet; numbers are IANA's MIBenum.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platen::zoo {

enum class Charset : std::int32_t {
  ascii = 3,
  latin1 = 4,
  latin2 = 5,
  shift_jis = 17,
  utf8 = 106,
  hp_roman8 = 2004,
  windows1252 = 2252
};

// `text` (UTF-8) in another set. Throws std::invalid_argument when the set lacks a character: a fleet with a mistake in
// it.
[[nodiscard]] std::string in_charset(Charset charset, std::string_view text);

}  // namespace platen::zoo
