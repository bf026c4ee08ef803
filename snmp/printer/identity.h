// Who the device is: maker, model, serial, MAC. Rules in docs/profiles.md "Identity". Private to this room.
#pragma once

#include <optional>
#include <string>

#include "base/ip_address.h"
#include "base/reading/reading.h"
#include "snmp/printer/octet_text.h"
#include "snmp/printer/profile.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {

// The hrDeviceTable row of the printer: its index as it stands in the table, and which prt* rows belong to it.
struct PrinterDevice {
  std::optional<std::string> index;  // absent when no row of type hrDevicePrinter stands there
  std::optional<std::uint32_t> number;
};
[[nodiscard]] PrinterDevice printer_device(const Rows& rows);

// What it calls itself in sysDescr and hrDeviceDescr, a line each, in lower case.
[[nodiscard]] std::string self_description(const Rows& rows);
[[nodiscard]] System system_of(const Rows& rows, const Charset* charset);
// `profile` may be nullptr.
[[nodiscard]] Identity identity_of(const Rows& rows, const PrinterDevice& device, const System& system,
                                   const IpAddress& address, const Charset* charset, const Profile* profile,
                                   std::vector<std::string>& flags);
// The first text that any of the profile's OIDs of that kind answers, without HP's two-octet prefix. nullopt: none.
[[nodiscard]] std::optional<std::string> vendor_text(const Rows& rows, const Profile* profile, Profile::Identity what,
                                                     const Charset* charset);

}  // namespace platen::snmp
