#include "base/expected.h"

#include <array>

namespace platen {

std::string_view name_of(Code code) {
  constexpr std::array<std::string_view, 9> names = {"invalid", "not_found", "denied",    "timeout", "unavailable",
                                                     "corrupt", "conflict",  "cancelled", "bug"};
  return names.at(static_cast<std::size_t>(code));
}

}  // namespace platen
