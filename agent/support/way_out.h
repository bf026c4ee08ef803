// What to do about a device that could not be read, by the stable code of the reason.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace platen::support {

// "" when there is nothing to do.
[[nodiscard]] std::string way_out_of(std::string_view code, std::uint16_t port);

// What the flags of a reading that is not complete mean, and what can be done about it.
[[nodiscard]] std::string way_out_of_gaps(std::span<const std::string> flags);

}  // namespace platen::support
