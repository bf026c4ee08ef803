// Whatever decodes must encode to something that decodes to the same.
#include <cstdint>
#include <cstdlib>

#include "proto/forecast_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto forecast = platen::wire::decode_forecast({reinterpret_cast<const char*>(data), size});
  if (!forecast) return 0;
  const auto again = platen::wire::decode_forecast(platen::wire::encode_forecast(*forecast));
  if (!again || (size < 100 * 1024 && !(*again == *forecast))) std::abort();
  return 0;
}
