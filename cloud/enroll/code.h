// A new activation code, as the dealer gets it.
#pragma once

#include "cloud/enroll/registry.h"

namespace platen::enroll {

struct MadeCode {
  std::int64_t number = 0;
  Secret text;  // to be shown once: only its hash is kept
  WallTime expires{};
};
// Errors: as Registry::add_code.
[[nodiscard]] Expected<MadeCode> make_code(Registry& registry, const Identity& ca, const Place& place, WallTime now);

}  // namespace platen::enroll
