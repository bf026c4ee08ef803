#include "snmp/printer/imaging_counters.h"

#include <map>
#include <string_view>

#include "snmp/printer/columns.h"

namespace platen::snmp {
namespace {

using P = CounterPoint;

// IcServiceTypeTC. What comes in and goes out by e-mail or fax is counted apart, so each is a part.
struct Service {
  std::int64_t type;
  P::Function function;
  std::string_view part;
};
constexpr Service kServices[] = {{3, P::Function::all, ""},
                                 {4, P::Function::copy, ""},
                                 {5, P::Function::other, "e-mail in"},
                                 {6, P::Function::scan, "e-mail out"},
                                 {7, P::Function::fax, "fax in"},
                                 {8, P::Function::fax, "fax out"},
                                 {9, P::Function::fax, "network fax in"},
                                 {10, P::Function::fax, "network fax out"},
                                 {11, P::Function::print, ""},
                                 {12, P::Function::scan, ""}};

// The columns of the four tables that a CounterPoint can say. A scan is counted in images, all else on paper.
struct Count {
  std::uint32_t table, column;
  std::string_view name;
  std::int32_t unit;  // prtMarkerCounterUnit: 7 impressions, 8 sheets
  P::Color color;
  P::Sides sides;
};
constexpr Count kCounts[] = {
    {7, 4, "icImageTotalImages", 7, P::Color::all, P::Sides::all},
    {7, 5, "icImageMonochromeImages", 7, P::Color::mono, P::Sides::all},
    {7, 6, "icImageFullColorImages", 7, P::Color::full, P::Sides::all},
    {8, 4, "icImpressionTotalImps", 7, P::Color::all, P::Sides::all},
    {8, 5, "icImpressionMonochromeImps", 7, P::Color::mono, P::Sides::all},
    {8, 7, "icImpressionFullColorImps", 7, P::Color::full, P::Sides::all},
    {9, 4, "icTwoSidedTotalImps", 7, P::Color::all, P::Sides::two},
    {9, 5, "icTwoSidedMonochromeImps", 7, P::Color::mono, P::Sides::two},
    {9, 7, "icTwoSidedFullColorImps", 7, P::Color::full, P::Sides::two},
    {10, 4, "icSheetTotalSheets", 8, P::Color::all, P::Sides::all},
    {10, 5, "icSheetMonochromeSheets", 8, P::Color::mono, P::Sides::all},
    {10, 7, "icSheetFullColorSheets", 8, P::Color::full, P::Sides::all},
};
constexpr std::uint32_t kImages = 7;
constexpr std::uint32_t kWorkTotals = 3, kLifetime = 3, kPowerOn = 4;
constexpr std::uint64_t kStop = 2'147'483'647;

using Keys = std::map<std::uint32_t, const Service*>;  // icKeyIndex → whose it is; nullptr: two services of one type

// Keys of services; those of subunits have a subunit's index besides.
Keys keys_in(const Rows& rows) {
  const Oid& entry = imaging_keys().root;
  const Oid types = entry + 2U, subunits = entry + 5U;
  Keys keys;
  std::map<std::int64_t, std::uint32_t> first;
  for (const VarBind& row : rows.under(types)) {
    const auto index = row.name.after(types);
    const auto type = row.value.number();
    if (index.size() != 1 || !type) continue;
    const auto subunit = integer_of<std::int64_t>(rows.at(subunits + index));
    if (subunit && *subunit != 0) continue;
    const auto* const service = std::find_if(std::begin(kServices), std::end(kServices),
                                             [&](const Service& each) { return each.type == *type; });
    if (service == std::end(kServices)) continue;
    const auto [same, alone] = first.emplace(*type, index[0]);
    keys[index[0]] = alone ? service : nullptr;
    if (!alone) keys[same->second] = nullptr;  // neither is the whole of it
  }
  return keys;
}

void add_column(std::vector<CounterPoint>& out, const Rows& rows, const Keys& keys, const Count& count,
                std::vector<std::string>& flags) {
  const Oid column = Oid{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1} + count.table + 1U + 1U + count.column;
  for (const VarBind& row : rows.under(column)) {
    const auto index = row.name.after(column);
    const auto value = row.value.unsigned_number();
    if (index.size() != 3 || !value || index[1] != kWorkTotals) continue;
    const auto key = keys.find(index[0]);
    if (key == keys.end() || key->second == nullptr || (index[2] != kLifetime && index[2] != kPowerOn)) continue;
    const Service& service = *key->second;
    if ((count.table == kImages) != (service.function == P::Function::scan)) continue;
    const std::string source = std::string(count.name) + "." + dotted(index);
    if (*value >= kStop) {
      flags.push_back("counter-stopped " + source);
      continue;
    }
    CounterPoint point;
    point.function = service.function;
    point.color = count.color;
    point.sides = count.sides;
    point.unit = count.unit;
    point.scope = index[2] == kLifetime ? P::Scope::life : P::Scope::power_on;
    point.part = service.part;
    if (count.table == 10) point.part += point.part.empty() ? "sheets" : ", sheets";
    point.value = *value;
    point.evidence = {source, row.name.text(), row.value.text(), 'B'};
    out.push_back(std::move(point));
  }
}

}  // namespace

std::vector<CounterPoint> imaging_counters_in(const Rows& rows, std::vector<std::string>& flags) {
  std::vector<CounterPoint> points;
  if (!rows.any_under(imaging_keys().root)) return points;
  const Keys keys = keys_in(rows);
  for (const Count& count : kCounts) add_column(points, rows, keys, count, flags);
  return points;
}

}  // namespace platen::snmp
