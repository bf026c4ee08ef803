// Completion scripts for four shells: commands, second words, options, choices, files and folders.
#include <algorithm>
#include <functional>

#include "base/command/pages.h"
#include "base/command/table.h"

namespace platen::command {
namespace {

using Names = std::vector<std::string_view>;

std::string joined(const Names& names, std::string_view between = " ") {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : std::string(between)) + std::string(name);
  return out;
}

// `text` with every character of `special` behind `before`.
std::string escaped(std::string_view text, std::string_view special, std::string_view before) {
  std::string out;
  for (const char c : text)
    out += (special.find(c) == std::string_view::npos ? "" : std::string(before)) + std::string(1, c);
  return out;
}

std::string identifier(std::string_view program) {
  std::string out(program);
  std::replace(out.begin(), out.end(), '-', '_');
  return "_" + out;
}

std::string in_single_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

Names first_words(const Program& program) {
  Names out;
  for (const Command& command : program.commands) {
    const std::string_view word = command.name.substr(0, command.name.find(' '));
    if (!word.empty() && std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
  }
  return out;
}

bool is_group(const Program& program, std::string_view first) { return find_command(program, first) == nullptr; }

Names option_names(const Command& command) {
  Names out;
  for (const Option& option : command.options) out.push_back(option.name);
  return out;
}

// ── bash ──

std::string bash_words(const Names& words) { return "COMPREPLY=($(compgen -W \"" + joined(words) + "\" -- \"$cur\"))"; }

std::string bash_value(Kind kind, const Names& choices) {
  if (!choices.empty()) return bash_words(choices);
  if (kind == Kind::file) return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
  if (kind == Kind::folder) return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))";
  return "COMPREPLY=()";
}

std::string bash(const Program& program) {
  std::string two, one, values, words;
  for (const Command& command : program.commands) {
    const std::string name(command.name);
    if (name.find(' ') != std::string::npos) two += "      \"" + name + "\") command=\"" + name + "\" ;;\n";
    if (!name.empty() && name.find(' ') == std::string::npos) one += "      " + name + ") command=" + name + " ;;\n";
    for (const Option& option : command.options) {
      if (!option.value.empty())
        values += "    \"" + name + " " + std::string(option.name) + "\") " + bash_value(option.kind, option.choices) +
                  "; return ;;\n";
    }
    const Positional place = command.positionals.empty() ? Positional{} : command.positionals.back();
    words += "    \"" + name + "\")\n      if [[ $cur == -* ]]; then " + bash_words(option_names(command)) + "; else " +
             bash_value(place.kind, place.choices) + "; fi ;;\n";
  }
  std::string seconds;
  for (const std::string_view first : first_words(program)) {
    if (is_group(program, first))
      seconds += "      " + std::string(first) + ") " + bash_words(second_words(program, first)) + "; return ;;\n";
  }
  const std::string function = identifier(program.name);
  std::string out = "# bash completion for " + std::string(program.name) + "\n" + function + "() {\n";
  out +=
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} first=${COMP_WORDS[1]} "
      "second=${COMP_WORDS[2]} command=\"\"\n";
  out += "  COMPREPLY=()\n";
  if (find_command(program, "") == nullptr) {
    out += "  if ((COMP_CWORD == 1)); then\n    " + bash_words(first_words(program)) + "\n    return\n  fi\n";
  }
  if (!seconds.empty())
    out += "  if ((COMP_CWORD == 2)); then\n    case \"$first\" in\n" + seconds + "    esac\n  fi\n";
  if (!two.empty()) out += "  if ((COMP_CWORD > 2)); then\n    case \"$first $second\" in\n" + two + "    esac\n  fi\n";
  out += "  if [[ -z $command ]]; then\n    case \"$first\" in\n" + one + "    esac\n  fi\n";
  out += "  case \"$command $prev\" in\n" + values + "  esac\n  case \"$command\" in\n" + words + "  esac\n}\n";
  return out + "complete -F " + function + " " + std::string(program.name) + "\n";
}

// ── zsh ──

