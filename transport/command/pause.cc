#include "transport/command/pause.h"

#include <algorithm>
#include <cstdint>

namespace platen::channel {

std::chrono::milliseconds pause_before(std::chrono::milliseconds spread, std::chrono::milliseconds longest,
                                       unsigned failures, double chance) {
  // Who waits a to b at a time is found anywhere in it: after an outage of any length 2 / (a + b) of the fleet return a second.
  const std::chrono::milliseconds least = failures == 0 ? std::chrono::milliseconds(0) : 2 * spread - longest;
  const std::chrono::milliseconds most = failures == 0 ? spread : longest;
  const std::chrono::milliseconds from = std::clamp(least, std::chrono::milliseconds(0), most);
  return from +
         std::chrono::milliseconds(static_cast<std::int64_t>(chance * static_cast<double>((most - from).count())));
}

}  // namespace platen::channel
