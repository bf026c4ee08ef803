// A reading as the JSON document that `platen scan --format json`, the cloud and the zoo print: docs/scan-json.md.
//
//   Shapes   One line, snake_case, "schema":"platen.scan/1"; what was not said has no key. Integers above 2^53 are
//   strings. Errors   from_json: Code::invalid with the key's path.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/reading/reading.h"

namespace platen {

[[nodiscard]] std::string to_json(const Reading&);
[[nodiscard]] Expected<Reading> reading_from_json(std::string_view line);

}  // namespace platen
