#include "snmp/printer/tables.h"

#include <map>

namespace platen::snmp {
namespace {

using Index = std::vector<std::uint32_t>;
constexpr std::size_t kLongestIndex = 8;  // hrDeviceIndex and a row; a longer one is noise

struct Source {
  const Value& value;
  const Charset* charset;
};

// How one column fills one member, by the member's type.
void set(std::optional<std::int32_t>& out, const Source& from) { out = integer_of<std::int32_t>(&from.value); }
void set(std::optional<std::uint32_t>& out, const Source& from) { out = integer_of<std::uint32_t>(&from.value); }
void set(std::optional<std::uint64_t>& out, const Source& from) { out = from.value.unsigned_number(); }
void set(std::optional<Amount>& out, const Source& from) {
  if (const auto number = from.value.number()) out = Amount::from_wire(*number);
}
void set(std::optional<std::string>& out, const Source& from) {
  if (const std::string* bytes = from.value.bytes()) out = octet_text(*bytes, from.charset);
}

template <class Row>
struct Column {
  std::uint32_t id;
  void (*fill)(Row&, const Source&);
};

template <auto Member, class Row>
void fill(Row& row, const Source& from) {
  set(row.*Member, from);
}

constexpr Column<Marker> kMarker[] = {{2, fill<&Marker::mark_tech>},
                                      {3, fill<&Marker::counter_unit>},
                                      {4, fill<&Marker::life_count>},
                                      {5, fill<&Marker::power_on_count>},
                                      {6, fill<&Marker::process_colorants>}};
constexpr Column<Marker> kMarkerStatus[] = {{15, fill<&Marker::status>}};
constexpr Column<Supply> kSupply[] = {{2, fill<&Supply::marker_index>}, {3, fill<&Supply::colorant_index>},
                                      {4, fill<&Supply::supply_class>}, {5, fill<&Supply::type>},
                                      {6, fill<&Supply::description>},  {7, fill<&Supply::unit>},
                                      {8, fill<&Supply::max_capacity>}, {9, fill<&Supply::level>}};
constexpr Column<Input> kInput[] = {{2, fill<&Input::type>},         {8, fill<&Input::unit>},
                                    {9, fill<&Input::max_capacity>}, {10, fill<&Input::level>},
                                    {11, fill<&Input::status>},      {12, fill<&Input::media>},
                                    {13, fill<&Input::name>},        {18, fill<&Input::description>}};
constexpr Column<Output> kOutput[] = {{2, fill<&Output::type>},         {3, fill<&Output::unit>},
                                      {4, fill<&Output::max_capacity>}, {5, fill<&Output::remaining>},
                                      {6, fill<&Output::status>},       {7, fill<&Output::name>},
                                      {12, fill<&Output::description>}};
constexpr Column<Cover> kCover[] = {{2, fill<&Cover::description>}, {3, fill<&Cover::status>}};
constexpr Column<Alert> kAlert[] = {{2, fill<&Alert::severity>},    {3, fill<&Alert::training_level>},
                                    {4, fill<&Alert::group>},       {5, fill<&Alert::group_index>},
                                    {6, fill<&Alert::location>},    {7, fill<&Alert::code>},
                                    {8, fill<&Alert::description>}, {9, fill<&Alert::time_ticks>}};

constexpr Column<Colorant> kColorant[] = {{2, fill<&Colorant::marker_index>},
                                          {3, fill<&Colorant::role>},
                                          {4, fill<&Colorant::value>},
                                          {5, fill<&Colorant::tonality>}};
constexpr Column<Finisher> kFinisher[] = {{2, fill<&Finisher::type>},        {3, fill<&Finisher::present>},
                                          {4, fill<&Finisher::unit>},        {5, fill<&Finisher::max_capacity>},
                                          {6, fill<&Finisher::capacity>},    {9, fill<&Finisher::status>},
                                          {10, fill<&Finisher::description>}};
constexpr Column<FinisherSupply> kFinisherSupply[] = {
    {2, fill<&FinisherSupply::device_index>}, {3, fill<&FinisherSupply::supply_class>},
    {4, fill<&FinisherSupply::type>},         {5, fill<&FinisherSupply::description>},
    {6, fill<&FinisherSupply::unit>},         {7, fill<&FinisherSupply::max_capacity>},
    {8, fill<&FinisherSupply::level>},        {9, fill<&FinisherSupply::colorant>}};
constexpr Column<FinisherInput> kFinisherInput[] = {
    {2, fill<&FinisherInput::device_index>}, {3, fill<&FinisherInput::supply_index>}, {4, fill<&FinisherInput::type>},
    {8, fill<&FinisherInput::status>},       {9, fill<&FinisherInput::media>},        {10, fill<&FinisherInput::name>},
    {11, fill<&FinisherInput::description>}};

template <class Row>
using Table = std::map<Index, Row>;

template <class Row>
void read_columns(Table<Row>& table, const Rows& rows, const Oid& entry, std::span<const Column<Row>> columns,
                  const Charset* charset, bool may_add_rows) {
  for (const Column<Row>& column : columns) {
    const Oid name = entry + column.id;
    for (const VarBind& cell : rows.under(name)) {
      const auto tail = cell.name.after(name);
      if (cell.value.is_exception() || tail.empty() || tail.size() > kLongestIndex) continue;
      Index index(tail.begin(), tail.end());
      if (!may_add_rows && !table.contains(index)) continue;
      column.fill(table[std::move(index)], {cell.value, charset});
    }
  }
}

template <class Row>
std::vector<Row> in_order(Table<Row>&& table) {
  std::vector<Row> list;
  list.reserve(table.size());
  for (auto& [index, row] : table) {
    row.index = dotted(index);
    list.push_back(std::move(row));
  }
  return list;
}

template <class Row>
std::vector<Row> read_table(const Rows& rows, const Oid& entry, std::span<const Column<Row>> columns,
                            const Charset* charset) {
  Table<Row> table;
  read_columns(table, rows, entry, columns, charset, true);
  return in_order(std::move(table));
}

// prtMarkerColorantValue of a supply: the colorant table has the supply's device index and the colorant index.
std::optional<std::string> colorant_of(const Rows& rows, const Supply& supply, const Charset* charset) {
  if (!supply.colorant_index || *supply.colorant_index <= 0) return std::nullopt;
  static const Oid value_column = mib2({43, 12, 1, 1, 4});
  const std::size_t dot = supply.index.find('.');
  const auto device = dot == std::string::npos ? Expected<Oid>(Oid{1}) : Oid::parse(supply.index.substr(0, dot));
  if (!device) return std::nullopt;
  const Value* value = rows.at(value_column + device->ids() + static_cast<std::uint32_t>(*supply.colorant_index));
  if (value == nullptr || value->bytes() == nullptr) return std::nullopt;
  std::string name = octet_text(*value->bytes(), charset);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name.empty() ? std::nullopt : std::optional(std::move(name));
}

// The words of the description decide; a table that says otherwise is wrong more often (a Brother colour MFP) and is
// flagged.
void name_colorant(Supply& supply, const Rows& rows, const Charset* charset, std::vector<std::string>& flags) {
  supply.colorant = colorant_of(rows, supply, charset);
  const auto named = supply.description ? color_named_in(*supply.description) : std::nullopt;
  if (!named) return;
  if (supply.colorant && *supply.colorant != *named)
    flags.push_back("colorant-contradicts-description supply " + supply.index);
  supply.colorant = named;
}

struct ColorWord {
  std::string_view word;
  std::string_view color;
};
constexpr ColorWord kColorWords[] = {
    {"black", "black"}, {"cyan", "cyan"},      {"magenta", "magenta"}, {"yellow", "yellow"}, {"schwarz", "black"},
    {"zyan", "cyan"},   {"gelb", "yellow"},    {"noir", "black"},      {"noire", "black"},   {"jaune", "yellow"},
    {"nero", "black"},  {"ciano", "cyan"},     {"giallo", "yellow"},   {"negro", "black"},   {"amarillo", "yellow"},
    {"preto", "black"}, {"amarelo", "yellow"}, {"zwart", "black"},     {"geel", "yellow"},   {"svart", "black"},
    {"gul", "yellow"},  {"white", "white"},    {"orange", "orange"},   {"violet", "violet"}, {"gray", "gray"},
    {"grey", "gray"}};
// Colours of photo printers, where one word would be another ink.
constexpr std::string_view kShades[] = {"light", "photo", "matte", "vivid", "dark"};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower >= 'a' && lower <= 'z')
      words.back() += lower;
    else if (!words.back().empty())
      words.emplace_back();
  }
  return words;
}

}  // namespace

