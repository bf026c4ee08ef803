#include "base/command/terminal.h"

#include <cstdio>
#include <cstdlib>

#include "base/text.h"

namespace platen::command {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool wants_color(std::string_view choice, bool terminal, std::string_view no_color, std::string_view term) {
  if (choice == "always") return true;
  return choice != "never" && terminal && no_color.empty() && term != "dumb";
}

bool colored(Stream stream, const Arguments& arguments) {
  return wants_color(arguments.text("--color"), is_terminal(stream), environment("NO_COLOR"), environment("TERM"));
}

TableStyle table_style(const Arguments& arguments) {
  return {.header = !arguments.has("--no-header"),
          .color = colored(Stream::out, arguments),
          .width = is_terminal(Stream::out) ? columns(Stream::out) : 0};
}

bool may_ask(const Arguments& arguments) { return is_terminal(Stream::in) && !arguments.has("--no-input"); }

Progress::Progress(const Arguments& arguments)
    : Progress(is_terminal(Stream::err) && environment("TERM") != "dumb" && !arguments.quiet() &&
                   arguments.format() != Format::json,
               columns(Stream::err)) {}

void Progress::show(std::string_view line) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || (visible_ && now - last_ < std::chrono::milliseconds{100})) return;
  last_ = now, visible_ = true;
  const std::string text = "\r\x1b[K" + for_terminal(line.substr(0, width_ - 1));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Progress::clear() {
  if (!visible_) return;
  std::fputs("\r\x1b[K", stderr);
  visible_ = false;
}

}  // namespace platen::command
