// The commands around tasks and their keys, as rows of the command table.
#pragma once

#include <vector>

#include "base/command/command.h"

namespace platen::cloud {

// `data`: the option that every command of the cloud has.
[[nodiscard]] std::vector<command::Command> task_commands(const command::Option& data);

}  // namespace platen::cloud
