#include <doctest/doctest.h>

#include "base/command/table.h"
#include "sample_program.h"

using namespace platen;
using namespace platen::command;

namespace {

const Program& program() {
  static const Program whole = complete(sample_program());
  return whole;
}

Expected<Arguments, Misuse> scan(const std::vector<std::string>& words) {
  return parse(*find_command(program(), "scan"), words);
}

}  // namespace

TEST_CASE("what was given is what the command gets") {
  const auto got =
      scan({"192.0.2.7", "--community", "a", "-qa", "--community=b", "--timeout", "500ms", "192.0.2.8"}).value();
  CHECK(got.positionals() == std::vector<std::string>{"192.0.2.7", "192.0.2.8"});
  CHECK(got.all("--community") == std::vector<std::string>{"a", "b"});
  CHECK(got.duration("--timeout") == std::chrono::milliseconds{500});
  CHECK(got.number("--port") == 161);
  CHECK(got.quiet());
  CHECK(got.has("--all"));
  CHECK_FALSE(got.has("--port"));
  CHECK(got.format() == Format::table);
  CHECK(got.text("--community-file").empty());
}

TEST_CASE("values keep their characters: brackets, blanks, a lone dash, a leading dash after =") {
  CHECK(scan({"[a,b]", "--community", "[x, y]"}).value().text("--community") == "[x, y]");
  CHECK(scan({"x", "--community=-dash"}).value().text("--community") == "-dash");
  CHECK(scan({"x", "--community-file", "-"}).value().text("--community-file") == "-");
  CHECK(scan({"--", "--community"}).value().positionals() == std::vector<std::string>{"--community"});
  CHECK(scan({"x", "--community", "a=b"}).value().text("--community") == "a=b");
}

TEST_CASE("formats: --json is --format json") {
  CHECK(scan({"x", "--json"}).value().format() == Format::json);
  CHECK(scan({"x", "--format", "csv"}).value().format() == Format::csv);
  CHECK(scan({"x", "--json", "--format", "json"}).value().format() == Format::json);
}

