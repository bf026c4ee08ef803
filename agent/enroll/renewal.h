// When a certificate is renewed, and how long to wait after a try that failed. Pure: time and chance are arguments.
//
//   Rules    Due at 2/3 of its life, at random up to 3/4, so that a fleet does not come at once. After a failure full jitter,
//            from a hundredth of the life (1 s to 1 min) doubled up to a twentieth (5 s to 6 h). When asking again changes
//            nothing, once in six hours.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace platen::activation {

[[nodiscard]] WallTime renew_at(WallTime not_before, WallTime not_after, double chance);

[[nodiscard]] std::chrono::milliseconds retry_in(std::chrono::milliseconds life, unsigned failures, bool for_good,
                                                 double chance);

}  // namespace platen::activation
