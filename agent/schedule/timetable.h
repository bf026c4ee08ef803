// When is something due again? Pure: monotonic time in, monotonic time out.
//
//   Rules    Every job has its own grid of slots, one an interval, and runs once in each: being late does not shift the
//   next
//            one, and after a long sleep it runs once, not once for every slot missed. The grid's phase comes from a
//            hash of the agent's id and the job's name, so that neither all agents nor all printers fall due in the
//            same second; each slot is moved by a further hash, by at most a twentieth of the interval. What never ran
//            is due at once. The next run is in the first slot that begins more than half an interval later, so that
//            neither such a first run nor a very late one is followed by another too soon.
//   Units    milliseconds on the monotonic clock; wall time steps are not seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace platen::schedule {

// FNV-1a: the same on every machine and in every version, so that a restart keeps the phase.
[[nodiscard]] std::uint64_t stable_hash(std::string_view text, std::uint64_t seed = 0xcbf29ce484222325U);

struct Beat {
  std::uint64_t seed = 0;  // stable_hash of agent and job
  std::chrono::milliseconds interval{};
};

// The first moment at which the job is due when it last ran at `last`; the distant past when it never ran.
[[nodiscard]] MonotonicTime next_due(const Beat& beat, std::optional<MonotonicTime> last);

}  // namespace platen::schedule
