#include "base/reading/supply.h"

#include <algorithm>

namespace platen {
namespace {

constexpr std::int32_t kReceptacle = 4;                     // prtMarkerSuppliesClass
constexpr std::int32_t kWasteTypes[] = {4, 8, 14, 24, 26};  // wasteToner, wasteInk, wasteWax, wasteWater, wastePaper

std::optional<double> fill_of(const Supply& supply) {
  if (supply.level && supply.level->amount() == 0) return 0.0;
  return percent_of(supply.level, supply.max_capacity);
}

bool some_left(const Supply& supply) { return supply.level && supply.level->is == Amount::Is::some_remaining; }

std::string name_of_supply(const Supply& supply) {
  if (supply.description && !supply.description->empty()) return *supply.description;
  return supply.colorant.value_or("supply " + supply.index);
}

}  // namespace

bool is_receptacle(const Supply& supply) {
  if (supply.supply_class) return *supply.supply_class == kReceptacle;
  if (supply.type)
    return std::find(std::begin(kWasteTypes), std::end(kWasteTypes), *supply.type) != std::end(kWasteTypes);
  return supply.description && (supply.description->find("Waste") != std::string::npos ||
                                supply.description->find("waste") != std::string::npos);
}

LowestSupply lowest_supply(const Reading& reading) {
  using Is = LowestSupply::Is;
  LowestSupply lowest;
  for (const Supply& supply : reading.supplies) {
    if (is_receptacle(supply)) continue;
    const std::optional<double> fill = fill_of(supply);
    if (fill && (lowest.is != Is::percent || *fill < lowest.percent))
      lowest = {Is::percent, *fill, name_of_supply(supply)};
    else if (lowest.is == Is::unsaid && some_left(supply))
      lowest = {Is::some_left, 0, name_of_supply(supply)};
  }
  return lowest;
}

}  // namespace platen
