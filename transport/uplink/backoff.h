// How long to wait before the next try: full jitter, so that a fleet that lost its cloud at once does not come back at
// once.
#pragma once

#include <chrono>

namespace platen::uplink {

// A wait in [0, min(longest, first · 2^failures)]; `chance` in [0, 1) picks the place.
[[nodiscard]] std::chrono::milliseconds backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest,
                                                unsigned failures, double chance);

}  // namespace platen::uplink