std::string zsh_action(Kind kind, const Names& choices) {
  if (!choices.empty()) return "(" + joined(choices) + ")";
  return kind == Kind::file ? "_files" : kind == Kind::folder ? "_files -/" : " ";
}

std::string zsh_arguments(const Command& command, std::string_view indent) {
  std::string out = "_arguments";
  for (const Option& option : command.options) {
    std::string spec = (option.many ? "*" : "") + std::string(option.name) + (option.value.empty() ? "" : "=") + "[" +
                       escaped(option.about, "[]:\\", "\\") + "]";
    if (!option.value.empty()) spec += ":" + std::string(option.value) + ":" + zsh_action(option.kind, option.choices);
    out += " \\\n" + std::string(indent) + in_single_quotes(spec);
  }
  for (const Positional& place : command.positionals) {
    const std::string spec = (place.many       ? "*:"
                              : place.required ? ":"
                                               : "::") +
                             std::string(place.name) + ":" + zsh_action(place.kind, place.choices);
    out += " \\\n" + std::string(indent) + in_single_quotes(spec);
  }
  return out;
}

std::string zsh_case(const Program& program, std::string_view first) {
  std::string out = "    " + std::string(first) + ")\n";
  if (const Command* command = find_command(program, first)) {
    return out + "      shift words; ((CURRENT--))\n      " + zsh_arguments(*command, "        ") + " ;;\n";
  }
  out += "      if ((CURRENT == 3)); then compadd " + joined(second_words(program, first)) +
         "; return; fi\n      case ${words[3]} in\n";
  for (const std::string_view second : second_words(program, first)) {
    const Command* command = find_command(program, std::string(first) + " " + std::string(second));
    out += "        " + std::string(second) + ") shift 2 words; ((CURRENT -= 2))\n          " +
           zsh_arguments(*command, "            ") + " ;;\n";
  }
  return out + "      esac ;;\n";
}

std::string zsh(const Program& program) {
  const std::string function = identifier(program.name), name(program.name);
  std::string out = "#compdef " + name + "\n" + function + "() {\n  local -a commands\n";
  if (const Command* only = find_command(program, "")) {
    out += "  " + zsh_arguments(*only, "    ") + "\n";
  } else {
    out += "  commands=(\n";
    for (const std::string_view first : first_words(program)) {
      const Command* command = find_command(program, first);
      const std::string about =
          command == nullptr ? joined(second_words(program, first), ", ") : std::string(command->about);
      out += "    " + in_single_quotes(std::string(first) + ":" + escaped(about, ":\\", "\\")) + "\n";
    }
    out += "  )\n  if ((CURRENT == 2)); then _describe command commands; return; fi\n  case ${words[2]} in\n";
    for (const std::string_view first : first_words(program)) out += zsh_case(program, first);
    out += "  esac\n";
  }
  return out + "}\nif [[ $funcstack[1] == " + function + " ]]; then " + function + " \"$@\"; else compdef " + function +
         " " + name + "; fi\n";
}

// ── fish ──

std::string fish_quoted(std::string_view text) { return "'" + escaped(text, "'\\", "\\") + "'"; }

std::string fish_value(Kind kind, const Names& choices) {
  if (!choices.empty()) return " -x -a " + fish_quoted(joined(choices));
  return kind == Kind::file ? " -r -F" : kind == Kind::folder ? " -x -a '(__fish_complete_directories)'" : " -x";
}