std::optional<std::string> color_named_in(std::string_view description) {
  std::optional<std::string> found;
  std::string before;
  for (const std::string& word : words_of(description)) {
    const auto* const at = std::find_if(std::begin(kColorWords), std::end(kColorWords),
                                        [&](const ColorWord& row) { return row.word == word; });
    if (at != std::end(kColorWords)) {
      const bool shaded = std::find(std::begin(kShades), std::end(kShades), before) != std::end(kShades);
      std::string color = (shaded ? before + " " : "") + std::string(at->color);
      if (found && *found != color) return std::nullopt;
      found = std::move(color);
    }
    before = word;
  }
  return found;
}

std::vector<Marker> markers_in(const Rows& rows) {
  static const Oid entry = mib2({43, 10, 2, 1});
  Table<Marker> table;
  read_columns<Marker>(table, rows, entry, kMarker, nullptr, true);
  read_columns<Marker>(table, rows, entry, kMarkerStatus, nullptr, false);
  return in_order(std::move(table));
}

std::vector<Supply> supplies_in(const Rows& rows, const Charset* charset, std::vector<std::string>& flags) {
  static const Oid entry = mib2({43, 11, 1, 1});
  auto supplies = read_table<Supply>(rows, entry, kSupply, charset);
  for (Supply& supply : supplies) {
    name_colorant(supply, rows, charset, flags);
    const auto level = supply.level ? supply.level->amount() : std::nullopt;
    const auto max_capacity = supply.max_capacity ? supply.max_capacity->amount() : std::nullopt;
    if (level && max_capacity && *level > *max_capacity) flags.push_back("level-above-max supply " + supply.index);
  }
  return supplies;
}

