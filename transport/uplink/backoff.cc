#include "transport/uplink/backoff.h"

#include <algorithm>

namespace platen::uplink {

std::chrono::milliseconds backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, unsigned failures,
                                  double chance) {
  std::chrono::milliseconds bound = std::min(first, longest);
  for (; failures > 0 && bound < longest; --failures) bound = bound > longest / 2 ? longest : bound * 2;
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(bound.count()) * chance));
}

}  // namespace platen::uplink
