// How long to wait before the next try to reach the broker. Pure.
//
//   Why not  full jitter from one second on, as the uplink does: agents that lose one broker at the same moment would all be
//            back within the second in which it restarts. Polling goes on meanwhile, so nothing waits for this.
//   Promise  a fleet of any size that lost its broker, for a moment or for a day, comes back at 1.5 % of itself a second or
//            less: after a lost connection evenly over `spread`, after failed tries evenly around the same mean.
#pragma once

#include <chrono>

namespace platen::channel {

// `failures` tries in a row have failed since the last connection; 0: a connection was lost. `chance` in [0, 1).
[[nodiscard]] std::chrono::milliseconds pause_before(std::chrono::milliseconds spread,
                                                     std::chrono::milliseconds longest, unsigned failures,
                                                     double chance);

}  // namespace platen::channel
