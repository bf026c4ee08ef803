// The command table, completed and searched: what the parser, the help, the completions and the rules' tests share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/command/command.h"

namespace platen::command {

// `program` with what every program has: help, version and completion, and in each command the common options.
[[nodiscard]] Program complete(const Program& program);

[[nodiscard]] const Command* find_command(const Program& complete_program, std::string_view name);
// The second words of commands that start with `first`: "config" → {"check"}.
[[nodiscard]] std::vector<std::string_view> second_words(const Program& complete_program, std::string_view first);

// What is wrong with the words of a person, and the way out.
struct Misuse {
  std::string what, way_out;
  friend bool operator==(const Misuse&, const Misuse&) = default;
};

// The words after the command's name. Never runs anything. `--help` among them: has("--help") and nothing else is
// checked.
[[nodiscard]] Expected<Arguments, Misuse> parse(const Command& command, const std::vector<std::string>& words);

// Which command the words name, and the words left for it. Errors: nearest command named.
struct Chosen {
  const Command* command = nullptr;
  std::vector<std::string> rest;
};
[[nodiscard]] Expected<Chosen, Misuse> choose(const Program& complete_program, const std::vector<std::string>& words);

}  // namespace platen::command
