#include <algorithm>
#include <charconv>

#include "base/reading/names.h"
#include "base/text.h"
#include "base/toml.h"
#include "snmp/printer/brands.h"
#include "snmp/printer/profile.h"

namespace platen::snmp {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kFunctions[] = {"all", "print", "copy", "fax", "scan", "other"};
constexpr std::string_view kColors[] = {"all", "mono", "full", "single", "two", "any_color"};
constexpr std::string_view kSizes[] = {"all", "small", "large", "named"};
constexpr std::string_view kSides[] = {"all", "one", "two"};
constexpr std::string_view kScopes[] = {"life", "power_on", "remaining"};
constexpr std::string_view kConfidences[] = {"A", "B", "C"};
constexpr std::string_view kBys[] = {"label", "type", "row", "size", "part"};
constexpr std::string_view kIdentityKeys[] = {"device_id", "model", "serial", "firmware", "console"};

constexpr std::string_view kTop[] = {"name",     "about",   "extends", "enterprises", "models", "roots",
                                     "identity", "counter", "packed",  "table",       "sum"};
#define PLATEN_MEANING_KEYS \
  "label", "function", "color", "size", "sides", "scope", "unit", "part", "divide", "confidence"
constexpr std::string_view kCounterKeys[] = {PLATEN_MEANING_KEYS, "oid", "float"};
constexpr std::string_view kPackedKeys[] = {"oid", "record"};
constexpr std::string_view kRecordKeys[] = {PLATEN_MEANING_KEYS, "id"};
constexpr std::string_view kTableKeys[] = {"by", "values", "keys", "labels", "units", "unit_codes", "row"};
constexpr std::string_view kRowKeys[] = {PLATEN_MEANING_KEYS, "key", "says"};
constexpr std::string_view kSumKeys[] = {PLATEN_MEANING_KEYS, "of", "also", "unless"};
#undef PLATEN_MEANING_KEYS
constexpr std::size_t kMostRoots = 64;

std::string listed(Words words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

// Walks one TOML document; the first complaint stays and everything after it is harmless.
class Parser {
 public:
  Parser(std::string_view file, const FindProfile& find) : file_(file), find_(find) {}

  Expected<Profile> run(const toml::table& top) {
    check_keys(top, kTop);
    if (top.contains("extends")) extend(top);
    profile_.name = text(top, "name", true);
    if (profile_.name == profile_.extends && !profile_.name.empty())
      complain(*top.get("name"), "a profile cannot extend itself; give it a name of its own");
    numbers(top, "enterprises");
    profile_.models = texts(top, "models");
    read_roots(top);
    if (const toml::table* identity = subtable(top, "identity")) read_identity(*identity);
    each(top, "counter", kCounterKeys, [&](const toml::table& row) { read_counter(row); });
    each(top, "packed", kPackedKeys, [&](const toml::table& row) { read_packed(row); });
    each(top, "table", kTableKeys, [&](const toml::table& row) { read_table(row); });
    each(top, "sum", kSumKeys, [&](const toml::table& row) { read_sum(row); });
    if (profile_.enterprises.empty()) complain(top, "'enterprises' is missing: which makers' printers is this for?");
    if (fault_) return fail(*fault_);
    return std::move(profile_);
  }

  [[nodiscard]] Error error_at(std::uint32_t line, const std::string& what) const {
    return {Code::invalid, file_ + ":" + std::to_string(line) + ": " + what};
  }

 private:
  void complain(const toml::node& where, const std::string& what) {
    if (!fault_) fault_ = error_at(where.source().begin.line, what);
  }

  void check_keys(const toml::table& table, Words known) {
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      const std::string near = nearest(key.str(), known);
      complain(node, "unknown key '" + std::string(key.str()) + "'" +
                         (near.empty() ? "; known are " + listed(known) : "; did you mean '" + near + "'?"));
    }
  }

  // The profile begins as the one it extends; a rule of the same label takes the other's place.
  void extend(const toml::table& top) {
    const std::string name = text(top, "extends");
    const Profile* base = find_ ? find_(name) : nullptr;
    if (base == nullptr) return complain(*top.get("extends"), "there is no profile '" + name + "' to extend");
    profile_ = *base;
    profile_.extends = name;
    profile_.built_in = false;
    for_each_rule(profile_, [&](Meaning& means) { labels_[means.label] = means.line = kInherited; });
  }

  void read_roots(const toml::table& top) {
    const std::size_t inherited = profile_.roots.size();
    for (Oid& root : oids(top, "roots")) {
      for (const Oid& log : job_logs()) {
        if (root.starts_with(log) || log.starts_with(root))
          complain(*top.get("roots"), "root " + root.text() + " would read a job log (" + log.text() +
                                          "), which holds names of people; name the subtrees beside it");
      }
      profile_.roots.push_back(std::move(root));
    }
    if (profile_.roots.size() > std::max(kMostRoots, inherited))
      complain(*top.get("roots"), "at most " + std::to_string(kMostRoots) + " roots; name larger subtrees");
  }

  std::string text(const toml::table& table, std::string_view key, bool needed = false) {
    const toml::node* node = table.get(key);
    if (node == nullptr && needed) complain(table, "'" + std::string(key) + "' is missing");
    if (node == nullptr) return "";
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) complain(*node, "'" + std::string(key) + "' needs a text in quotes");
    return value.value_or("");
  }

