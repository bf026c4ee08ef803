// How well a profile fits a device. Private to this room.
//
//   Rules    docs/profiles.md, "Which profile a printer gets".
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "snmp/mib/varbind.h"
#include "snmp/printer/profile.h"

namespace platen::snmp {

// What a device is to the profiles.
struct DeviceFacts {
  Oid sys_object_id;                    // empty: not told
  std::set<std::uint32_t> enterprises;  // that answered anything
  std::string called;                   // what it calls itself, in lower case
};
[[nodiscard]] DeviceFacts device_in(const VarBinds& rows);

struct Fit {
  bool right_maker = false;                // its enterprises hold the one in sysObjectID
  bool right_model = true;                 // has no `models`, or one of them is the device's
  bool special = false;                    // has `models`
  bool own = false;                        // not built in
  std::size_t answered = 0;                // of the objects that it asks for, weighed
  [[nodiscard]] std::size_t rank() const;  // 0: not for this device; the highest is taken
};
[[nodiscard]] Fit fit_of(const Profile& profile, const DeviceFacts& device, const VarBinds& rows);
[[nodiscard]] bool names_no_maker(const Oid& sys_object_id);
[[nodiscard]] bool is_for(const Profile& profile, const Oid& sys_object_id);

}  // namespace platen::snmp
