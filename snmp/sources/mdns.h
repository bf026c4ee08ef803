// Printers that announce themselves by multicast DNS: the question, and what an answer says.
//
//   Source   RFC 1035 §4.1 (messages, compression), RFC 6762 §6.7 (one-shot questions from any port), RFC 6763 (DNS-SD).
//   Shapes   A question for _ipp, _ipps, _pdl-datastream and _printer services under _tcp.local.
//   Errors   nullopt for whatever is no answer about a printer, whole: a name that loops, runs on or ends outside, a
//            length that is not so, more than 256 records. At most 8 addresses.
//   Effects  none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ip_address.h"

namespace platen::snmp {

inline constexpr std::uint16_t mdns_port = 5353;  // RFC 6762 §6: answers come from it, too

[[nodiscard]] std::vector<std::uint8_t> mdns_question(std::uint16_t id);
// The addresses of the hosts that offer the services; none when the answer names only services. `id` as in the question,
// or 0, which responders send that answer as if by multicast.
[[nodiscard]] std::optional<std::vector<IpAddress>> mdns_answer(std::span<const std::uint8_t> octets, std::uint16_t id);

}  // namespace platen::snmp