  std::vector<std::string> texts(const toml::table& table, std::string_view key) {
    std::vector<std::string> list;
    const toml::node* node = table.get(key);
    if (node == nullptr) return list;
    const toml::array* array = node->as_array();
    if (array == nullptr)
      complain(*node, "'" + std::string(key) + "' needs a list: [\"…\"]");
    else
      for (const toml::node& item : *array) {
        if (const auto value = item.value_exact<std::string>())
          list.push_back(*value);
        else
          complain(item, "'" + std::string(key) + "' needs texts in quotes");
      }
    return list;
  }

  std::size_t choice(const toml::table& table, std::string_view key, Words words, std::size_t fallback) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return fallback;
    const std::string value = node->value_exact<std::string>().value_or("");
    const auto at = std::find(words.begin(), words.end(), value);
    if (at == words.end()) complain(*node, "'" + std::string(key) + "' is one of " + listed(words));
    return at == words.end() ? fallback : static_cast<std::size_t>(at - words.begin());
  }

  Oid oid(const toml::node& where, const std::string& value) {
    static const Oid enterprises{1, 3, 6, 1, 4, 1};
    const auto tail = Oid::parse(value);
    if (!tail) {
      complain(where, tail.error().text);
      return {};
    }
    if (tail->starts_with(enterprises)) return *tail;
    if (tail->starts_with(Oid{1, 3, 6, 1})) {
      complain(where, value + " is no maker's own object; a profile says what stands below 1.3.6.1.4.1");
      return {};
    }
    return enterprises + tail->ids();
  }

  std::vector<Oid> oids(const toml::table& table, std::string_view key) {
    std::vector<Oid> list;
    const toml::node* node = table.get(key);
    for (const std::string& value : texts(table, key)) list.push_back(oid(*node, value));
    return list;
  }

  // An OID that the profile wants read, so a root must cover it.
  Oid wanted(const toml::node& where, Oid name) {
    const bool covered = std::any_of(profile_.roots.begin(), profile_.roots.end(),
                                     [&](const Oid& root) { return name.starts_with(root); });
    if (!covered && !name.empty()) complain(where, "no root covers " + name.text() + ": add its subtree to 'roots'");
    return name;
  }

  // One object's instance. GETNEXT never returns the name that it is given: a root that is no more than it is widened.
  Oid instance(const toml::node& where, const Oid& name) {
    for (Oid& root : profile_.roots) {
      if (root == name && name.size() > 7 && name[name.size() - 1] != 0) root = Oid(name.ids().first(name.size() - 1));
    }
    return wanted(where, name);
  }

  Oid oid_key(const toml::table& table, std::string_view key, bool needed = true) {
    const std::string value = text(table, key, needed);
    return value.empty() ? Oid{} : wanted(*table.get(key), oid(*table.get(key), value));
  }

  Oid instance_key(const toml::table& table, std::string_view key) {
    const std::string value = text(table, key, true);
    return value.empty() ? Oid{} : instance(*table.get(key), oid(*table.get(key), value));
  }

  void numbers(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    const toml::array* array = node == nullptr ? nullptr : node->as_array();
    if (node != nullptr && array == nullptr) complain(*node, "'enterprises' needs a list of numbers: [11]");
    if (array == nullptr) return;
    profile_.enterprises.clear();
    for (const toml::node& item : *array) {
      const auto number = item.value_exact<std::int64_t>();
      if (number && std::in_range<std::uint32_t>(*number))
        profile_.enterprises.push_back(static_cast<std::uint32_t>(*number));
      else
        complain(item, "'enterprises' needs enterprise numbers: [11]");
    }
  }

  const toml::table* subtable(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) complain(*node, "'" + std::string(key) + "' needs a table: [" + std::string(key) + "]");
    return node->as_table();
  }

  template <class Take>
  void each(const toml::table& table, std::string_view key, Words known, Take take) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr)
      return complain(*node, "'" + std::string(key) + "' needs a list of tables: [[" + std::string(key) + "]]");
    for (const toml::node& item : *array) {
      const toml::table* row = item.as_table();
      if (row == nullptr) return complain(item, "'" + std::string(key) + "' needs tables");
      check_keys(*row, known);
      take(*row);
    }
  }

  void read_identity(const toml::table& table) {
    check_keys(table, kIdentityKeys);
    for (std::size_t i = 0; i < Profile::kIdentities; ++i) {
      if (table.contains(kIdentityKeys[i])) profile_.identity[i].clear();
      for (const Oid& name : oids(table, kIdentityKeys[i]))
        profile_.identity[i].push_back(instance(*table.get(kIdentityKeys[i]), name));
    }
  }

  Meaning meaning(const toml::table& row, const std::string& fallback_label) {
    Meaning means;
    means.line = row.source().begin.line;
    means.label = row.contains("label") || fallback_label.empty() ? text(row, "label", true) : fallback_label;
    means.function = static_cast<CounterPoint::Function>(choice(row, "function", kFunctions, 0));
    means.color = static_cast<CounterPoint::Color>(choice(row, "color", kColors, 0));
    means.size = static_cast<CounterPoint::Size>(choice(row, "size", kSizes, 0));
    means.sides = static_cast<CounterPoint::Sides>(choice(row, "sides", kSides, 0));
    means.scope = static_cast<CounterPoint::Scope>(choice(row, "scope", kScopes, 0));
    means.part = text(row, "part");
    means.divide = divisor(row);
    if (!row.contains("confidence")) complain(row, "'confidence' is missing: A, B or C, see docs/profiles.md");
    means.confidence = kConfidences[choice(row, "confidence", kConfidences, 2)][0];
    if (const std::string unit = text(row, "unit"); !unit.empty()) means.unit = unit_of(*row.get("unit"), unit);
    return means;
  }

  std::optional<std::int32_t> unit_of(const toml::node& where, const std::string& word) {
    const auto unit = number_of(MibEnum::prtMarkerCounterUnit, word);
    if (!unit) complain(where, "'unit' is a word of prtMarkerCounterUnit, such as impressions or sheets");
    return unit;
  }

  std::uint32_t divisor(const toml::table& row) {
    const toml::node* node = row.get("divide");
    const auto number = node == nullptr ? std::optional<std::int64_t>(1) : node->value_exact<std::int64_t>();
    if (number && *number >= 1 && *number <= 1'000'000) return static_cast<std::uint32_t>(*number);
    complain(*node, "'divide' is a number from 1 to 1000000: 100 when the printer counts hundredths");
    return 1;
  }

  // Each label once, or nobody could say which number is meant. A rule of one's own replaces an inherited one.
  Meaning own(Meaning means, const toml::table& row, bool again = false) {
    const auto [at, fresh] = labels_.emplace(means.label, means.line);
    if (!fresh && at->second == kInherited) {
      drop(means.label);
      at->second = means.line;
    } else if (!fresh && !again) {
      complain(row,
               "label '" + means.label + "' stands there twice; the first is in line " + std::to_string(at->second));
    }
    return means;
  }

  void drop(const std::string& label) {
    const auto is_it = [&](const auto& rule) { return rule.means.label == label; };
    const auto in_map = [&](const auto& pair) { return pair.second.label == label; };
    std::erase_if(profile_.scalars, is_it);
    std::erase_if(profile_.sums, is_it);
    for (PackedCounters& each : profile_.packed) std::erase_if(each.records, in_map);
    for (TableCounters& each : profile_.tables) std::erase_if(each.rows, in_map);
  }

  void read_counter(const toml::table& row) {
    ScalarCounter counter{own(meaning(row, ""), row), instance_key(row, "oid"), false};
    if (const toml::node* node = row.get("float")) {
      if (!node->is_boolean()) complain(*node, "'float' is true or false");
      counter.is_float = node->value_or(false);
    }
    profile_.scalars.push_back(std::move(counter));
  }

  void read_packed(const toml::table& table) {
    PackedCounters packed{instance_key(table, "oid"), {}};
    each(table, "record", kRecordKeys, [&](const toml::table& row) {
      const toml::node* node = row.get("id");
      const auto id = node == nullptr ? std::nullopt : node->value_exact<std::int64_t>();
      if (!id || *id < 0 || *id > 0xFE)
        return complain(node == nullptr ? static_cast<const toml::node&>(row) : *node, "'id' is a number 0x00 to 0xfe");
      if (!packed.records.emplace(static_cast<std::uint8_t>(*id), own(meaning(row, ""), row)).second)
        complain(*node, "'id' stands there twice");
    });
    profile_.packed.push_back(std::move(packed));
  }

  void read_table(const toml::table& table) {
    TableCounters counters;
    counters.by = static_cast<TableCounters::By>(choice(table, "by", kBys, 0));
    counters.values = oid_key(table, "values");
    if (counters.by != TableCounters::By::row) counters.keys = oid_key(table, "keys");
    counters.labels = oid_key(table, "labels", false);
    counters.units = oid_key(table, "units", false);
    read_unit_codes(table, counters);
    each(table, "row", kRowKeys, [&](const toml::table& row) { read_row(row, counters); });
    profile_.tables.push_back(std::move(counters));
  }

  void read_unit_codes(const toml::table& table, TableCounters& counters) {
    const toml::table* codes = subtable(table, "unit_codes");
    if ((codes == nullptr) != counters.units.empty())
      return complain(table, "'units' (a column) and 'unit_codes' ({ 4 = \"impressions\" }) need each other");
    if (codes == nullptr) return;
    for (const auto& [key, node] : *codes) {
      std::int64_t code = 0;
      const std::string_view digits = key.str();
      const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
      if (fault != std::errc{} || end != digits.data() + digits.size())
        complain(node, "'unit_codes' needs numbers on the left: { 4 = \"impressions\" }");
      if (const auto unit = unit_of(node, text(*codes, digits))) counters.unit_codes.emplace(code, *unit);
    }
  }

  void read_row(const toml::table& row, TableCounters& counters) {
    const std::vector<std::string> keys = counters.any_key() ? std::vector<std::string>{""} : row_keys(row);
    if (keys.empty()) return;
    Meaning means = meaning(row, counters.by == TableCounters::By::label ? keys[0] : "");
    for (const std::string& word : row.contains("says") ? texts(row, "says") : std::vector<std::string>{})
      means.says.push_back(lower(word));
    if (!means.says.empty() && counters.labels.empty())
      complain(*row.get("says"), "'says' needs 'labels' in its table: the column with the words of each row");
    for (const std::string& key : keys) {
      const auto [first, last] = counters.rows.equal_range(lower(key));
      const bool told_apart =
          !means.says.empty() && std::all_of(first, last, [](const auto& other) { return !other.second.says.empty(); });
      if (first != last && !told_apart) complain(row, "key '" + key + "' stands there twice");
      counters.rows.emplace(lower(key), own(means, row, &key != &keys.front()));
    }
  }

  // One text, or a list of them: the same row in several languages.
  std::vector<std::string> row_keys(const toml::table& row) {
    const toml::node* node = row.get("key");
    if (node != nullptr && node->is_array()) {
      auto keys = texts(row, "key");
      if (keys.empty()) complain(*node, "'key' is an empty list");
      return keys;
    }
    return {text(row, "key", true)};
  }

  void read_sum(const toml::table& row) {
    SumCounter sum{meaning(row, ""), texts(row, "of"), texts(row, "also"), texts(row, "unless")};
    if (sum.of.empty()) complain(row, "'of' is missing: the labels to add");
    for (const auto* labels : {&sum.of, &sum.also, &sum.unless}) {
      for (const std::string& label : *labels) {
        if (!labels_.contains(label)) complain(row, "no counter of this profile has the label '" + label + "'");
      }
    }
    sum.means = own(std::move(sum.means), row);
    profile_.sums.push_back(std::move(sum));
  }

  static constexpr std::uint32_t kInherited = 0;
  std::string file_;
  const FindProfile& find_;
  std::map<std::string, std::uint32_t> labels_;  // and the line where each stands
  Profile profile_;
  std::optional<Error> fault_;
};

}  // namespace

std::span<const std::string_view> identity_words() { return kIdentityKeys; }

std::span<const Oid> job_logs() {
  static const std::array<Oid, 3> logs = {Oid{1, 3, 6, 1, 4, 1, 1347, 47}, Oid{1, 3, 6, 1, 4, 1, 236, 11, 5, 1, 12, 14},
                                          Oid{1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 6, 5}};
  return logs;
}

Expected<Profile> parse_profile(std::string_view file_name, std::string_view toml, const FindProfile& find) {
  constexpr std::size_t largest = 1 << 20;
  Parser parser(file_name, find);
  if (toml.size() > largest) return fail(parser.error_at(1, "a profile is at most 1 MiB"));
  const auto top = parse_toml(toml, file_name);
  if (!top) return fail(parser.error_at(top.error().line, top.error().what));
  return parser.run(*top);
}

}  // namespace platen::snmp
