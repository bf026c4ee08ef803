// Any octets as a vendor profile: refused with a place, or a profile that decoding can use.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "snmp/printer/profiles.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  platen::snmp::Profiles profiles;
  const auto added = profiles.add("fuzz.toml", std::string_view(reinterpret_cast<const char*>(data), size));
  if (!added && !added.error().text.starts_with("fuzz.toml:")) std::abort();
  if (added && profiles.names().size() != 1) std::abort();
  return 0;
}
