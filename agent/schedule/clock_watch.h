// Can this host's clock be trusted just now? Pure: both clocks and what the cloud last said are arguments.
//
//   Rules    With the cloud's time at hand (heard within half an hour) the clock is suspect when it differs by more than
//            5 minutes. Without it, when it stands before the day this program was built, or has jumped against the
//            monotonic clock by more than a minute within the last day.
//   Effects  none.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace platen::schedule {

struct ClockState {
  std::string_view suspect_because;  // "" when it is not: "before-build", "jumped", "off-the-cloud"
  std::optional<std::chrono::milliseconds> cloud_offset;  // what to add to it for the cloud's clock
  [[nodiscard]] bool suspect() const { return !suspect_because.empty(); }
};

class ClockWatch {
 public:
  explicit ClockWatch(std::optional<WallTime> built) : built_(built) {}
  // Called often: a jump is seen between two looks.
  ClockState look(WallTime wall, MonotonicTime now, const std::optional<CloudTime>& cloud);

 private:
  const std::optional<WallTime> built_;
  std::optional<std::chrono::milliseconds> difference_;  // of the two clocks at the last look
  std::optional<MonotonicTime> jumped_at_;
};

}  // namespace platen::schedule
