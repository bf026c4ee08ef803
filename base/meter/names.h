// Which counters are meters, and what they are called.
//
//   Rules    A meter counts over the device's life with confidence A or B. Two sources of the same point are two
//            meters: they are never mixed. Counters since power-on begin anew by design and are none.
//   Effects  none.
#pragma once

#include <string>

#include "base/reading/reading.h"

namespace platen::meter {

[[nodiscard]] bool is_meter(const CounterPoint& point);
// All dimensions, the unit and the source: equal exactly when two readings speak of the same meter. Never shown.
[[nodiscard]] std::string key_of(const CounterPoint& point);
// For people: "total", "mono", "any_color", "print mono A4", "total (marker 1.2)".
[[nodiscard]] std::string name_of(const CounterPoint& point);

}  // namespace platen::meter
