// The command table as text for people: help, docs/cli.md. (Man page and completions: command.h.)
//
//   Shapes   Help fits 80 columns; first line purpose, then examples, usage, options, exit codes, page.
#pragma once

#include <string>
#include <string_view>

#include "base/command/command.h"

namespace platen::command {

[[nodiscard]] std::string overview(const Program& complete_program);
[[nodiscard]] std::string help(const Program& complete_program, const Command& command);
[[nodiscard]] std::string exit_codes();
[[nodiscard]] std::string markdown(const Program& complete_program);  // docs/cli.md

[[nodiscard]] std::string usage_line(const Program& program,
                                     const Command& command);  // "platen scan TARGET... [options]"
[[nodiscard]] std::string about_of(const Option& option);      // with choices, limits and the fallback
[[nodiscard]] std::string page_of(const Program& program, const Command& command);
// `text` in lines of at most `width` columns; every line but the first is indented by `indent`.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t first_column, std::size_t indent,
                               std::size_t width = 80);

}  // namespace platen::command
