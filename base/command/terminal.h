// What stands behind stdin, stdout and stderr: a person's terminal or a pipe; colour, progress, Ctrl-C.
//
//   Source   no-color.org; docs/cli.md (rules R5-R8, R13).
//   Effects  reads the environment and asks the operating system; Progress writes to stderr; Interrupts handles SIGINT
//   and SIGTERM.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/command/columns.h"
#include "base/command/command.h"

namespace platen::command {

enum class Stream { in = 0, out = 1, err = 2 };
[[nodiscard]] bool is_terminal(Stream stream);
[[nodiscard]] std::size_t columns(Stream stream);  // 80 when it is not known

// Pure: `choice` as --color says, the two variables as the environment has them ("" when unset).
[[nodiscard]] bool wants_color(std::string_view choice, bool terminal, std::string_view no_color,
                               std::string_view term);
[[nodiscard]] bool colored(Stream stream, const Arguments& arguments);

// How a table goes to stdout: header unless --no-header, bold where colour is wanted, cut to the width of a terminal
// only.
[[nodiscard]] TableStyle table_style(const Arguments& arguments);

// May a question be put to the person? Only on a terminal and without --no-input.
[[nodiscard]] bool may_ask(const Arguments& arguments);

// One line on stderr that is written over. Silent in a pipe, with --json and with --quiet; at most ten times a second.
class Progress {
 public:
  explicit Progress(const Arguments& arguments);
  Progress(bool shown, std::size_t width) : shown_(shown), width_(width) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }
  void show(std::string_view line);
  void clear();  // before anything else is written to the terminal
  [[nodiscard]] bool shown() const { return shown_; }

 private:
  bool shown_;
  std::size_t width_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point last_{};
};

// From its making to its end, Ctrl-C (and SIGTERM) asks `token` to stop instead of ending the program; the second one
// ends it.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] bool happened() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
  struct Watch;
  std::unique_ptr<Watch> watch_;
};

}  // namespace platen::command
