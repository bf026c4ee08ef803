// Any octets as the first line of a front end: an address that is written as one, or none.
#include <cstdint>
#include <cstdlib>

#include "cloud/ingest/proxy_line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto address = platen::cloud::proxied_address(line);
  if (!address) return 0;
  if (size > platen::cloud::longest_proxy_line || !line.ends_with("\r\n")) std::abort();
  if (*address && platen::IpAddress::parse((*address)->text()) != **address) std::abort();
  return 0;
}