TEST_CASE("what cannot be meant is refused with the nearest word") {
  struct Row {
    std::vector<std::string> words;
    const char* what;
    const char* way_out;
  };
  const Row rows[] = {
      {{"x", "--comunity", "a"}, "unknown option '--comunity'", "Did you mean: --community"},
      {{"x", "--frobnicate=3"}, "unknown option '--frobnicate'", "The options of this command: add --help"},
      {{"x", "-z"}, "unknown option '-z'", "The options of this command: add --help"},
      {{"x", "--format", "jsno"},
       "--format: unknown value 'jsno'",
       "Did you mean: json   (possible: table, json, csv)"},
      {{"x", "--port", "0"}, "--port: '0' is not a whole number from 1 to 65535", "Write: --port N"},
      {{"x", "--port", "16x"}, "--port: '16x' is not a whole number from 1 to 65535", "Write: --port N"},
      {{"x", "--port", "-1"}, "--port: '-1' is not a whole number from 1 to 65535", "Write: --port N"},
      {{"x", "--port", "-q"}, "option --port needs a value", "Write: --port N"},
      {{"x", "--community", "-1"}, "option --community needs a value", "Write: --community NAME"},
      {{"x", "--timeout", "-2s"},
       "--timeout: '-2s' is not a time such as 500ms, 2s, 15m or 24h from 10ms to 1m",
       "Write: --timeout TIME"},
      {{"x", "--timeout", "2"},
       "--timeout: '2' is not a time such as 500ms, 2s, 15m or 24h from 10ms to 1m",
       "Write: --timeout TIME"},
      {{"x", "--timeout", "2h"},
       "--timeout: '2h' is not a time such as 500ms, 2s, 15m or 24h from 10ms to 1m",
       "Write: --timeout TIME"},
      {{"x", "--port", "1", "--port", "2"}, "option --port was given more than once", "Give it once."},
      {{"x", "--community"}, "option --community needs a value", "Write: --community NAME"},
      {{"x", "--community="}, "option --community was given an empty value", "Write: --community NAME"},
      {{"x", "--all=yes"}, "option --all takes no value", "Write: --all"},
      {{"x", "--json", "--format", "csv"}, "--json and --format csv contradict each other", "Give one of them."},
      {{}, "missing TARGET: an address", "Examples: add --help"},
      {{""}, "TARGET is empty", "What this command takes: add --help"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto got = scan(row.words);
    REQUIRE_FALSE(got);
    CHECK(got.error().what == row.what);
    CHECK(got.error().way_out == row.way_out);
  }
  const auto extra = parse(*find_command(program(), "config check"), {"again"});
  REQUIRE_FALSE(extra);
  CHECK(extra.error().what == "unexpected word 'again'");
}

TEST_CASE("an option does not swallow the next option") {
  const auto got = scan({"x", "--community", "--all"});
  REQUIRE_FALSE(got);
  CHECK(got.error().what == "option --community needs a value");
}

TEST_CASE("help wins over everything but --") {
  CHECK(scan({"--bogus", "-h"}).value().has("--help"));
  CHECK(scan({"--help"}).value().has("--help"));
  CHECK_FALSE(scan({"--", "--help"}).value().has("--help"));
}

TEST_CASE("commands are found by one word or two, and a wrong word finds its neighbour") {
  struct Row {
    std::vector<std::string> words;
    const char* command;
    std::size_t rest;
  };
  for (const Row& row :
       {Row{{"scan", "x"}, "scan", 1}, Row{{"config", "check", "--json"}, "config check", 1},
        Row{{"--version"}, "version", 0}, Row{{"--help"}, "help", 0}, Row{{"-h", "scan"}, "help", 1}}) {
    CAPTURE(row.command);
    const auto got = choose(program(), row.words).value();
    REQUIRE(got.command != nullptr);
    CHECK(got.command->name == row.command);
    CHECK(got.rest.size() == row.rest);
  }
  CHECK(choose(program(), {}).value().command == nullptr);
  CHECK(choose(program(), {"sacn"}).error() == Misuse{"unknown command 'sacn'", "Did you mean: demo scan"});
  CHECK(choose(program(), {"frobnicate"}).error() == Misuse{"unknown command 'frobnicate'", "Try: demo help"});
  CHECK(choose(program(), {"config"}).error() ==
        Misuse{"'config' needs a second word: check, show", "Try: demo config check"});
  CHECK(choose(program(), {"config", "chek"}).error() ==
        Misuse{"unknown command 'config chek'", "Did you mean: demo config check"});
  CHECK(choose(program(), {"--json", "scan"}).error() ==
        Misuse{"option '--json' stands before the command", "Write: demo COMMAND --json"});
}

TEST_CASE("a program of one thing takes its options at once") {
  const Program one =
      complete({.name = "one",
                .about = "Do one thing.",
                .commands = {{.name = "", .about = "Do it.", .examples = {"", "--json"}, .formats = object_formats}}});
  for (const std::vector<std::string>& words : {std::vector<std::string>{}, {"--json"}, {"--help"}}) {
    const auto got = choose(one, words).value();
    REQUIRE(got.command != nullptr);
    CHECK(got.command->name.empty());
    CHECK(got.rest == words);
  }
}

TEST_CASE("durations") {
  struct Row {
    const char* text;
    std::int64_t milliseconds;
  };
  for (const Row& row : {Row{"0s", 0}, Row{"500ms", 500}, Row{"2s", 2000}, Row{"15m", 900'000}, Row{"24h", 86'400'000},
                         Row{"1d", 86'400'000}}) {
    CAPTURE(row.text);
    CHECK(parse_duration(row.text).value().count() == row.milliseconds);
  }
  for (const char* bad : {"", "2", "s", "-2s", "2 s", "2sec", "99999999999999999999s", "1.5s"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}
