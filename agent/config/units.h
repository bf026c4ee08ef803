// Durations and sizes as people write them in a settings file: "15m", "64MiB".
//
//   Shapes   A whole number and one unit, nothing between: ms s m h d; B KiB MiB GiB. A bare number is refused: of
//   what? Errors   Code::invalid: one sentence that shows what was written and what is allowed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::config {

[[nodiscard]] Expected<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] Expected<std::uint64_t> parse_bytes(std::string_view text);
// In the largest unit that leaves a whole number: "90s", "15m".
[[nodiscard]] std::string duration_text(std::chrono::milliseconds time);
[[nodiscard]] std::string bytes_text(std::uint64_t octets);

}  // namespace platen::config
