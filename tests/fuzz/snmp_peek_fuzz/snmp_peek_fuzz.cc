// Anything that reaches our port: the peek stays inside the octets and its id is where it says.
#include <cstdlib>
#include <vector>

#include "snmp/engine/ber_peek.h"
#include "snmp/engine/probe.h"

using namespace platen::snmp;

namespace {

bool inside(std::span<const std::uint8_t> part, std::span<const std::uint8_t> whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> octets(data, data + size);  // its own block, so that a sanitizer sees the end
  const auto seen = peek(octets);
  if (!seen) return 0;
  if (seen->id_at + seen->id_size > size || seen->id > 0x7FFFFFFF) std::abort();
  if (!inside(seen->engine_id, octets) || !inside(seen->user, octets)) std::abort();
  if (const auto id = peek_probe_id(octets); id && *id != seen->id) std::abort();
  return 0;
}
