// toml++ with one manner mended: broken input must never end the process. Include this instead of <toml++/toml.h>.
//
//   Source   TOML 1.0; toml++ 3.3.0 (Debian 12), whose parser asserts on some broken files ("[" and a line break).
//   Errors   TomlFault: the line, and what is wrong there.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen {
[[noreturn]] void toml_assertion_failed();  // throws; parse_toml catches
}

#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : ::platen::toml_assertion_failed())
#include <toml++/toml.h>

namespace platen {

struct TomlFault {
  std::uint32_t line = 1;
  std::string what;
};

[[nodiscard]] Expected<toml::table, TomlFault> parse_toml(std::string_view text, std::string_view file_name);

}  // namespace platen
