#include "base/command/rules.h"

#include <doctest/doctest.h>

#include <functional>

#include "sample_program.h"

using namespace platen::command;

TEST_CASE("a good table breaks no rule") { CHECK(broken_rules(sample_program()) == std::vector<std::string>{}); }

TEST_CASE("each rule can be broken, and then it is named") {
  struct Row {
    const char* rule;
    std::function<void(Program&)> spoil;
  };
  const Row rows[] = {
      {"R2 demo scan", [](Program& p) { p.commands[0].formats = {"csv"}; }},
      {"R12 demo: about", [](Program& p) { p.about = "no sentence"; }},
      {"R12 demo scan: about", [](Program& p) { p.commands[0].about = "scan"; }},
      {"R12 demo scan: two examples", [](Program& p) { p.commands[0].examples = {"scan x"}; }},
      {"R12 demo scan: the example 'scan' is refused", [](Program& p) { p.commands[0].examples[0] = "scan"; }},
      {"R12 demo scan: the example 'version' runs", [](Program& p) { p.commands[0].examples[0] = "version"; }},
      {"R12 demo scan: option '--Bad' is not", [](Program& p) { p.commands[0].options[4].name = "--Bad"; }},
      {"R12 demo scan --all: about is empty", [](Program& p) { p.commands[0].options[4].about = ""; }},
      {"R12 demo scan: only the last",
       [](Program& p) { p.commands[0].positionals.push_back({.name = "MORE", .about = "more"}); }},
      {"R14 demo scan --auth-pass",
       [](Program& p) { p.commands[0].options.push_back({.name = "--auth-pass", .value = "TEXT", .about = "x"}); }},
      {"R14 demo scan: --community without",
       [](Program& p) { p.commands[0].options.erase(p.commands[0].options.begin() + 1); }},
      {"R16 demo scan: --all stands twice",
       [](Program& p) { p.commands[0].options.push_back(p.commands[0].options[4]); }},
      {"R16 --config means",
       [](Program& p) { p.commands[2].options.push_back({.name = "--config", .value = "NAME", .about = "other"}); }},
      {"R17 demo config check: 'config'", [](Program& p) { p.commands[2].name = "config"; }},
      {"R17 demo Scan", [](Program& p) { p.commands[0].name = "Scan"; }},
      {"R21 demo scan",
       [](Program& p) {
         p.commands[0].examples[0] =
             "scan aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
       }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.rule);
    Program spoiled = sample_program();
    row.spoil(spoiled);
    bool named = false;
    for (const std::string& fault : broken_rules(spoiled)) named = named || fault.starts_with(row.rule);
    CHECK(named);
  }
}

TEST_CASE("two programs that give one option two meanings clash") {
  std::vector<Program> programs = {sample_program(), sample_program()};
  CHECK(clashes(programs).empty());
  programs[1].commands[0].options[3].about = "TCP port";
  CHECK(clashes(programs).size() == 1);
}
