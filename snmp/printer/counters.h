// Counter points of a device: the standard's and its maker's. Private to this room.
//
//   Source   prtMarkerLifeCount, prtMarkerPowerOnCount (RFC 3805); vendor OIDs by profile (docs/profiles.md).
//   Rules    A vendor counter far above the life count is a lie: it is kept, flagged, and its confidence becomes C.
#pragma once

#include <string>
#include <vector>

#include "base/reading/reading.h"
#include "snmp/printer/profile.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {

[[nodiscard]] std::vector<CounterPoint> standard_counters(const Rows& rows, const std::vector<Marker>& markers);
[[nodiscard]] std::vector<CounterPoint> vendor_counters(const Rows& rows, const Profile& profile);
// Flags what cannot be, against the life count among `counters`.
void doubt(std::vector<CounterPoint>& counters, std::vector<std::string>& flags);

}  // namespace platen::snmp
