// WCAG 2.2 contrast, computed from the tokens of the style sheet as it is served.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "cloud/portal/assets.h"

using namespace platen::portal;

namespace {

using Tokens = std::map<std::string, unsigned>;

// Each "--name: #rrggbb;".
Tokens tokens_in(const std::string& css) {
  Tokens tokens;
  for (std::size_t at = css.find("--"); at != std::string::npos; at = css.find("--", at + 2)) {
    const std::size_t colon = css.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at + 2);
    const bool color = colon != std::string::npos && css.compare(colon, 3, ": #") == 0 && css.at(colon + 9) == ';';
    if (color)
      tokens[css.substr(at + 2, colon - at - 2)] =
          static_cast<unsigned>(std::stoul(css.substr(colon + 3, 6), nullptr, 16));
  }
  return tokens;
}

double channel(unsigned octet) {
  const double share = octet / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}
double luminance(unsigned rgb) {
  return 0.2126 * channel(rgb >> 16U & 255U) + 0.7152 * channel(rgb >> 8U & 255U) + 0.0722 * channel(rgb & 255U);
}
double contrast(unsigned a, unsigned b) {
  const double light = std::max(luminance(a), luminance(b)), dark = std::min(luminance(a), luminance(b));
  return (light + 0.05) / (dark + 0.05);
}

struct Pair {
  const char *ink, *ground;
  double least;
};
constexpr double text = 4.5, graphic = 3.0;
constexpr Pair pairs[] = {
    {"ink", "paper", text},          {"ink", "panel", text},        {"muted", "paper", text},
    {"muted", "panel", text},        {"link", "paper", text},       {"link", "panel", text},
    {"on-band", "band", text},       {"on-screen", "screen", text}, {"good-ink", "good-fill", text},
    {"warn-ink", "warn-fill", text}, {"bad-ink", "bad-fill", text}, {"quiet-ink", "quiet-fill", text},
    {"bad-ink", "panel", text},      {"level", "panel", graphic},   {"low", "panel", graphic},
    {"black", "track", graphic},     {"cyan", "track", graphic},    {"magenta", "track", graphic},
    {"yellow", "track", graphic},    {"level", "track", graphic},   {"low", "track", graphic},
    {"muted", "paper", graphic},
};

}  // namespace

TEST_CASE("the measure itself is right") {
  CHECK(contrast(0x000000, 0xFFFFFF) == doctest::Approx(21));
  CHECK(contrast(0x777777, 0xFFFFFF) == doctest::Approx(4.48).epsilon(0.005));
}

TEST_CASE("every pair of colours can be read, by day and by night") {
  const std::string css(asset("portal.css").octets);
  const std::size_t dark = css.find("prefers-color-scheme: dark");
  REQUIRE(dark != std::string::npos);
  const Tokens day = tokens_in(css.substr(0, dark)), night = tokens_in(css.substr(dark));
  CHECK(day.size() >= 25);
  CHECK(day.size() == night.size());
  for (const auto& [called, scheme] : {std::pair{"day", day}, std::pair{"night", night}}) {
    const std::string name = called;
    for (const Pair& pair : pairs) {
      CAPTURE(name);
      CAPTURE(pair.ink);
      CAPTURE(pair.ground);
      REQUIRE(scheme.contains(pair.ink));
      REQUIRE(scheme.contains(pair.ground));
      CHECK(contrast(scheme.at(pair.ink), scheme.at(pair.ground)) >= pair.least);
    }
  }
}

TEST_CASE("the style sheet asks for nothing from elsewhere and stays small") {
  const std::string_view css = asset("portal.css").octets;
  CHECK(css.find("url(") == std::string_view::npos);
  CHECK(css.find("@import") == std::string_view::npos);
  CHECK(css.find("@media print") != std::string_view::npos);
  CHECK(css.size() < 30'000);
}
