// Is it still the same machine? An address is a place, not an identity; serial, MAC and engine id are.
//
//   Rules    A serial decides, unless MAC and model both contradict it. Without a serial on both sides the MAC decides,
//   then the
//            SNMP engine id, each unless the models contradict. What makers put in for "none" (zeros, "unknown") is
//            none. A status read carries little identity. When it has no serial to compare, sysObjectID must be the
//            same and sysUpTime must have run on since the last full read: a machine that started again may be another
//            one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/reading/reading.h"

namespace platen::schedule {

struct Likeness {
  // Normalised; "" when not said.
  std::string serial = {}, mac = {}, engine_id = {}, model = {}, object_id = {};
  std::optional<std::uint32_t> up_time = {};  // sysUpTime, 1/100 s
};
[[nodiscard]] Likeness likeness_of(const Reading& reading);

enum class Same { yes, no, cannot_tell };
[[nodiscard]] Same same_printer(const Likeness& known, const Likeness& seen);
// `elapsed` between the full read that made `known` and the status read that made `seen`.
[[nodiscard]] Same same_since(const Likeness& known, const Likeness& seen, std::chrono::milliseconds elapsed);

}  // namespace platen::schedule
