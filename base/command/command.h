// The command line of every Platen program, as one table: parsing, help, errors with the nearest word, shell completion,
// man pages and the tests of the habits (docs/cli.md) all come from it.
//
//   Exit codes  0 done · 1 done, but something asked for could not be had · 2 wrong usage or configuration · 130 interrupted.
//   Streams     stdout holds the result only; everything else goes to stderr.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace platen::command {

enum ExitCode : int { done = 0, incomplete = 1, usage = 2, interrupted = 130 };

struct Option {
  std::string_view name;        // "--community"
  std::string_view value;       // "NAME" in the help; "" for a flag
  std::string_view about;
  bool many = false;            // may be given several times
  std::vector<std::string_view> choices = {};  // when only these are allowed
  std::string_view fallback = "";  // shown in the help
};

struct Positional {
  std::string_view name;        // "TARGET"
  std::string_view about;
  bool many = false, required = true;
};

// What was given, already checked against the table.
class Arguments {
 public:
  [[nodiscard]] bool has(std::string_view option) const;
  [[nodiscard]] std::string text(std::string_view option) const;               // the last one given, or the fallback
  [[nodiscard]] std::vector<std::string> all(std::string_view option) const;
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
  std::map<std::string, std::string, std::less<>> fallback_;
  std::vector<std::string> positionals_;
};

struct Command {
  std::string_view name;                    // "scan", "config check"
  std::string_view about;                   // one line
  std::vector<std::string_view> examples;   // two or more, without the program's name
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::function<int(const Arguments&)> run;
};

struct Program {
  std::string_view name, about;
  std::vector<Command> commands;
};

// Parses and runs; prints help, version, completion (`completion bash|zsh|fish|powershell`) and usage errors itself. Returns the exit code.
[[nodiscard]] int run(const Program& program, int argc, const char* const* argv);

// One error as people get it on stderr: "platen: what: why" + indented way out + [code].
void print_error(std::string_view program, const Error& error, std::string_view way_out = "", std::string_view stable_code = "");

[[nodiscard]] std::string man_page(const Program& program);  // roff
[[nodiscard]] std::string completion(const Program& program, std::string_view shell);

}  // namespace platen::command
