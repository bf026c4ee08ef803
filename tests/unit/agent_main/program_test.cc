#include "agent/main/program.h"

#include <doctest/doctest.h>

#include "base/command/rules.h"

TEST_CASE("platen-agent keeps the habits of the command line") {
  for (const std::string& broken : platen::command::broken_rules(platen::agent::program())) FAIL_CHECK(broken);
}
