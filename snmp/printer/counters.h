// Counter points of a device: the standard's and its maker's. Private to this room.
//
//   Source   prtMarkerLifeCount, prtMarkerPowerOnCount (RFC 3805); vendor OIDs by profile (docs/profiles.md).
//   Rules    A vendor counter far above the life count is a lie: it is kept, flagged, and its confidence becomes C.
//            Totals that differ, and parts that do not make up their whole, all stay; a flag says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/reading/reading.h"
#include "snmp/printer/profile.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {

[[nodiscard]] std::vector<CounterPoint> standard_counters(const Rows& rows, const std::vector<Marker>& markers);
[[nodiscard]] std::vector<CounterPoint> vendor_counters(const Rows& rows, const Profile& profile);

// What becomes of the rules of a profile on a device, one call a number.
class Rules {
 public:
  virtual ~Rules() = default;
  virtual void took(const Meaning& means, CounterPoint&& point) = 0;
  // Something stood there, and was not taken.
  virtual void left(const Meaning& means, const VarBind& row, std::string_view why) = 0;
};
void apply(const Rows& rows, const Profile& profile, Rules& rules);

// Flags what cannot be, against the life count among `counters`, and what does not add up.
void doubt(std::vector<CounterPoint>& counters, std::vector<std::string>& flags);

}  // namespace platen::snmp
