#include "snmp/printer/outranked.h"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/reading/names.h"
#include "base/text.h"
#include "snmp/printer/brands.h"
#include "snmp/printer/tables.h"

namespace platen::snmp {
namespace {

constexpr std::int32_t kMarkerSupplies = 11;
constexpr std::int32_t kReceptacle = 4;
constexpr std::int64_t kLittle = 5;  // percent: below it nobody is contradicted

// Codes of PrtAlertCodeTC that leave nothing: empty, life over, missing; for a receptacle full.
constexpr std::int32_t kSpent[] = {9, 11, 13, 1101, 1102, 1103, 1112, 1114, 1115};
constexpr std::int32_t kFull[] = {15, 1109, 1110};

bool among(std::span<const std::int32_t> list, std::int32_t number) {
  return std::find(list.begin(), list.end(), number) != list.end();
}

bool is_receptacle(const Supply& supply) { return supply.supply_class == kReceptacle; }

// A level that says there is something left (of a receptacle: room), worth contradicting.
bool claims_some(const Supply& supply) {
  if (!supply.level) return false;
  if (supply.level->is == Amount::Is::some_remaining) return true;
  const auto percent = percent_of(supply.level, supply.max_capacity);
  if (percent) return *percent > static_cast<double>(kLittle);
  const auto amount = supply.level->amount();
  return amount && *amount > kLittle;
}

// The last part of "1.3".
std::string_view row_of(std::string_view index) { return index.substr(index.rfind('.') + 1); }

bool speaks_of(const Alert& alert, const Supply& supply) {
  if (alert.group != kMarkerSupplies || !alert.group_index || !alert.code) return false;
  if (std::to_string(*alert.group_index) != row_of(supply.index)) return false;
  return among(is_receptacle(supply) ? std::span<const std::int32_t>(kFull) : kSpent, *alert.code);
}

// ---- the panel ----

// Stems, in lower case without marks: English, German, French, Italian, Spanish, Portuguese, Dutch.
constexpr std::string_view kReplace[] = {
    "replace", "change",   "empty",    "ersetzen", "wechseln", "austauschen", "leer",       "remplace", "changer",
    " vide",   "epuise",   "sostitui", "esaurit",  "vuot",     "sustituy",    "reemplac",   "agotad",   "vacio",
    "cambi",   "substitu", "vazio",    "troque",   "vervang",  "leeg",        "end of life"};
constexpr std::string_view kSoon[] = {" soon",       " bald", " bientot", " presto", " pronto", " em breve",
                                      " binnenkort", " low",  " near",    " almost", " order",  " prepare"};

struct Kind {
  std::int32_t type;  // PrtMarkerSuppliesTypeTC
  std::initializer_list<std::string_view> words;
};
const Kind kKinds[] = {{4, {"waste", "resttoner", "recup", "recupero", "residu", "afval"}},
                       {9, {"drum", "trommel", "tambour", "tamburo", "tambor", "cilindro", "fotoconduct", "photocond"}},
                       {15, {"fuser", "fixier", "fusion", "fusore", "fusor"}},
                       {20, {"transfer", "belt"}},
                       {3, {"toner"}},
                       {5, {" ink", "tinte", "encre", "inchiostro", "tinta", "inkt"}}};

// ASCII letters in lower case, of the accented letters of Latin-1 the letter below the accent; a blank in front, so
// that a word that begins with one is a whole word.
std::string plain(std::string_view utf8) {
  constexpr std::string_view letters = "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y";
  static_assert(letters.size() == 64);
  std::string out = " ";
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto octet = static_cast<unsigned char>(utf8[i]);
    if (octet == 0xC3 && i + 1 < utf8.size()) {
      const auto next = static_cast<unsigned char>(utf8[++i]);
      out += letters[next & 0x3FU];
    } else {
      out += octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet - 'A' + 'a') : utf8[i];
    }
  }
  return out;
}

template <class Words>
bool holds_any(const std::string& text, const Words& words) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool same_kind(std::int32_t kind, const std::optional<std::int32_t>& type) {
  constexpr std::int32_t toner = 3, ink = 5, ink_cartridge = 6, toner_cartridge = 21, waste = 4, waste_ink = 8;
  return type == kind || (kind == toner && type == toner_cartridge) || (kind == ink && type == ink_cartridge) ||
         (kind == waste && type == waste_ink);
}

// The supplies that a panel's text asks to be replaced now.
std::vector<const Supply*> named_on(const std::string& line, const std::vector<Supply>& supplies) {
  const std::string text = plain(line);
  if (!holds_any(text, kReplace) || holds_any(text, kSoon)) return {};
  const auto* const kind =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& each) { return holds_any(text, each.words); });
  if (kind == std::end(kKinds)) return {};
  const auto color = color_named_in(text);
  std::vector<const Supply*> named;
  for (const Supply& supply : supplies) {
    if (same_kind(kind->type, supply.type) && (!color || supply.colorant == color)) named.push_back(&supply);
  }
  if (!color && named.size() > 1) return {};  // one of them, and it does not say which
  return named;
}

bool lacks_toner(const Reading& reading) {
  if (!reading.status.detected_error_octets) return false;
  const auto errors = detected_errors(*reading.status.detected_error_octets);
  if (std::find(errors.begin(), errors.end(), "noToner") == errors.end()) return false;
  const auto is_toner = [](const Supply& supply) { return same_kind(3, supply.type) || same_kind(5, supply.type); };
  return std::any_of(reading.supplies.begin(), reading.supplies.end(), is_toner) &&
         std::all_of(reading.supplies.begin(), reading.supplies.end(),
                     [&](const Supply& supply) { return !is_toner(supply) || claims_some(supply); });
}

class Judge {
 public:
  explicit Judge(Reading& reading) : reading_(reading) {}
  void contradicted(const Supply& supply, std::string_view by) {
    if (!claims_some(supply) || std::find(told_.begin(), told_.end(), &supply) != told_.end()) return;
    told_.push_back(&supply);
    reading_.flags.push_back(std::string(by) + "-outranks-level supply " + supply.index);
  }
  void contradicted_by_text(const std::string& text, std::string_view by) {
    for (const Supply* supply : named_on(text, reading_.supplies)) contradicted(*supply, by);
  }
  [[nodiscard]] bool silent() const { return told_.empty(); }

 private:
  Reading& reading_;
  std::vector<const Supply*> told_;
};

}  // namespace

void flag_outranked_levels(Reading& reading) {
  Judge judge(reading);
  for (const Alert& alert : reading.alerts) {
    for (const Supply& supply : reading.supplies) {
      if (speaks_of(alert, supply)) judge.contradicted(supply, "alert");
    }
    if (alert.description) judge.contradicted_by_text(*alert.description, "alert");
  }
  for (const std::string& line : reading.status.console_display) judge.contradicted_by_text(line, "console");
  if (judge.silent() && lacks_toner(reading)) reading.flags.emplace_back("error-state-outranks-level");
}

}  // namespace platen::snmp
