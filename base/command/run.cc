#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/command/command.h"
#include "base/command/pages.h"
#include "base/command/standard_streams.h"
#include "base/command/table.h"
#include "base/command/terminal.h"
#include "base/command/version.h"
#include "base/text.h"

namespace platen::command {
namespace {

int misused(const Program& program, const Misuse& misuse, const Command* command) {
  std::string way_out = misuse.way_out;
  const std::string_view hint = ": add --help";
  if (const std::size_t at = way_out.find(hint); at != std::string::npos && command != nullptr) {
    way_out = way_out.substr(0, at) + ": " + std::string(program.name) + " " +
              (command->name.empty() ? "" : std::string(command->name) + " ") + "--help";
  }
  print_error(program.name, {Code::invalid, misuse.what}, way_out, "usage");
  return usage;
}

int show_help(const Program& program, const std::vector<std::string>& topic) {
  if (topic.empty()) {
    const Command* only = find_command(program, "");
    return print(only == nullptr ? overview(program) : help(program, *only)), done;
  }
  std::string name;
  for (const std::string& word : topic) name += (name.empty() ? "" : " ") + word;
  if (name == "exit-codes") return print(exit_codes()), done;
  if (name == "man") return print(man_page(program)), done;
  if (name == "markdown") return print(markdown(program)), done;
  const auto chosen = choose(program, topic);
  if (!chosen) return misused(program, chosen.error(), nullptr);
  if (chosen->command == nullptr || chosen->command->name != name) {
    return misused(program, {"no help about '" + name + "'", "Try: " + std::string(program.name) + " help"}, nullptr);
  }
  print(help(program, *chosen->command));
  return done;
}

int run_chosen(const Program& program, const Command& command, const Arguments& arguments) {
  if (arguments.has("--help")) return print(help(program, command)), done;
  if (command.run) return command.run(arguments);
  if (command.name == "help") return show_help(program, arguments.positionals());
  if (command.name == "version") {
    return print(arguments.format() == Format::json ? version_json(program.name) : version_text(program.name)), done;
  }
  print(completion(program, arguments.positionals().at(0)));
  return done;
}

int dispatch(const Program& program, const std::vector<std::string>& words) {
  const auto chosen = choose(program, words);
  if (!chosen) return misused(program, chosen.error(), nullptr);
  if (chosen->command == nullptr) {
    std::fputs(overview(program).c_str(), stderr);
    return usage;
  }
  const auto arguments = parse(*chosen->command, chosen->rest);
  if (!arguments) return misused(program, arguments.error(), chosen->command);
  return run_chosen(program, *chosen->command, *arguments);
}

int write_fault = 0;  // errno of the first write to stdout that failed

}  // namespace

bool print(std::string_view text) {
  if (write_fault != 0) return false;
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) write_fault = errno == 0 ? EIO : errno;
  return written;
}

int run(const Program& program, int argc, const char* const* argv) {
  prepare_standard_streams();
  const Program whole = complete(program);
  const int code = dispatch(whole, std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  if (write_fault == 0 && std::fflush(stdout) != 0) write_fault = errno;
  if (write_fault == 0 || write_fault == EPIPE) return code;
  print_error(
      program.name,
      {Code::unavailable, std::string("the result could not be written to stdout: ") + std::strerror(write_fault)},
      "Check the disk or the program that reads it.", "stdout");
  return code == done ? incomplete : code;
}

void print_error(std::string_view program, const Error& error, std::string_view way_out, std::string_view stable_code) {
  std::string out = std::string(program) + ": " + for_terminal(error.text) + "\n";
  if (!way_out.empty()) out += "  " + for_terminal(way_out) + "\n";
  if (!stable_code.empty()) out += "  [" + for_terminal(stable_code) + "]\n";
  std::fwrite(out.data(), 1, out.size(), stderr);
}

void print_note(std::string_view program, const Arguments& arguments, std::string_view text) {
  if (arguments.quiet() || !is_terminal(Stream::err)) return;
  const std::string out = std::string(program) + ": " + for_terminal(text) + "\n";
  std::fwrite(out.data(), 1, out.size(), stderr);
}

}  // namespace platen::command
