#include "base/reading/table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/reading/names.h"

namespace platen {
namespace {

constexpr std::int32_t kReceptacle = 4;
constexpr std::int32_t kWasteTypes[] = {4, 8, 14, 24, 26};  // wasteToner, wasteInk, wasteWax, wasteWater, wastePaper

constexpr FleetColumn kColumns[] = {{"address"},       {"manufacturer"}, {"model"},        {"serial"},
                                    {"mac"},           {"total", true},  {"mono", true},   {"color", true},
                                    {"lowest_supply"}, {"status"},       {"alerts", true}, {"worst_alert"}};

// A waste box empties when it is changed; its room left is another story than toner. Where the class is missing (many
// excerpts of a table), type and words tell.
bool is_used_up(const Supply& supply) {
  if (supply.supply_class) return *supply.supply_class != kReceptacle;
  if (supply.type)
    return std::find(std::begin(kWasteTypes), std::end(kWasteTypes), *supply.type) == std::end(kWasteTypes);
  return !supply.description || (supply.description->find("Waste") == std::string::npos &&
                                 supply.description->find("waste") == std::string::npos);
}

// 0 is empty whatever the capacity is.
std::optional<double> fill_of(const Supply& supply) {
  if (supply.level && supply.level->amount() == 0) return 0.0;
  return percent_of(supply.level, supply.max_capacity);
}

std::string name_of_supply(const Supply& supply) {
  if (supply.description && !supply.description->empty()) return *supply.description;
  return supply.colorant.value_or("supply " + supply.index);
}

// How bad: critical before warning. Severity 1 "other" and numbers no list holds raise nothing (sleeping printers send
// them).
int badness(const Alert& alert) {
  switch (alert.severity.value_or(0)) {
    case 3: return 2;  // critical
    case 4:            // warning
    case 5: return 1;  // warningBinaryChangeEvent
    default: return 0;
  }
}

std::string counted(const CounterPoint* point) { return point == nullptr ? "" : std::to_string(point->value); }

}  // namespace

std::span<const FleetColumn> fleet_columns() { return kColumns; }

std::vector<std::string> fleet_cells(const Reading& reading) {
  using P = CounterPoint;
  const Identity& who = reading.identity;
  const auto raised = std::count_if(reading.alerts.begin(), reading.alerts.end(),
                                    [](const Alert& alert) { return badness(alert) > 0; });
  return {reading.address,
          who.manufacturer.value_or(""),
          who.model.value_or(""),
          who.serial.value_or(""),
          who.mac.value_or(""),
          counted(total_of(reading)),
          counted(find_counter(reading, P::Function::all, P::Color::mono)),
          counted(find_counter(reading, P::Function::all, P::Color::any_color)),
          lowest_supply(reading),
          reading.status.printer_status ? name_of(MibEnum::hrPrinterStatus, *reading.status.printer_status) : "",
          std::to_string(raised),
          worst_alert(reading)};
}

std::string percent_words(double percent) {
  const std::int64_t tenths = std::llround(percent * 10);
  if (tenths >= 10 || tenths <= 0) return std::to_string(std::llround(percent)) + " %";
  return "0." + std::to_string(tenths) + " %";
}

std::string lowest_supply(const Reading& reading) {
  const Supply* lowest = nullptr;
  bool some_left = false;
  for (const Supply& supply : reading.supplies) {
    if (!is_used_up(supply)) continue;
    some_left = some_left || (supply.level && supply.level->is == Amount::Is::some_remaining);
    if (fill_of(supply) && (lowest == nullptr || *fill_of(supply) < *fill_of(*lowest))) lowest = &supply;
  }
  if (lowest == nullptr) return some_left ? "some left" : "";
  const double fill = *fill_of(*lowest);
  return name_of_supply(*lowest) + (fill == 0 ? " empty" : " " + percent_words(fill));
}

std::string worst_alert(const Reading& reading) {
  const auto worst = std::max_element(reading.alerts.begin(), reading.alerts.end(),
                                      [](const Alert& a, const Alert& b) { return badness(a) < badness(b); });
  if (worst == reading.alerts.end() || badness(*worst) == 0) return "";
  const std::string words = worst->description && !worst->description->empty() ? *worst->description
                            : worst->code ? name_of(MibEnum::prtAlertCode, *worst->code)
                                          : "no description";
  return (badness(*worst) == 2 ? "critical: " : "warning: ") + words;
}

}  // namespace platen
