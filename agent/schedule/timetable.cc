#include "agent/schedule/timetable.h"

#include <algorithm>

namespace platen::schedule {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t jitter_part = 20;

// splitmix64's last step: neighbours in, strangers out.
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

milliseconds part_of(std::uint64_t hash, std::uint64_t range) {
  return milliseconds(static_cast<std::int64_t>(hash % std::max<std::uint64_t>(range, 1)));
}

MonotonicTime start_of(const Beat& beat, std::int64_t slot) {
  const auto interval = static_cast<std::uint64_t>(beat.interval.count());
  const milliseconds phase = part_of(mixed(beat.seed), interval);
  const milliseconds jitter = part_of(mixed(beat.seed + static_cast<std::uint64_t>(slot)), interval / jitter_part);
  return MonotonicTime(phase + slot * beat.interval + jitter);
}

std::int64_t slot_at(const Beat& beat, MonotonicTime time) {
  std::int64_t slot = (time - start_of(beat, 0)) / beat.interval + 1;
  while (start_of(beat, slot) > time) --slot;
  return slot;
}

}  // namespace

std::uint64_t stable_hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

MonotonicTime next_due(const Beat& beat, std::optional<MonotonicTime> last) {
  if (!last) return MonotonicTime::min();
  return start_of(beat, slot_at(beat, *last + beat.interval / 2) + 1);
}

}  // namespace platen::schedule
