// The makers' models, a file a maker, and the words that describe them shortly.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/zoo/model.h"
#include "tests/zoo/rows.h"
#include "tests/zoo/texts.h"

namespace platen::zoo {

[[nodiscard]] std::vector<Model> hp_models();
[[nodiscard]] std::vector<Model> brother_models();
[[nodiscard]] std::vector<Model> kyocera_models();         // and UTAX
[[nodiscard]] std::vector<Model> konica_minolta_models();  // and Develop
[[nodiscard]] std::vector<Model> epson_models();
[[nodiscard]] std::vector<Model> sharp_models();
[[nodiscard]] std::vector<Model> canon_models();
[[nodiscard]] std::vector<Model> ricoh_models();
[[nodiscard]] std::vector<Model> xerox_models();    // and FUJIFILM
[[nodiscard]] std::vector<Model> lexmark_models();  // and Toshiba, which Lexmark builds some for
[[nodiscard]] std::vector<Model> other_models();    // Samsung, OKI, Pantum
[[nodiscard]] std::vector<Model> non_printer_models();

struct Can {
  bool color = false, copy = false, fax = false;
};
inline constexpr Can mono{}, color{true, false, false}, mono_mfp{false, true, false}, color_mfp{true, true, false},
    mono_fax{false, true, true}, color_fax{true, true, true};

struct Maker {
  std::string_view name;
  std::uint32_t enterprise;
  std::array<std::uint8_t, 3> oui;
  std::string_view serial_pattern;
};

// A printer with two trays, a bin, a cover and texts made of maker and model; supplies are still to be given.
[[nodiscard]] Model printer(const Maker& maker, std::string_view model, Can can);

enum class Order { kcmy, cmyk };
// One supply a colour; "{}" in `name` is the colour's word. `words`: black, cyan, magenta, yellow.
struct ColorSet {
  std::string_view name;
  Supply like = {};
  Order order = Order::kcmy;
  std::array<std::string_view, 4> words = {"Black", "Cyan", "Magenta", "Yellow"};
};
void add_colors(Model& model, const ColorSet& set);
void speaks(Model& model, const Words& words, Charset charset, std::uint32_t localizations = 2);
[[nodiscard]] Model numbered(Model model);  // gives every row its index
[[nodiscard]] snmp::Oid enterprise_oid(std::uint32_t enterprise, std::initializer_list<std::uint32_t> tail);

}  // namespace platen::zoo
