// Base 64 (RFC 4648 §4, with padding), for keys, tokens and octets in JSON. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace platen::channel {

[[nodiscard]] std::string to_base64(std::string_view octets);
// nullopt: anything but that form, blanks and missing padding included.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace platen::channel
