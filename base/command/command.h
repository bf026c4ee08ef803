// The command line of every Platen program, as one table: parsing, help, errors with the nearest word, shell
// completion, man pages and the tests of the habits (docs/cli.md) all come from it.
//
//   Exit codes  0 done · 1 done, but something asked for could not be had · 2 wrong usage or configuration · 130
//   interrupted. Streams     stdout holds the result only; everything else goes to stderr. For free    Every program
//   also has: help [COMMAND], version, completion SHELL, --version; every command has
//               -h --help, -q --quiet, --color, --no-input and, when it has formats, --format, --json, --no-header.
//   Threads     main's only. Texts in the table are string literals: they outlive everything.
#pragma once

#include <chrono>
#include <cstdint>
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

// What a value must look like; checked before the command runs, and what the shell completes.
enum class Kind { text, file, folder, number, duration /*"500ms", "2s", "15m", "24h"*/ };

struct Option {
  std::string_view name{};   // "--community"
  std::string_view value{};  // "NAME" in the help; "" for a flag
  std::string_view about{};
  bool many = false;                           // may be given several times
  std::vector<std::string_view> choices = {};  // when only these are allowed
  std::string_view fallback = "";              // shown in the help
  Kind kind = Kind::text;
  std::int64_t low = 0, high = 0;  // number: itself, duration: milliseconds; both 0: any that is not negative
  char letter = 0;                 // 'q' for -q
};

struct Positional {
  std::string_view name{};  // "TARGET"
  std::string_view about{};
  bool many = false, required = true;
  std::vector<std::string_view> choices = {};
  Kind kind = Kind::text;
};

enum class Format { table, json, csv };
inline const std::vector<std::string_view> list_formats = {"table", "json", "csv"};  // JSON: one document a line
inline const std::vector<std::string_view> object_formats = {"table", "json"};       // JSON: one object

// What was given, already checked against the table.
class Arguments {
 public:
  [[nodiscard]] bool has(std::string_view option) const;
  [[nodiscard]] std::string text(std::string_view option) const;              // the last one given, or the fallback
  [[nodiscard]] std::vector<std::string> all(std::string_view option) const;  // those given, or the fallback, or {}
  [[nodiscard]] std::int64_t number(std::string_view option) const;  // 0 when neither given nor with a fallback
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view option) const;
  [[nodiscard]] Format format() const;  // --format, --json
  [[nodiscard]] bool quiet() const { return has("--quiet"); }
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
  std::map<std::string, std::string, std::less<>> fallback_;
  std::vector<std::string> positionals_;
};

struct Command {
  std::string_view name{};                   // "scan", "config check"; "" for a program that does one thing
  std::string_view about{};                  // one line
  std::vector<std::string_view> examples{};  // two or more, without the program's name
  std::vector<Positional> positionals{};     // only the last one may be `many` or optional
  std::vector<Option> options{};
  std::function<int(const Arguments&)> run{};
  std::vector<std::string_view>
      formats{};  // list_formats, object_formats; {}: no --format (the result has one shape only)
  std::string_view incomplete_when = "";  // what exit code 1 means here: "an address given by name did not answer"
  std::string_view details = "";          // a paragraph or more for the help, after the options
};

struct Program {
  std::string_view name{}, about{};
  std::vector<Command> commands{};
};

// Parses and runs; prints help, version, completion (`completion bash|zsh|fish|powershell`) and usage errors itself.
// Returns the exit code.
//   Effects  SIGPIPE is ignored and closed standard streams are taken up, so that a socket never becomes stdout. A
//   reader of stdout
//            who went away is no error (0); a result that could not be written is (1).
[[nodiscard]] int run(const Program& program, int argc, const char* const* argv);

// Writes to stdout at once. False when nobody can read it any more: stop working. run() reports a failure at the end.
bool print(std::string_view text);

// One error as people get it on stderr: "platen: what: why" + indented way out + [code]. Text is escaped for the
// terminal here.
void print_error(std::string_view program, const Error& error, std::string_view way_out = "",
                 std::string_view stable_code = "");
// A remark on stderr, "platen: text", for a person at a terminal: silent in a pipe and with --quiet.
void print_note(std::string_view program, const Arguments& arguments, std::string_view text);

// "500ms", "2s", "15m", "24h". Errors: Code::invalid.
[[nodiscard]] Expected<std::chrono::milliseconds> parse_duration(std::string_view text);

[[nodiscard]] std::string man_page(const Program& program);  // roff
[[nodiscard]] std::string completion(const Program& program, std::string_view shell);

}  // namespace platen::command
