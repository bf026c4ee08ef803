// Counters of the Imaging System State and Counter MIB, where a device has them. Private to this room.
//
//   Source   PWG 5106.3: icKeyTable says whose a count is (a service or the whole system), the count's index adds its
//            kind of work (3 all of it) and its persistence (3 lifetime, 4 since power-on).
//   Units    images, impressions, sheets, by table.
//   Rules    Only whole services and the system, all of their work; counts of subunits, of maintenance and of highlight
//            colour have no place in a CounterPoint. The counters stop at 2^31-1: one that has is left out and flagged.
#pragma once

#include <string>
#include <vector>

#include "base/reading/reading.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {

[[nodiscard]] std::vector<CounterPoint> imaging_counters_in(const Rows& rows, std::vector<std::string>& flags);

}  // namespace platen::snmp
