#include "agent/enroll/renewal.h"

#include <algorithm>

namespace platen::activation {

using std::chrono::milliseconds;

WallTime renew_at(WallTime not_before, WallTime not_after, double chance) {
  const auto life = static_cast<double>((not_after - not_before).count());
  return not_before + milliseconds(static_cast<std::int64_t>(life * (2.0 / 3.0 + chance / 12.0)));
}

milliseconds retry_in(milliseconds life, unsigned failures, bool for_good, double chance) {
  using namespace std::chrono_literals;
  if (for_good)
    return 6h - milliseconds(static_cast<std::int64_t>(static_cast<double>(milliseconds(1h).count()) * chance));
  const milliseconds first = std::clamp<milliseconds>(life / 100, 1s, 1min);
  const milliseconds longest = std::clamp<milliseconds>(life / 20, 5s, 6h);
  milliseconds bound = first;
  for (; failures > 1 && bound < longest; --failures) bound *= 2;
  const auto most = static_cast<double>(std::min(bound, longest).count());
  return milliseconds(static_cast<std::int64_t>(most * (0.5 + chance / 2)));  // never at once
}

}  // namespace platen::activation
