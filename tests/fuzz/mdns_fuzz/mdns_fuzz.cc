// Any datagram as an answer by multicast DNS: at most eight addresses, each once, and the same by the id it carries.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "snmp/sources/mdns.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> octets(data, size);
  const auto id = static_cast<std::uint16_t>(size < 2 ? 0 : data[0] << 8U | data[1]);
  const auto found = platen::snmp::mdns_answer(octets, id);
  if (!found) return 0;
  if (found->size() > 8 || std::set<platen::IpAddress>(found->begin(), found->end()).size() != found->size())
    std::abort();
  if (id != 0 && platen::snmp::mdns_answer(octets, static_cast<std::uint16_t>(id ^ 1U))) std::abort();
  return 0;
}
