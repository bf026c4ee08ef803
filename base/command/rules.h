// The habits of docs/cli.md as checks over a command table. Every program's tests call broken_rules on its own table;
// one test of the house calls clashes on all of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/command/command.h"

namespace platen::command {

// One sentence for each rule that the table breaks, naming the rule ("R12 scan: one example"); {} when it is good.
[[nodiscard]] std::vector<std::string> broken_rules(const Program& program);

// Options of the same name that mean different things in different commands or programs (R16).
[[nodiscard]] std::vector<std::string> clashes(std::span<const Program> programs);

}  // namespace platen::command
