// Why a device is read, or not, as JSON: the same from `platen explain` and from the agent.
//
//   Shapes   docs/scan-json.md: one line, "schema":"platen.explanation/1". Credentials by their names, never a secret.
//   Effects  none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "snmp/discover/explain.h"

namespace platen::support {

[[nodiscard]] std::string_view word_of(snmp::Outcome::Is is);  // "printer", "not-a-printer", "no-access", …
[[nodiscard]] std::string explanation_json(const snmp::Explanation& told,
                                           const std::vector<snmp::Credential>& credentials);

}  // namespace platen::support
