// A question to one agent and its answer, without sockets or encodings: what the read plans decide and the engine
// carries.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "snmp/mib/varbind.h"

namespace platen::snmp {

struct Peer {
  IpAddress address;
  std::uint16_t port = 161;
  friend auto operator<=>(const Peer&, const Peer&) = default;
};

// Printers print what they receive there (AppSocket, and 9999 on some): never asked anything.
[[nodiscard]] constexpr bool is_print_port(std::uint16_t port) {
  return (port >= 9100 && port <= 9112) || port == 9999;
}

enum class PduType { get, get_next, get_bulk };

struct Ask {
  PduType type = PduType::get;
  std::vector<Oid> names{};
  std::int32_t non_repeaters = 0;    // get_bulk only
  std::int32_t max_repetitions = 0;  // get_bulk only
  friend bool operator==(const Ask&, const Ask&) = default;
};

struct Answer {
  enum class Is {
    response,     // a Response PDU: error_status may still be non-zero
    timeout,      // no answer after every try; `text` says when something came that was none
    unreachable,  // ICMP: the host is alive, nobody listens on the port
    send_failed,  // this machine could not send; `text` says why
    report,       // SNMPv3 refused the login; `report` says which usmStats counter
    bad,          // an answer that could not be decoded or decrypted
  };
  enum class Report {
    none,
    unsupported_level,
    not_in_time_window,
    unknown_user,
    unknown_engine,
    wrong_digest,
    decryption,
    other
  };

  Is is = Is::timeout;
  std::int32_t error_status = 0;  // RFC 3416: 1 tooBig, 2 noSuchName, 5 genErr …
  std::int32_t error_index = 0;
  VarBinds varbinds{};
  Report report = Report::none;
  std::string engine_id{};  // SNMPv3: raw octets, when known
  std::size_t octets = 0;   // of the datagram
  std::chrono::microseconds round_trip{0};
  int tries = 1;
  std::string text{};
};

}  // namespace platen::snmp
