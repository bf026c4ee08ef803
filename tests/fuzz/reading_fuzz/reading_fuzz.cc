// Whatever decodes must encode to something that decodes to the same.
#include <cstdint>
#include <cstdlib>

#include "proto/reading_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reading = platen::wire::decode_reading({reinterpret_cast<const char*>(data), size});
  if (!reading) return 0;
  const auto again = platen::wire::decode_reading(platen::wire::encode_reading(*reading));
  // Encoding the canonical way may add the empty messages that the input left out, nothing else.
  if (again ? !(*again == *reading) : size < 200 * 1024) std::abort();
  return 0;
}
