#include "agent/schedule/packed_names.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace platen::schedule {
namespace {

void put(std::string& out, std::uint32_t number) {
  for (; number >= 0x80; number >>= 7U) out += static_cast<char>(number | 0x80U);
  out += static_cast<char>(number);
}

std::uint32_t get(const std::string& in, std::size_t& at) {
  std::uint32_t number = 0;
  for (unsigned shift = 0; at < in.size() && shift < 32; shift += 7) {
    const auto octet = static_cast<unsigned char>(in[at++]);
    number |= static_cast<std::uint32_t>(octet & 0x7FU) << shift;
    if (octet < 0x80) break;
  }
  return number;
}

}  // namespace

std::string pack_names(const snmp::VarBinds& rows) {
  std::string out;
  std::span<const std::uint32_t> before;
  for (const snmp::VarBind& row : rows) {
    const std::span<const std::uint32_t> ids = row.name.ids();
    const auto shared = static_cast<std::size_t>(
        std::distance(ids.begin(), std::mismatch(ids.begin(), ids.end(), before.begin(), before.end()).first));
    put(out, static_cast<std::uint32_t>(shared));
    put(out, static_cast<std::uint32_t>(ids.size() - shared));
    for (const std::uint32_t id : ids.subspan(shared)) put(out, id);
    before = ids;
  }
  out.shrink_to_fit();
  return out;
}

snmp::VarBinds unpack_names(const std::string& packed) {
  snmp::VarBinds rows;
  std::vector<std::uint32_t> ids;
  for (std::size_t at = 0; at < packed.size();) {
    ids.resize(get(packed, at));
    const std::uint32_t fresh = get(packed, at);
    for (std::uint32_t i = 0; i < fresh; ++i) ids.push_back(get(packed, at));
    rows.push_back({snmp::Oid(std::span<const std::uint32_t>(ids)), {}});
  }
  return rows;
}

}  // namespace platen::schedule
