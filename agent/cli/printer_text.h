// One printer for a person: what `platen read` shows.
#pragma once

#include <string>

#include "base/command/columns.h"
#include "base/reading/reading.h"

namespace platen::cli {

// Escaped for the terminal. What the printer did not say is left out.
[[nodiscard]] std::string printer_text(const Reading& reading, const command::TableStyle& style);

}  // namespace platen::cli
