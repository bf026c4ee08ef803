// SNMP messages v1 and v2c, and the PDU inside every version.
//
//   Source   RFC 1157 §4, RFC 3416 §3 and §4.
//   Errors   nullopt for whatever is not such a message; the zoo then says nothing, as agents do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/oid.h"
#include "tests/zoo/ber.h"

namespace platen::zoo {

namespace error_status {
inline constexpr std::int32_t none = 0, too_big = 1, no_such_name = 2, no_access = 6, authorization = 16;
}

struct Pdu {
  std::uint8_t type = ber::tag::get;
  std::int32_t request_id = 0;
  std::int32_t error_status = 0;  // non-repeaters of a GETBULK
  std::int32_t error_index = 0;   // max-repetitions of a GETBULK
  std::vector<snmp::Oid> names;
  std::string varbinds;  // the list as it came, for answers that repeat it
};
[[nodiscard]] std::optional<Pdu> read_pdu(ber::Reader& from);

struct Message {
  std::int64_t version = 0;  // 0: v1, 1: v2c, 3: v3 (then only this member is set)
  std::string_view community;
  Pdu pdu;
};
[[nodiscard]] std::optional<Message> read_message(std::string_view datagram);
[[nodiscard]] std::string write_message(std::int64_t version, std::string_view community, std::string_view pdu);

// `varbinds`: encoded VarBinds one after the other, without the list's own header.
[[nodiscard]] std::string write_pdu(std::uint8_t type, std::int32_t request_id, std::int32_t error_status,
                                    std::int32_t error_index, std::string_view varbinds);

}  // namespace platen::zoo
