// Whatever parses is written and read back as the same rows.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "snmp/mib/snmprec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen::snmp;
  const auto rows = parse_snmprec({reinterpret_cast<const char*>(data), size});
  if (!rows) return 0;
  const auto again = parse_snmprec(to_snmprec(*rows));
  if (!again || *again != *rows) std::abort();
  return 0;
}
