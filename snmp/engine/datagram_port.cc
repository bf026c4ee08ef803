#include "snmp/engine/datagram_port.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "snmp/engine/ber_peek.h"

namespace platen::snmp {

bool may_leave(const OutDatagram& datagram) {
  constexpr std::uint8_t get = 0xA0, get_next = 0xA1, get_bulk = 0xA5;  // RFC 3416 §3
  if (is_print_port(datagram.to.port)) return false;
  const auto seen = peek(datagram.octets);
  if (!seen || seen->version == Version::v3) return true;
  return seen->pdu == get || seen->pdu == get_next || seen->pdu == get_bulk;
}

std::size_t DatagramPort::send(std::span<const OutDatagram> out) {
  if (!std::all_of(out.begin(), out.end(), may_leave)) {
    std::fputs("platen: a bug: something would have been sent that must never be sent to a printer\n", stderr);
    std::abort();
  }
  return hand_over(out);
}

}  // namespace platen::snmp
