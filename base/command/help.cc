#include <algorithm>

#include "base/command/pages.h"
#include "base/command/table.h"

namespace platen::command {
namespace {

constexpr std::size_t kColumn = 26;  // where the explanations start

struct Exit {
  std::string_view code, meaning;
};
constexpr Exit kExits[] = {{"0", "done"},
                           {"1", "done, but something asked for could not be had"},
                           {"2", "wrong usage or configuration"},
                           {"130", "interrupted; what was finished has been printed"}};

std::string row(std::string_view left, std::string_view right) {
  std::string out = "  " + std::string(left);
  out += out.size() + 2 > kColumn ? "\n" + std::string(kColumn, ' ') : std::string(kColumn - out.size(), ' ');
  return out + wrap(right, kColumn, kColumn) + "\n";
}

std::string left_of(const Option& option) {
  std::string out = option.letter == 0 ? "" : "-" + std::string(1, option.letter) + ", ";
  out += std::string(option.name);
  return option.value.empty() ? out : out + " " + std::string(option.value);
}

std::string about_of(const Positional& place) {
  std::string out(place.about);
  for (std::size_t i = 0; i < place.choices.size(); ++i) {
    if (place.many) break;
    out += (i == 0 ? ": " : ", ") + std::string(place.choices[i]);
  }
  return out;
}

std::string exit_rows(const Command& command) {
  std::string out;
  for (const Exit& exit : kExits) {
    const bool own = exit.code == "1" && !command.incomplete_when.empty();
    out += row(exit.code, own ? "done, but " + std::string(command.incomplete_when) : std::string(exit.meaning));
  }
  return out;
}

std::string example_lines(const Program& program, const Command& command) {
  std::string out;
  for (const std::string_view example : command.examples)
    out += "  " + std::string(program.name) + " " + std::string(example) + "\n";
  return out;
}

std::string full_name(const Program& program, const Command& command) {
  return std::string(program.name) + (command.name.empty() ? "" : " " + std::string(command.name));
}

}  // namespace

std::string wrap(std::string_view text, std::size_t first_column, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = first_column;
  bool fresh = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    const bool forced = end < text.size() && text[end] == '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!fresh && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent, fresh = true;
    }
    if (!fresh) out += ' ', ++column;
    out += word, column += word.size(), fresh = false;
    if (forced) {
      out += "\n" + std::string(indent, ' ');
      column = indent, fresh = true;
    }
  }
  return out;
}

std::string about_of(const Option& option) {
  std::string out(option.about);
  for (std::size_t i = 0; i < option.choices.size(); ++i)
    out += (i == 0 ? ": " : ", ") + std::string(option.choices[i]);
  if (option.many) out += "; may be given several times";
  if (!option.fallback.empty()) out += " (default " + std::string(option.fallback) + ")";
  return out;
}

std::string usage_line(const Program& program, const Command& command) {
  std::string out = full_name(program, command);
  for (const Positional& place : command.positionals) {
    const std::string name = std::string(place.name) + (place.many ? "..." : "");
    out += place.required ? " " + name : " [" + name + "]";
  }
  return out + " [options]";
}

std::string page_of(const Program& program, const Command& command) {
  std::string anchor = full_name(program, command);
  std::replace(anchor.begin(), anchor.end(), ' ', '-');
  return "docs/cli.md#" + anchor;
}

std::string help(const Program& program, const Command& command) {
  std::string out = wrap(command.about, 0, 0) + "\n\nExamples\n" + example_lines(program, command);
  out += "\nUsage\n  " + wrap(usage_line(program, command), 2, 4) + "\n";
  if (!command.positionals.empty()) out += '\n';
  for (const Positional& place : command.positionals)
    out += row(std::string(place.name) + (place.many ? "..." : ""), about_of(place));
  out += "\nOptions\n";
  for (const Option& option : command.options) out += row(left_of(option), about_of(option));
  if (!command.details.empty()) out += "\n" + wrap(command.details, 0, 0) + "\n";
  out += "\nExit codes\n" + exit_rows(command);
  return out + "\nPage\n  " + page_of(program, command) + "\n";
}

std::string overview(const Program& program) {
  std::string out = wrap(program.about, 0, 0) + "\n\nExamples\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(program.commands.size(), 2); ++i) {
    out += "  " + full_name(program, {}) + " " + std::string(program.commands[i].examples.at(0)) + "\n";
  }
  out += "\nUsage\n  " + std::string(program.name) + " COMMAND [options]\n\nCommands\n";
  for (const Command& command : program.commands) {
    if (!command.name.empty()) out += row(command.name, command.about);
  }
  out +=
      "\nOptions\n" + row("-h, --help", "after a command: its help") + row("--version", "same as the command version");
  out += "\nExit codes\n" + exit_rows({});
  return out + "\nPage\n  docs/cli.md\n";
}

std::string exit_codes() {
  std::string out = "What the exit code of every command means.\n\n";
  for (const Exit& exit : kExits) out += row(exit.code, exit.meaning);
  return out + "\n" +
         wrap(
             "Any other code is a fault of the program: treat an unknown code as a failure. What could not be had is "
             "said on stderr, "
             "one line each; stdout holds the result only.",
             0, 0) +
         "\n";
}

std::string markdown(const Program& program) {
  std::string out = "## " + std::string(program.name) + "\n\n" + std::string(program.about) + "\n";
  for (const Command& command : program.commands) {
    out += "\n### " + full_name(program, command) + "\n\n" + std::string(command.about) + "\n\n```\n" +
           usage_line(program, command) + "\n```\n\n";
    out += "```\n";
    for (const std::string_view example : command.examples)
      out += std::string(program.name) + " " + std::string(example) + "\n";
    out += "```\n\n";
    if (!command.positionals.empty()) out += "| argument | meaning |\n|---|---|\n";
    for (const Positional& place : command.positionals)
      out += "| `" + std::string(place.name) + "` | " + about_of(place) + " |\n";
    if (!command.positionals.empty()) out += "\n";
    out += "| option | meaning |\n|---|---|\n";
    for (const Option& option : command.options) out += "| `" + left_of(option) + "` | " + about_of(option) + " |\n";
    if (!command.incomplete_when.empty()) out += "\nExit code 1: " + std::string(command.incomplete_when) + ".\n";
    if (!command.details.empty()) out += "\n" + std::string(command.details) + "\n";
  }
  return out;
}

}  // namespace platen::command
