// What to do about a device that could not be read, by the stable code of the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platen::support {

// "" when there is nothing to do.
[[nodiscard]] std::string way_out_of(std::string_view code, std::uint16_t port);

}  // namespace platen::support
