// SNMP messages to octets and back by Net-SNMP (snmp_build, snmp_parse) over one session that is never opened.
//
//   Effects  codec.cc and usm.cc are the only files that see Net-SNMP. Its state is global: one thread.
//   Limits   decode() may only be given octets that peek() has matched to a question of ours: Net-SNMP remembers
//   engines.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/expected.h"
#include "snmp/engine/ber_peek.h"
#include "snmp/engine/usm.h"
#include "snmp/mib/credential.h"
#include "snmp/mib/pdu.h"

namespace platen::snmp::codec {

inline constexpr std::size_t max_datagram = 65'507;   // UDP over IPv4
inline constexpr std::size_t max_size_asked = 1'472;  // msgMaxSize we announce: one Ethernet frame, no fragments

// Net-SNMP without MIB files, configuration files, persistent state or log. Called by all that follows; repeating is
// free.
void start();

// Appends to `out`. Errors: Code::invalid (GETBULK in SNMPv1, a name of less than 2 numbers, too many names for a
// datagram).
[[nodiscard]] Expected<void> encode(const Ask& ask, const Credential& credential, std::uint32_t id,
                                    std::vector<std::uint8_t>& out);
// SNMPv3: at the authority's time of `now`, with the login's security level and context.
[[nodiscard]] Expected<void> encode(const Ask& ask, const Login& login, Authority& authority, MonotonicTime now,
                                    std::uint32_t id, std::vector<std::uint8_t>& out);
// RFC 3414 §4: a GET of nothing by nobody, whose Report names the engine.
[[nodiscard]] Expected<void> encode_discovery(std::uint32_t id, std::vector<std::uint8_t>& out);

struct Message {
  bool is_report = false;     // else a Response
  bool is_authentic = false;  // SNMPv3: its digest was checked
  std::int32_t request_id = 0;
  std::int32_t error_status = 0;
  std::int32_t error_index = 0;
  VarBinds varbinds;
  Answer::Report report = Answer::Report::none;
};

// Errors: Code::corrupt, what Net-SNMP says about it.
[[nodiscard]] Expected<Message> decode(std::span<const std::uint8_t> octets);
// SNMPv3. A Response must come from the authority asked, for the same user and context at the security level asked
// (RFC 3412 §7.2, 12); a Report may come unauthenticated and from another engine. The time window is the caller's to
// check.
[[nodiscard]] Expected<Message> decode(std::span<const std::uint8_t> octets, const Peek& seen, const Login& login,
                                       Authority& authority);
// SNMPv3, the answer to encode_discovery().
[[nodiscard]] Expected<Message> decode_discovery(std::span<const std::uint8_t> octets, const Peek& seen);

}  // namespace platen::snmp::codec
