#include "snmp/engine/job.h"

#include <algorithm>

namespace platen::snmp {
namespace {

// RFC 3416 §4.2.3: N + M·R
std::uint64_t most_varbinds(const Ask& ask) {
  const std::uint64_t names = ask.names.size();
  if (ask.type != PduType::get_bulk) return names;
  const std::uint64_t once = std::min(names, static_cast<std::uint64_t>(std::max(ask.non_repeaters, 0)));
  return once + (names - once) * static_cast<std::uint64_t>(std::max(ask.max_repetitions, 0));
}

}  // namespace

void Device::answered_in(std::chrono::milliseconds round_trip, MonotonicTime now) {
  quickest = std::min(quickest, round_trip);
  if (round_trip <= kPace.slow || round_trip <= quickest * kPace.slower) return;
  rest_until = now + std::min(round_trip - quickest, kPace.longest_rest);
}

bool answers(const Ask& ask, std::int32_t error_status, const VarBinds& varbinds) {
  if (error_status != 0) return varbinds.size() <= ask.names.size();  // echoed, or left out (tooBig)
  if (ask.type == PduType::get) {
    return std::ranges::equal(ask.names, varbinds, {}, {}, &VarBind::name);
  }
  return varbinds.size() <= most_varbinds(ask);
}

}  // namespace platen::snmp
