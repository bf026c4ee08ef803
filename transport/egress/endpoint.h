// A host and a port, as people write them: "cloud.example:443", "192.0.2.7:443", "[2001:db8::7]:443". Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::egress {

struct Endpoint {
  std::string host = {};  // lower case, without brackets
  std::uint16_t port = 0;
  [[nodiscard]] std::string text() const;  // with brackets where they are needed
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// `fallback_port`: taken when none is written; 0: one must be. Errors: Code::invalid.
[[nodiscard]] Expected<Endpoint> parse_endpoint(std::string_view text, std::uint16_t fallback_port = 0);
// One line of text without blanks that can be a name or an address. Nobody asks DNS for anything else.
[[nodiscard]] bool is_host(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace platen::egress
