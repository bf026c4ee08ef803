// One manual page for a program with all its commands (man(7) macros).
#include "base/command/pages.h"
#include "base/command/table.h"
#include "base/command/version.h"

namespace platen::command {
namespace {

// roff reads a backslash everywhere and a dot or a quote at the start of a line as its own; a plain - would become a
// hyphen.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    line_start = c == '\n';
  }
  return out;
}

std::string tagged(std::string_view tag, std::string_view text) {
  return ".TP\n\\fB" + roff(tag) + "\\fR\n" + roff(text) + "\n";
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string command_section(const Program& program, const Command& command) {
  std::string out = ".SS " + roff(usage_line(program, command)) + "\n" + roff(command.about) + "\n";
  for (const Positional& place : command.positionals) out += tagged(place.name, place.about);
  for (const Option& option : command.options) {
    const std::string letter = option.letter == 0 ? "" : "-" + std::string(1, option.letter) + ", ";
    out += tagged(letter + std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value)),
                  about_of(option));
  }
  if (!command.details.empty()) out += ".PP\n" + roff(command.details) + "\n";
  out += ".PP\nExamples:\n.PP\n.nf\n";
  for (const std::string_view example : command.examples)
    out += "    " + roff(program.name) + " " + roff(example) + "\n";
  out += ".fi\n";
  if (!command.incomplete_when.empty()) out += ".PP\nExit code 1: " + roff(command.incomplete_when) + ".\n";
  return out;
}

}  // namespace

std::string man_page(const Program& program) {
  const Program whole = complete(program);
  const std::string date(build().date.substr(0, 10));
  std::string out = ".TH " + upper(program.name) + " 1 \"" + date + "\" \"" + std::string(program.name) + " " +
                    std::string(build().version) + "\" \"Platen\"\n";
  out += ".SH NAME\n" + roff(program.name) + " \\- " + roff(program.about) + "\n";
  out += ".SH SYNOPSIS\n\\fB" + roff(program.name) + "\\fR COMMAND [options]\n.SH COMMANDS\n";
  for (const Command& command : whole.commands) out += command_section(whole, command);
  out += ".SH EXIT STATUS\n.nf\n" + roff(exit_codes()) + ".fi\n.SH SEE ALSO\ndocs/cli.md\n";
  return out;
}

}  // namespace platen::command
