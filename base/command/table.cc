#include "base/command/table.h"

#include <algorithm>

#include "base/text.h"

namespace platen::command {
namespace {

std::vector<Option> common_options(const Command& command) {
  std::vector<Option> out;
  if (!command.formats.empty()) {
    out.push_back({.name = "--format",
                   .value = "FORMAT",
                   .about = "shape of the result",
                   .choices = command.formats,
                   .fallback = "table"});
    if (std::find(command.formats.begin(), command.formats.end(), "json") != command.formats.end()) {
      out.push_back({.name = "--json", .about = "same as --format json"});
    }
    out.push_back({.name = "--no-header", .about = "leave out the line with the names of the columns"});
  }
  out.push_back({.name = "--color",
                 .value = "WHEN",
                 .about = "colour on a terminal",
                 .choices = {"auto", "always", "never"},
                 .fallback = "auto"});
  out.push_back({.name = "--no-input", .about = "never ask; fail and name the option that would have answered"});
  out.push_back({.name = "--quiet", .about = "no progress and no remarks on stderr; errors stay", .letter = 'q'});
  out.push_back({.name = "--help", .about = "this help", .letter = 'h'});
  return out;
}

Command help_command(const Program& program) {
  Command help{
      .name = "help",
      .about = "Explain a command, the exit codes, or print the manual page or the Markdown page.",
      .examples = {"help", "help exit-codes"},
      .positionals = {
          {.name = "TOPIC", .about = "a command, exit-codes, man or markdown", .many = true, .required = false}}};
  for (const Command& command : program.commands) {
    if (!command.name.empty()) help.positionals[0].choices.push_back(command.name.substr(0, command.name.find(' ')));
  }
  auto& choices = help.positionals[0].choices;
  choices.erase(std::unique(choices.begin(), choices.end()), choices.end());
  choices.insert(choices.end(), {"help", "version", "completion", "exit-codes", "man", "markdown"});
  return help;
}

Command version_command() {
  return {.name = "version",
          .about = "Print version, commit, build date, TLS library and licence.",
          .examples = {"version", "version --json"},
          .formats = object_formats};
}

Command completion_command() {
  return {.name = "completion",
          .about = "Print the completion script of a shell.",
          .examples = {"completion bash", "completion zsh"},
          .positionals = {{.name = "SHELL",
                           .about = "the shell that reads the script",
                           .choices = {"bash", "zsh", "fish", "powershell"}}}};
}

Misuse unknown_command(const Program& program, const std::string& word) {
  std::vector<std::string_view> names;
  for (const Command& command : program.commands) names.push_back(command.name.substr(0, command.name.find(' ')));
  const std::string near = nearest(word, names);
  const std::string name(program.name);
  return {"unknown command '" + word + "'",
          near.empty() ? "Try: " + name + " help" : "Did you mean: " + name + " " + near};
}

Misuse missing_second_word(const Program& program, const std::vector<std::string>& words,
                           const std::vector<std::string_view>& seconds) {
  const std::string start = std::string(program.name) + " " + words[0];
  std::string all;
  for (const std::string_view second : seconds) all += (all.empty() ? "" : ", ") + std::string(second);
  if (words.size() < 2 || words[1].starts_with('-'))
    return {"'" + words[0] + "' needs a second word: " + all, "Try: " + start + " " + std::string(seconds[0])};
  const std::string near = nearest(words[1], seconds);
  return {"unknown command '" + words[0] + " " + words[1] + "'",
          near.empty() ? "Possible: " + all : "Did you mean: " + start + " " + near};
}

std::vector<std::string> from(const std::vector<std::string>& words, std::size_t first) {
  return {words.begin() + static_cast<std::ptrdiff_t>(std::min(first, words.size())), words.end()};
}

}  // namespace

Program complete(const Program& program) {
  Program whole = program;
  for (const Command& extra : {help_command(program), version_command(), completion_command()}) {
    if (find_command(whole, extra.name) == nullptr) whole.commands.push_back(extra);
  }
  for (Command& command : whole.commands) {
    for (const Option& option : common_options(command)) {
      const auto same = [&](const Option& own) { return own.name == option.name; };
      if (std::none_of(command.options.begin(), command.options.end(), same)) command.options.push_back(option);
    }
  }
  return whole;
}

const Command* find_command(const Program& complete_program, std::string_view name) {
  const auto& commands = complete_program.commands;
  const auto at =
      std::find_if(commands.begin(), commands.end(), [&](const Command& command) { return command.name == name; });
  return at == commands.end() ? nullptr : &*at;
}

std::vector<std::string_view> second_words(const Program& complete_program, std::string_view first) {
  std::vector<std::string_view> out;
  for (const Command& command : complete_program.commands) {
    const bool starts =
        command.name.size() > first.size() + 1 && command.name.starts_with(first) && command.name[first.size()] == ' ';
    if (starts) out.push_back(command.name.substr(first.size() + 1));
  }
  return out;
}

Expected<Chosen, Misuse> choose(const Program& program, const std::vector<std::string>& words) {
  const Command* only = find_command(program, "");
  if (words.empty()) return Chosen{only, {}};
  const std::string& first = words[0];
  if (first == "--version") return Chosen{find_command(program, "version"), from(words, 1)};
  const bool asks_help = first == "--help" || first == "-h";
  if (asks_help && only != nullptr) return Chosen{only, words};
  if (asks_help) return Chosen{find_command(program, "help"), from(words, 1)};
  if (words.size() > 1) {
    if (const Command* two = find_command(program, first + " " + words[1])) return Chosen{two, from(words, 2)};
  }
  if (const Command* one = find_command(program, first); one != nullptr && !first.empty())
    return Chosen{one, from(words, 1)};
  if (const auto seconds = second_words(program, first); !seconds.empty())
    return fail(missing_second_word(program, words, seconds));
  if (only != nullptr && (first.starts_with('-') || !only->positionals.empty())) return Chosen{only, words};
  if (first.starts_with('-')) {
    return fail(Misuse{"option '" + first + "' stands before the command",
                       "Write: " + std::string(program.name) + " COMMAND " + first});
  }
  return fail(unknown_command(program, first));
}

}  // namespace platen::command
