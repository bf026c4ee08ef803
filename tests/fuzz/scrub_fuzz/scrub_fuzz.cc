// Whatever a device says is scrubbed into rows that are sorted, no more than before, and can be written and read back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/support/scrub.h"
#include "snmp/mib/snmprec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  const auto rows = snmp::parse_snmprec({reinterpret_cast<const char*>(data), size});
  if (!rows) return 0;
  const support::Scrubbed once = support::scrub(*rows, IpAddress::v4(0x0A010109));
  const auto by_name = [](const snmp::VarBind& a, const snmp::VarBind& b) { return a.name < b.name; };
  if (once.rows.size() > rows->size() || !std::is_sorted(once.rows.begin(), once.rows.end(), by_name)) std::abort();
  if (!snmp::parse_snmprec(snmp::to_snmprec(once.rows))) std::abort();
  return 0;
}
