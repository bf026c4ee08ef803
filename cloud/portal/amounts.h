// Levels and MIB words as people read them. A statement about a sensor is never shown as a percentage (RFC 3805).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/reading/names.h"
#include "base/reading/reading.h"
#include "cloud/portal/html.h"

namespace platen::portal {

enum class Means { left, room_left };

struct Gauge {
  std::optional<Amount> level, max_capacity;
  std::optional<std::int32_t> unit;  // prtMarkerSuppliesSupplyUnit, prtInputCapacityUnit
  MibEnum units = MibEnum::prtMarkerSuppliesSupplyUnit;
  Means means = Means::left;
  std::string color = {};  // a word of the style sheet for the bar
};
[[nodiscard]] Html gauge_cell(const Gauge& gauge);          // <td>: a bar with words, or words
[[nodiscard]] std::string gauge_words(const Gauge& gauge);  // "42 %", "some left", "1,200 sheets", "" when not said

[[nodiscard]] std::string spaced(std::string_view mib_name);  // "coverOpen" → "cover open"
[[nodiscard]] std::string enum_words(MibEnum list, const std::optional<std::int32_t>& number);  // "" when not said
[[nodiscard]] std::string sub_unit_status(
    std::int32_t status);  // PrtSubUnitStatusTC, a sum: "active, non-critical alert"
[[nodiscard]] std::string_view bar_color(const std::optional<std::string>& colorant);

}  // namespace platen::portal
