#include "base/reading/table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/reading/names.h"
#include "base/reading/supply.h"

namespace platen {
namespace {

constexpr FleetColumn kColumns[] = {{"address"},       {"manufacturer"}, {"model"},        {"serial"},
                                    {"mac"},           {"total", true},  {"mono", true},   {"color", true},
                                    {"lowest_supply"}, {"status"},       {"alerts", true}, {"worst_alert"}};

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
          lowest_supply_words(reading),
          reading.status.printer_status ? name_of(MibEnum::hrPrinterStatus, *reading.status.printer_status) : "",
          std::to_string(raised),
          worst_alert(reading)};
}

std::string percent_words(double percent) {
  const std::int64_t tenths = std::llround(percent * 10);
  if (tenths >= 10 || tenths <= 0) return std::to_string(std::llround(percent)) + " %";
  return "0." + std::to_string(tenths) + " %";
}

std::string lowest_supply_words(const Reading& reading) {
  const LowestSupply lowest = lowest_supply(reading);
  switch (lowest.is) {
    case LowestSupply::Is::unsaid: return "";
    case LowestSupply::Is::some_left: return "some left";
    case LowestSupply::Is::percent: break;
  }
  return lowest.name + (lowest.percent == 0 ? " empty" : " " + percent_words(lowest.percent));
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
