// Any text as a settings file: it is good, or every fault is one line that begins with the file's name.
#include <cstdint>
#include <cstdlib>

#include "agent/config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = platen::config::parse(
      text, "f", [](const std::string&) -> platen::Expected<platen::Secret> { return platen::Secret("from a file"); });
  if (config) return 0;
  if (config.error().empty()) std::abort();
  for (const platen::Error& fault : config.error()) {
    if (!fault.text.starts_with("f:") || fault.text.find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
