// Files put aside: a ledger that cannot go on is moved out of the way, whole, until its records are carried over, and a
// few of them are kept after that for whoever wants to know what happened.
//
//   Shapes   FILE.aside-3-damaged (with -wal and .mark beside it), FILE.kept-3-damaged once it is carried over.
//   Limits   the newest 3 that are carried over, and 64 MiB of them together.
//   Errors   Code::unavailable; nothing has been moved then, or the rest is moved by the next call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"

namespace platen::ledger {

// Moves the ledger, or what there is of it, out of the way. Returns the new name.
[[nodiscard]] Expected<std::string> put_aside(const std::string& file, std::string_view reason);
// After a power cut in the midst of put_aside(): brings together what belongs together.
[[nodiscard]] Expected<void> finish_putting_aside(const std::string& file);
[[nodiscard]] std::vector<std::string> files_aside(const std::string& file);  // to be carried over, oldest first
void keep_for_a_while(const std::string& file, const std::string& aside);     // and removes older ones
[[nodiscard]] std::string reason_of(const std::string& aside);                // "damaged"

}  // namespace platen::ledger
