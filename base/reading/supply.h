// What a supply's level means: used up, or filling. One rule for the table of `platen scan`, the cloud's list and its
// pages.
#pragma once

#include <string>

#include "base/reading/reading.h"

namespace platen {

// A waste box: its level is the room left, another story than toner. Told by prtMarkerSuppliesClass (RFC 3805
// receptacleThatIsFilled); where a printer leaves the class out, by type and words.
[[nodiscard]] bool is_receptacle(const Supply& supply);

struct LowestSupply {
  enum class Is { unsaid, some_left, percent };
  Is is = Is::unsaid;
  double percent = 0;  // meaningful only when is == percent
  std::string name;    // as the printer calls it: escape at the exit
  friend bool operator==(const LowestSupply&, const LowestSupply&) = default;
};

// Of the supplies that are used up, the emptiest. A level of 0 is empty whatever the capacity is.
[[nodiscard]] LowestSupply lowest_supply(const Reading& reading);

}  // namespace platen
