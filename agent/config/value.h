// One value of the file into its place: type, bounds and words are checked against the row of the table.
//
//   Errors   A sentence that begins with the key and says what is allowed: "scan.port = 0 is out of bounds; allowed is
//   1 to 65535".
//   Effects  writes to the slot when all is well, otherwise nothing. Secrets are never part of a sentence.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/config/settings.h"

namespace platen::config {

using Complaint = std::optional<std::string>;

// `text` as in the file without quotes; not for lists. `called` is the key as the person wrote it.
[[nodiscard]] Complaint take(const Setting& setting, std::string_view called, std::string_view text, const Slot& slot);
// One line of text, whatever it means: an item of a list.
[[nodiscard]] Complaint check_line(std::string_view called, std::string_view text);
// "interval must be a duration in quotes, like \"15m\" (10s to 30d)".
[[nodiscard]] std::string wrong_type(const Setting& setting, std::string_view called);
// "10s to 30d", "debug, info, warn or error", or "" when anything goes.
[[nodiscard]] std::string allowed_text(const Setting& setting);

}  // namespace platen::config
