#include "snmp/printer/brands.h"

#include <algorithm>
#include <iterator>

namespace platen::snmp {
namespace {

struct Brand {
  std::string_view words;  // lower case
  std::string_view name;
};

constexpr Brand kBrands[] = {{"hewlett-packard", "HP"},
                             {"hewlett packard", "HP"},
                             {"hp inc.", "HP"},
                             {"hp", "HP"},
                             {"konica minolta", "KONICA MINOLTA"},
                             {"develop", "Develop"},
                             {"kyocera document solutions", "Kyocera"},
                             {"kyocera mita", "Kyocera"},
                             {"kyocera", "Kyocera"},
                             {"copystar", "Copystar"},
                             {"ta_utax", "UTAX"},
                             {"ta/utax", "UTAX"},
                             {"utax_ta", "UTAX"},
                             {"utax", "UTAX"},
                             {"ta triumph-adler", "TA Triumph-Adler"},
                             {"triumph-adler", "TA Triumph-Adler"},
                             {"olivetti", "Olivetti"},
                             {"ricoh", "RICOH"},
                             {"lanier", "LANIER"},
                             {"savin", "SAVIN"},
                             {"gestetner", "Gestetner"},
                             {"nashuatec", "nashuatec"},
                             {"rex rotary", "Rex Rotary"},
                             {"nrg", "NRG"},
                             {"infotec", "infotec"},
                             {"brother", "Brother"},
                             {"canon", "Canon"},
                             {"océ", "Océ"},
                             {"oce", "Océ"},
                             {"seiko epson", "EPSON"},
                             {"epson", "EPSON"},
                             {"sharp", "SHARP"},
                             {"toshiba tec", "TOSHIBA"},
                             {"toshiba", "TOSHIBA"},
                             {"xerox", "Xerox"},
                             {"fuji xerox", "FUJI XEROX"},
                             {"fujifilm business innovation", "FUJIFILM"},
                             {"fujifilm", "FUJIFILM"},
                             {"dell", "Dell"},
                             {"lexmark international", "Lexmark"},
                             {"lexmark", "Lexmark"},
                             {"samsung electronics", "Samsung"},
                             {"samsung", "Samsung"},
                             {"oki data corporation", "OKI"},
                             {"oki data corp", "OKI"},
                             {"oki data", "OKI"},
                             {"oki", "OKI"},
                             {"pantum", "Pantum"},
                             {"panasonic", "Panasonic"},
                             {"zebra technologies", "Zebra"},
                             {"zebra", "Zebra"},
                             {"tsc", "TSC"},
                             {"sindoh", "Sindoh"},
                             {"riso", "RISO"},
                             {"muratec", "Muratec"},
                             {"lenovo", "Lenovo"},
                             {"ibm", "IBM"},
                             {"infoprint", "InfoPrint"},
                             {"printronix", "Printronix"},
                             {"tallygenicom", "TallyGenicom"},
                             {"tektronix", "Tektronix"},
                             {"kodak", "Kodak"},
                             {"citizen", "Citizen"},
                             {"sato", "SATO"},
                             {"datamax", "Datamax"},
                             {"honeywell", "Honeywell"},
                             {"intermec", "Intermec"}};

struct Enterprise {
  std::uint32_t number;
  std::string_view name;
};
constexpr Enterprise kEnterprises[] = {{11, "HP"},         {236, "Samsung"},    {253, "Xerox"},
                                       {258, "Panasonic"}, {297, "FUJI XEROX"}, {367, "RICOH"},
                                       {641, "Lexmark"},   {674, "Dell"},       {1129, "TOSHIBA"},
                                       {1248, "EPSON"},    {1347, "Kyocera"},   {1552, "Océ"},
                                       {1602, "Canon"},    {2001, "OKI"},       {2385, "SHARP"},
                                       {2435, "Brother"},  {10642, "Zebra"},    {18334, "KONICA MINOLTA"},
                                       {26696, "HP"},      {29999, "HP"},       {40093, "Pantum"},
                                       {51966, "TSC"}};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

BrandMatch brand_at_start(std::string_view text) {
  const std::string low = lower(text.substr(0, 64));
  BrandMatch best;
  for (const Brand& brand : kBrands) {
    const std::size_t length = brand.words.size();
    if (!low.starts_with(brand.words) || (low.size() > length && is_word(low[length]))) continue;
    if (length <= best.length) continue;
    const std::size_t after = text.find_first_not_of(" \t", length);
    best = {brand.name, after == std::string_view::npos ? text.size() : after};
  }
  return best;
}

std::string_view brand_of_enterprise(std::uint32_t enterprise) {
  const auto* const at = std::find_if(std::begin(kEnterprises), std::end(kEnterprises),
                                      [&](const Enterprise& row) { return row.number == enterprise; });
  return at == std::end(kEnterprises) ? std::string_view{} : at->name;
}

}  // namespace platen::snmp
