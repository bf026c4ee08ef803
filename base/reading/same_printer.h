// Is it still the same machine? An address is a place, not an identity; serial, MAC and engine id are. The one rule of
// the house: the agent's fleet and the cloud's store both decide by it.
//
//   Rules    A serial decides, unless MAC and model both contradict it (two makers, one serial), or the MAC does and
//            the serial is known to be on two machines (kDuplicateSerial).
//            Without a serial on both sides the MAC decides, then the SNMP engine id, each unless the models contradict.
//            A MAC contradicts only when neither side lists the other's: a printer may have several network cards.
//   Shapes   Keys are letters and digits in upper case; a serial's leading zeros do not count (HP shows and drops them).
//            What makers put in for "none" is none, and so are MACs that are nobody's own: zero, broadcast, group and
//            locally administered ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reading/reading.h"

namespace platen {

// The flag of a reading whose serial another live machine has, too: from then on serial and MAC name it together.
inline constexpr std::string_view kDuplicateSerial = "duplicate-serial";

// A serial that nobody was given: blank, "XXXXXXXX", "0000", "N/A", …
[[nodiscard]] bool is_no_serial(std::string_view text);
[[nodiscard]] std::string serial_key(std::string_view text);  // "": none, or shorter than four characters
[[nodiscard]] std::string mac_key(std::string_view text);     // "": none, or not one machine's own

struct Likeness {
  // Normalised; "" when not said.
  std::string serial = {}, mac = {}, engine_id = {}, model = {}, object_id = {};
  std::vector<std::string> macs = {};         // of all its interfaces
  std::optional<std::uint32_t> up_time = {};  // sysUpTime, 1/100 s
  bool duplicate_serial = false;
  friend bool operator==(const Likeness&, const Likeness&) = default;
};
[[nodiscard]] Likeness likeness_of(const Reading& reading);

enum class Same { yes, no, cannot_tell };
[[nodiscard]] Same same_printer(const Likeness& known, const Likeness& seen);
// A status read carries little identity. When it has nothing to compare, sysObjectID must be the same and sysUpTime
// must have run on since the last full read: a machine that started again may be another one. `elapsed` between the
// full read that made `known` and the status read that made `seen`.
[[nodiscard]] Same same_since(const Likeness& known, const Likeness& seen, std::chrono::milliseconds elapsed);
// One serial, and network cards that have nothing in common: either got a new card, or there are two of them.
[[nodiscard]] bool may_be_twins(const Likeness& a, const Likeness& b);

}  // namespace platen
