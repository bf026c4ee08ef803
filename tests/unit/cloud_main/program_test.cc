#include "cloud/main/program.h"

#include <doctest/doctest.h>

#include "base/command/rules.h"

using namespace platen;

TEST_CASE("the commands of platen-cloud keep the habits") {
  for (const std::string& broken : command::broken_rules(cloud::cloud_program())) FAIL_CHECK(broken);
}
