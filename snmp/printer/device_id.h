// An IEEE 1284 device id ("MFG:Acme;MDL:One;SN:77;") as the values that matter. Private to this room.
//
//   Source   IEEE 1284-2000 §7.6; keys as printers spell them, in any order, blanks after ';' or not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace platen::snmp {

struct DeviceId {
  std::optional<std::string> manufacturer, model, serial;
};

inline constexpr std::size_t kDeviceIdLimit = 1024;
[[nodiscard]] std::optional<DeviceId> parse_device_id(std::string_view text);  // nullopt: not a device id

}  // namespace platen::snmp
