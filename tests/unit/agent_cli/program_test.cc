#include "agent/cli/program.h"

#include <doctest/doctest.h>

#include "base/command/rules.h"

using namespace platen;

TEST_CASE("the table of platen keeps the rules") {
  CHECK(command::broken_rules(cli::program()) == std::vector<std::string>{});
}

TEST_CASE("every command does something") {
  for (const command::Command& command : cli::program().commands) {
    CAPTURE(std::string(command.name));
    CHECK(static_cast<bool>(command.run));
  }
}
