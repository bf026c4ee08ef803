// Each day, for each printer: will there be a meter for the billing date, and if not, why not?
//
//   Rules    Yes when a total was read within the last 36 hours: one midnight may be missed. Otherwise the reason, the
//            most telling one first: the printer never said a total, it does not let us in, it has not been seen.
//   Effects  none.
#pragma once

#include <span>

#include "agent/schedule/meter_watch.h"
#include "proto/forecast_codec.h"

namespace platen::schedule {

[[nodiscard]] std::size_t without_a_meter(const wire::Forecast& forecast);
[[nodiscard]] wire::Forecast forecast(std::span<const MeterMemory> printers, const Zone& zone, WallTime now,
                                      unsigned billing_day);

}  // namespace platen::schedule
