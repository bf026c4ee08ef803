// Any datagram as an SLP reply: at most eight addresses, each once, and none for another request.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "snmp/sources/slp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> octets(data, size);
  const auto id = static_cast<std::uint16_t>(size < 12 ? 0 : data[10] << 8U | data[11]);
  const auto found = platen::snmp::slp_reply(octets, id);
  if (!found) return 0;
  if (found->size() > 8 || std::set<platen::IpAddress>(found->begin(), found->end()).size() != found->size())
    std::abort();
  if (platen::snmp::slp_reply(octets, static_cast<std::uint16_t>(id ^ 1U))) std::abort();
  return 0;
}
