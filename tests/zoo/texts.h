// What panels say, in the languages of the fleet.
#pragma once

#include <string_view>

namespace platen::zoo {

struct Words {
  std::string_view language, country;  // prtLocalizationLanguage, prtLocalizationCountry
  std::string_view ready, printing, low, empty, full, tray_empty, cover_open;  // {} is the part
};

extern const Words english, german, french, polish, czech, japanese;

}  // namespace platen::zoo
