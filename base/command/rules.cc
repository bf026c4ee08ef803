#include "base/command/rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "base/command/pages.h"
#include "base/command/table.h"

namespace platen::command {
namespace {

using Faults = std::vector<std::string>;

bool is_kebab(std::string_view word) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !word.empty() && word.front() != '-' && word.back() != '-' && std::all_of(word.begin(), word.end(), plain);
}

bool is_sentence(std::string_view text) {
  return text.size() > 1 && text.front() >= 'A' && text.front() <= 'Z' && text.back() == '.' &&
         text.find_first_of("\n\t|") == std::string_view::npos;
}

// The words of an example up to a pipe or a redirection; quotes are not needed in examples.
std::vector<std::string> words_of(std::string_view example) {
  std::istringstream in{std::string(example)};
  std::vector<std::string> out;
  for (std::string word; in >> word && word != ">" && word != "|";) out.push_back(word);
  return out;
}

void check_name(const Program& program, const Command& command, const std::string& label, Faults& faults) {
  const std::size_t blank = command.name.find(' ');
  const std::string_view first = command.name.substr(0, blank);
  const bool two = blank != std::string_view::npos;
  if (!command.name.empty() && (!is_kebab(first) || (two && !is_kebab(command.name.substr(blank + 1)))))
    faults.push_back("R17 " + label + ": a name is a verb, or a noun and a verb");
  if (two && find_command(program, first) != nullptr)
    faults.push_back("R17 " + label + ": '" + std::string(first) + "' is a command and a group");
}

void check_examples(const Program& program, const Command& command, const std::string& label, Faults& faults) {
  if (command.examples.size() < 2) faults.push_back("R12 " + label + ": two examples are wanted");
  for (const std::string_view example : command.examples) {
    const auto chosen = choose(program, words_of(example));
    if (!chosen || chosen->command == nullptr || chosen->command->name != command.name) {
      faults.push_back("R12 " + label + ": the example '" + std::string(example) + "' runs another command");
    } else if (const auto parsed = parse(*chosen->command, chosen->rest); !parsed) {
      faults.push_back("R12 " + label + ": the example '" + std::string(example) +
                       "' is refused: " + parsed.error().what);
    }
  }
}

void check_option(const Option& option, const std::string& label, Faults& faults) {
  const std::string name(option.name);
  if (!name.starts_with("--") || !is_kebab(name.substr(2)))
    faults.push_back("R12 " + label + ": option '" + name + "' is not written --like-this");
  if (option.about.empty() || option.about.find('|') != std::string_view::npos)
    faults.push_back("R12 " + label + " " + name + ": about is empty or holds a |");
  for (const std::string_view secret : {"pass", "secret", "token", "key", "code", "credential", "auth"}) {
    const bool takes_text = !option.value.empty() && option.kind != Kind::file;
    if (takes_text && name.find(secret) != std::string::npos)
      faults.push_back("R14 " + label + " " + name + ": a secret comes from a file, never as a value");
  }
  if (name == "--community" && option.value != "NAME") faults.push_back("R14 " + label + " --community takes NAME");
}

void check_options(const Command& command, const std::string& label, Faults& faults) {
  std::set<std::string_view> names;
  std::set<char> letters;
  for (const Option& option : command.options) {
    check_option(option, label, faults);
    const bool new_letter = option.letter == 0 || letters.insert(option.letter).second;
    if (!names.insert(option.name).second || !new_letter)
      faults.push_back("R16 " + label + ": " + std::string(option.name) + " stands twice in the table");
  }
  if (names.contains("--community") && !names.contains("--community-file"))
    faults.push_back("R14 " + label + ": --community without --community-file");
}

void check_positionals(const Command& command, const std::string& label, Faults& faults) {
  for (std::size_t i = 0; i + 1 < command.positionals.size(); ++i) {
    const Positional& place = command.positionals[i];
    if (place.many || !place.required)
      faults.push_back("R12 " + label + ": only the last argument may be optional or many");
  }
}

void check_formats(const Command& command, const std::string& label, Faults& faults) {
  const auto has = [&](std::string_view word) {
    return std::find(command.formats.begin(), command.formats.end(), word) != command.formats.end();
  };
  if (!command.formats.empty() && (!has("table") || !has("json")))
    faults.push_back("R2 " + label + ": a command with formats has table and json");
}

void check_width(const std::string& text, const std::string& label, Faults& faults) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::count_if(line.begin(), line.end(),
                                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (columns > 80) faults.push_back("R21 " + label + ": the help is wider than 80 columns: " + line);
  }
}

// What must be the same wherever an option of this name stands. --format's choices are the command's.
std::string meaning(const Option& option) {
  return std::string(option.value) + (option.many ? " many " : " one ") + option.letter +
         std::to_string(static_cast<int>(option.kind)) + std::string(option.about);
}

}  // namespace

std::vector<std::string> broken_rules(const Program& program) {
  const Program whole = complete(program);
  Faults faults;
  if (!is_sentence(whole.about)) faults.push_back("R12 " + std::string(program.name) + ": about is one sentence");
  for (const Command& command : whole.commands) {
    const std::string label = std::string(program.name) + (command.name.empty() ? "" : " " + std::string(command.name));
    if (!is_sentence(command.about)) faults.push_back("R12 " + label + ": about is one sentence");
    check_name(whole, command, label, faults);
    check_examples(whole, command, label, faults);
    check_options(command, label, faults);
    check_positionals(command, label, faults);
    check_formats(command, label, faults);
    check_width(help(whole, command), label, faults);
  }
  check_width(overview(whole), std::string(program.name), faults);
  const Faults twice = clashes(std::span<const Program>(&program, 1));
  faults.insert(faults.end(), twice.begin(), twice.end());
  return faults;
}

std::vector<std::string> clashes(std::span<const Program> programs) {
  std::map<std::string, std::pair<std::string, std::string>> first_seen;  // option → meaning, where
  Faults faults;
  for (const Program& program : programs) {
    for (const Command& command : complete(program).commands) {
      for (const Option& option : command.options) {
        const std::string place = std::string(program.name) + " " + std::string(command.name);
        const auto [at, fresh] = first_seen.try_emplace(std::string(option.name), meaning(option), place);
        if (!fresh && at->second.first != meaning(option)) {
          faults.push_back("R16 " + std::string(option.name) + " means one thing in " + at->second.second +
                           " and another in " + place);
        }
      }
    }
  }
  return faults;
}

}  // namespace platen::command
