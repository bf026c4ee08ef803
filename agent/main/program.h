// The commands of platen-agent as a table.
#pragma once

#include "base/command/command.h"

namespace platen::agent {

[[nodiscard]] const command::Program& program();

}  // namespace platen::agent