std::string fish_command(const Program& program, const Command& command) {
  const std::string name(command.name), start = "complete -c " + std::string(program.name);
  const std::size_t blank = name.find(' ');
  const std::string first = name.substr(0, blank);
  std::string seen = "__fish_seen_subcommand_from " + first;
  std::string out;
  if (blank != std::string::npos) {
    const std::string second = name.substr(blank + 1);
    out += start + " -n '" + seen + "; and not __fish_seen_subcommand_from " + joined(second_words(program, first)) +
           "' -a " + second + " -d " + fish_quoted(command.about) + "\n";
    seen += "; and __fish_seen_subcommand_from " + second;
  } else if (!name.empty()) {
    out += start + " -n __fish_use_subcommand -a " + name + " -d " + fish_quoted(command.about) + "\n";
  }
  const std::string when = name.empty() ? "" : " -n '" + seen + "'";
  for (const Option& option : command.options) {
    out += start + when + " -l " + std::string(option.name.substr(2)) +
           (option.letter == 0 ? "" : " -s " + std::string(1, option.letter)) +
           (option.value.empty() ? "" : fish_value(option.kind, option.choices)) + " -d " + fish_quoted(option.about) +
           "\n";
  }
  for (const Positional& place : command.positionals) {
    if (!place.choices.empty()) out += start + when + " -a " + fish_quoted(joined(place.choices)) + "\n";
    if (place.kind == Kind::file || place.kind == Kind::folder) out += start + when + " -F\n";
  }
  return out;
}

std::string fish(const Program& program) {
  std::string out =
      "# fish completion for " + std::string(program.name) + "\ncomplete -c " + std::string(program.name) + " -f\n";
  for (const std::string_view first : first_words(program)) {
    if (is_group(program, first))
      out += "complete -c " + std::string(program.name) + " -n __fish_use_subcommand -a " + std::string(first) + "\n";
  }
  for (const Command& command : program.commands) out += fish_command(program, command);
  return out;
}

// ── PowerShell ──

std::string powershell_list(const Names& words) {
  std::string out = "@(";
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "'" : ", '") + std::string(words[i]) + "'";
  return out + ")";
}

std::string powershell(const Program& program) {
  std::string commands, values;
  for (const std::string_view first : first_words(program)) {
    if (is_group(program, first))
      commands += "    '" + std::string(first) + "' = " + powershell_list(second_words(program, first)) + "\n";
  }
  for (const Command& command : program.commands) {
    Names words = option_names(command);
    for (const Positional& place : command.positionals)
      words.insert(words.end(), place.choices.begin(), place.choices.end());
    commands += "    '" + std::string(command.name) + "' = " + powershell_list(words) + "\n";
    for (const Option& option : command.options) {
      if (!option.choices.empty())
        values += "    '" + std::string(command.name) + " " + std::string(option.name) +
                  "' = " + powershell_list(option.choices) + "\n";
    }
  }
  if (find_command(program, "") == nullptr) commands += "    '' = " + powershell_list(first_words(program)) + "\n";
  return "# PowerShell completion for " + std::string(program.name) +
         "\nRegister-ArgumentCompleter -Native -CommandName " + std::string(program.name) +
         " -ScriptBlock {\n  param($wordToComplete, $commandAst, $cursorPosition)\n  $commands = @{\n" + commands +
         "  }\n  $values = @{\n" + values +
         "  }\n"
         "  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { \"$_\" })\n"
         "  if ($wordToComplete -ne '' -and $words.Count -gt 0) { $words = @($words | Select-Object -SkipLast 1) }\n"
         "  $command = ''\n"
         "  foreach ($length in 2, 1) {\n"
         "    if ($words.Count -lt $length) { continue }\n"
         "    $name = ($words | Select-Object -First $length) -join ' '\n"
         "    if ($commands.ContainsKey($name)) { $command = $name; break }\n"
         "  }\n"
         "  $before = if ($words.Count -gt 0) { $words[-1] } else { '' }\n"
         "  $candidates = if ($values.ContainsKey(\"$command $before\")) { $values[\"$command $before\"] } else { "
         "$commands[$command] }\n"
         "  $candidates | Where-Object { $_ -like \"$wordToComplete*\" } | ForEach-Object {\n"
         "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)\n"
         "  }\n"
         "}\n";
}

}  // namespace

std::string completion(const Program& program, std::string_view shell) {
  struct Shell {
    std::string_view name;
    std::function<std::string(const Program&)> script;
  };
  const Program whole = complete(program);
  for (const Shell& known :
       {Shell{"bash", bash}, Shell{"zsh", zsh}, Shell{"fish", fish}, Shell{"powershell", powershell}}) {
    if (known.name == shell) return known.script(whole);
  }
  return "";
}

}  // namespace platen::command
