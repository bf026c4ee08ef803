// Whose answer is this datagram? A look at the outermost fields, before any library decodes it.
//
//   Source   X.690 §8.1 (definite lengths), RFC 3416 §3 (request-id), RFC 3412 §6 (msgID), RFC 3414 §2.4 (security
//   parameters). Errors   nullopt for everything that is no SNMP message with an id. A message that was cut short still
//   shows its id: the
//            id must lie inside the octets, the containers around it may promise more than arrived.
//   Effects  none: reads only inside `octets`, allocates nothing. Callable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "snmp/mib/credential.h"

namespace platen::snmp {

struct Peek {
  static constexpr std::uint8_t response = 0xA2;   // PDU tag (RFC 3416 §3)
  static constexpr std::uint8_t auth_flag = 0x01;  // msgFlags (RFC 3412 §6.4)

  Version version = Version::v1;
  std::uint32_t id = 0;   // request-id; in SNMPv3 msgID
  std::size_t id_at = 0;  // where its value stands, and how many octets it has
  std::size_t id_size = 0;
  std::uint8_t pdu = 0;  // tag; v1 and v2c only

  // SNMPv3, User-based Security Model only
  std::uint8_t flags = 0;
  std::uint32_t max_size = 0;  // msgMaxSize
  std::span<const std::uint8_t> engine_id;
  std::uint32_t engine_boots = 0;
  std::uint32_t engine_time = 0;
  std::span<const std::uint8_t> user;
};

[[nodiscard]] std::optional<Peek> peek(std::span<const std::uint8_t> octets);

}  // namespace platen::snmp
