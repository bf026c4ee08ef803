#include "agent/main/ready.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace platen;  // NOLINT: a test
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("platen-ready-" + std::to_string(::getpid()))) {
    fs::create_directories(path_ / "state");
    std::ofstream(path_ / "ca.crt") << "roots";
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("everything that keeps the agent from starting is found, the state folder first, and nothing is made") {
  const Folder folder;
  struct Row {
    const char *state, *cloud, *roots;
    std::vector<const char*> says;
    const char* trouble = "";
  };
  const Row rows[] = {
      {"state", "", "none", {}},
      {"none/none", "", "ca.crt", {"agent.state_dir: there is no folder "}},
      {"ca.crt", "", "ca.crt", {"agent.state_dir: there is no folder "}},
      {"ca.crt/state", "", "ca.crt", {"agent.state_dir: there is no folder "}},
      {"none", "", "ca.crt", {}, "agent.state_dir: there is no folder "},
      {"none/", "cloud:443", "ca.crt", {"ca.crt holds no certificate in PEM"}, ""},
      {"none", "cloud:443", "none/ca.crt", {}, "agent.state_dir: there is no folder "},
      {"state", "cloud:443", "ca.crt", {"this agent has no certificate yet", "ca.crt holds no certificate in PEM"}},
      {"state", "cloud:443", "none", {"this agent has no certificate yet", "cloud.ca_file: cannot read "}},
      {"none/none",
       "cloud:443",
       "none",
       {"agent.state_dir: there is no folder ", "this agent has no certificate yet", "cloud.ca_file: cannot read "}},
  };
  for (const Row& row : rows) {
    config::Config config;
    config.agent.state_dir = folder / row.state;
    config.cloud.address = row.cloud;
    config.cloud.ca_file = folder / row.roots;
    config.cloud.certificate_file = config.agent.state_dir + "/agent.crt";
    config.cloud.key_file = config.agent.state_dir + "/agent.key";
    config.lines["cloud.certificate_file"] = 7;
    CAPTURE(row.state);
    CAPTURE(row.roots);
    const auto found = agent::ready(config);
    const config::Faults faults = found ? config::Faults() : found.error();
    REQUIRE(faults.size() == row.says.size());
    for (std::size_t i = 0; i < faults.size(); ++i) CHECK(faults[i].text.find(row.says[i]) != std::string::npos);
    CHECK((found ? found->trouble : "").starts_with(row.trouble));
    if (found) CHECK(found->trouble.empty() == std::string(row.trouble).empty());
    CHECK_FALSE(fs::exists(folder / "none"));
  }
}
