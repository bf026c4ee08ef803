// Printers that know the Service Location Protocol: the request, and what a reply says.
//
//   Source   RFC 2608 §8 (header), §8.1 (SrvRqst), §8.2 (SrvRply), §4.3 (URL entries); "service:printer" stands for every
//            kind of it (RFC 2609 §2.1).
//   Errors   nullopt for whatever is no good reply to request `id`, whole: a length that is not so, an error code, more
//            than 64 entries. At most 8 addresses; host names in URLs are left alone.
//   Effects  none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ip_address.h"

namespace platen::snmp {

inline constexpr std::uint16_t slp_port = 427;

[[nodiscard]] std::vector<std::uint8_t> slp_request(std::uint16_t id);
[[nodiscard]] std::optional<std::vector<IpAddress>> slp_reply(std::span<const std::uint8_t> octets, std::uint16_t id);

}  // namespace platen::snmp
