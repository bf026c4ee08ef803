#include "base/meter/names.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace platen::meter {
namespace {

constexpr std::array<std::string_view, 6> functions = {"", "print", "copy", "fax", "scan", "other"};
constexpr std::array<std::string_view, 6> colors = {"", "mono", "full", "single", "two", "any_color"};
constexpr std::array<std::string_view, 4> sizes = {"", "small", "large", "named"};
constexpr std::array<std::string_view, 3> sides = {"", "simplex", "duplex"};

template <class Table, class Enum>
std::string_view word(const Table& table, Enum value) {
  return table.at(static_cast<std::size_t>(value));
}

}  // namespace

bool is_meter(const CounterPoint& point) {
  return point.scope == CounterPoint::Scope::life && point.evidence.confidence != 'C';
}

std::string key_of(const CounterPoint& point) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", word(functions, point.function), word(colors, point.color),
                     word(sizes, point.size), point.size_name, word(sides, point.sides),
                     point.unit ? std::to_string(*point.unit) : "", point.part, point.evidence.source);
}

std::string name_of(const CounterPoint& point) {
  const std::string_view size = point.size_name.empty() ? word(sizes, point.size) : std::string_view(point.size_name);
  std::string out;
  for (const std::string_view part :
       {word(functions, point.function), word(colors, point.color), size, word(sides, point.sides)}) {
    if (!part.empty()) out.append(out.empty() ? "" : " ").append(part);
  }
  if (out.empty()) out = "total";
  if (!point.part.empty()) out.append(" (").append(point.part).append(")");
  return out;
}

}  // namespace platen::meter