std::vector<Input> inputs_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 8, 2, 1});
  return read_table<Input>(rows, entry, kInput, charset);
}

std::vector<Output> outputs_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 9, 2, 1});
  return read_table<Output>(rows, entry, kOutput, charset);
}

std::vector<Cover> covers_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 6, 1, 1});
  return read_table<Cover>(rows, entry, kCover, charset);
}

std::vector<Alert> alerts_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 18, 1, 1});
  return read_table<Alert>(rows, entry, kAlert, charset);
}

std::vector<Colorant> colorants_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 12, 1, 1});
  return read_table<Colorant>(rows, entry, kColorant, charset);
}

std::vector<Finisher> finishers_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 30, 1, 1});
  return read_table<Finisher>(rows, entry, kFinisher, charset);
}

std::vector<FinisherSupply> finisher_supplies_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 31, 1, 1});
  return read_table<FinisherSupply>(rows, entry, kFinisherSupply, charset);
}

std::vector<FinisherInput> finisher_inputs_in(const Rows& rows, const Charset* charset) {
  static const Oid entry = mib2({43, 32, 1, 1});
  return read_table<FinisherInput>(rows, entry, kFinisherInput, charset);
}

std::vector<std::string> console_in(const Rows& rows, const Charset* charset) {
  static const Oid column = mib2({43, 16, 5, 1, 2});
  std::vector<std::string> lines;
  for (const VarBind& row : rows.under(column)) {
    if (const std::string* bytes = row.value.bytes()) lines.push_back(octet_text(*bytes, charset));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace platen::snmp
