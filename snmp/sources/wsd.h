// Printers that answer WS-Discovery: the probe, and what a match says.
//
//   Source   WS-Discovery (April 2005) §5.2 Probe, §5.3 Probe Match; PrintDeviceType of the WSD Print Service Definition.
//   Errors   nullopt for whatever is no good answer to probe `id`: XML that scan_xml() refuses, another RelatesTo, no match
//            that prints. At most 8 addresses; host names in XAddrs are left alone.
//   Effects  none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace platen::snmp {

inline constexpr std::uint16_t wsd_port = 3702;

// `id`: a UUID, "0a1b2c3d-….".
[[nodiscard]] std::string wsd_probe(std::string_view id);
[[nodiscard]] std::optional<std::vector<IpAddress>> wsd_matches(std::span<const std::uint8_t> octets,
                                                                std::string_view id);

}  // namespace platen::snmp
