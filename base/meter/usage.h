// What a device printed between two moments, from the epochs of one of its meters; and what cannot be said, and why.
//
//   Rules    Counted are steps between readings of trusted epochs only; a step over a new epoch counts only when a
//            person has confirmed it. So usage is never negative and never spans an unconfirmed epoch.
//            A period begins at the last reading at or before `from` whose clock could be trusted, and ends at the
//            last one at or before `to`.
//   Effects  none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/meter/series.h"

namespace platen::meter {

struct Usage {
  std::optional<std::uint64_t> counted;  // nothing: not a single step could be counted
  std::optional<Sample> from, to;        // the readings it was counted between
  std::vector<std::string> why;          // what is missing from `counted`, a sentence each; empty: nothing
};

[[nodiscard]] Usage usage_between(const History& history, WallTime from, WallTime to);

}  // namespace platen::meter
