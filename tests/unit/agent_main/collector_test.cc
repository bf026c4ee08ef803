#include "agent/main/collector.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace platen;

TEST_CASE("profiles of one's own are added; a bad one is named and stops neither the others nor the built-in ones") {
  const auto folder = std::filesystem::temp_directory_path() / "platen_agent_profiles_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a-bad.toml") << "name = \"bad\"\nenterprizes = [9]\n";
  std::ofstream(folder / "good.toml") << "name = \"mine\"\nextends = \"hp\"\nmodels = [\"Z9\"]\n";
  config::Config config;
  CHECK(agent::profiles_of(config).refused.empty());
  const std::size_t built_in = agent::profiles_of(config).profiles.names().size();
  config.read.profiles = folder.string();
  const auto got = agent::profiles_of(config);
  REQUIRE(got.refused.size() == 1);
  CHECK(got.refused[0].text.find("a-bad.toml:2: unknown key 'enterprizes'; did you mean 'enterprises'?") !=
        std::string::npos);
  CHECK(got.profiles.names().size() == built_in + 1);
  config.read.profiles = (folder / "gone").string();
  CHECK(agent::profiles_of(config).refused.size() == 1);
  CHECK(agent::profiles_of(config).profiles.names().size() == built_in);
  std::filesystem::remove_all(folder);
}
