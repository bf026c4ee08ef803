#include "base/command/pages.h"

#include <doctest/doctest.h>

#include "base/command/table.h"
#include "base/command/version.h"
#include "sample_program.h"

using namespace platen::command;

namespace {

const Program& program() {
  static const Program whole = complete(sample_program());
  return whole;
}

bool in_order(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    at = text.find(part, at);
    if (at == std::string::npos) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("R12: purpose, two examples, options, exit codes, page") {
  const std::string text = help(program(), *find_command(program(), "scan"));
  CHECK(text.starts_with("Look at addresses.\n"));
  CHECK(in_order(text, {"Examples\n  demo scan 192.0.2.7\n  demo scan ", "Usage\n  demo scan TARGET... [options]",
                        "Options\n", "--timeout TIME", "(default 2s)", "Exit codes\n", "1 ", "an address was silent",
                        "Page\n  docs/cli.md#demo-scan\n"}));
}

TEST_CASE("every command and option of the table is in every page made from it") {
  const std::string man = man_page(sample_program()), md = markdown(program());
  for (const Command& command : program().commands) {
    CAPTURE(std::string(command.name));
    CHECK(md.find("### demo " + std::string(command.name) + "\n") != std::string::npos);
    for (const Option& option : command.options) {
      CAPTURE(std::string(option.name));
      CHECK(md.find(option.name) != std::string::npos);
      std::string in_roff;
      for (const char c : option.name) in_roff += c == '-' ? std::string("\\-") : std::string(1, c);
      CHECK(man.find(in_roff) != std::string::npos);
      for (const char* shell : {"bash", "zsh", "powershell"})
        CHECK(completion(sample_program(), shell).find(option.name) != std::string::npos);
      CHECK(completion(sample_program(), "fish").find(" -l " + std::string(option.name.substr(2)) + " ") !=
            std::string::npos);
    }
  }
  CHECK(completion(sample_program(), "tcsh").empty());
}

TEST_CASE("roff: nothing of ours is read as a command") {
  Program odd = sample_program();
  odd.commands[0].details = ".so /etc/passwd\n'quoted \\fB";
  const std::string man = man_page(odd);
  CHECK(man.find("\n.so") == std::string::npos);
  CHECK(man.find("\\&.so /etc/passwd\n\\&'quoted \\efB") != std::string::npos);
}

TEST_CASE("wrap keeps the width and loses no word") {
  CHECK(wrap("one two three", 0, 2, 8) == "one two\n  three");
  CHECK(wrap("a\nb", 0, 2, 8) == "a\n  b");
  CHECK(wrap("", 0, 2, 8).empty());
  CHECK(wrap("incomprehensibilities yes", 0, 0, 8) == "incomprehensibilities\nyes");
}

TEST_CASE("R18: the version says which build this is") {
  const std::string text = version_text("demo"), json = version_json("demo");
  CHECK(text.starts_with("demo " + std::string(build().version) + "\n"));
  CHECK(json.find("\"schema\":\"platen.version/1\"") != std::string::npos);
  CHECK(json.find("\"\"") == std::string::npos);  // what is not known has no key
}
