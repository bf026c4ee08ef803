#include "agent/config/remote.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/unit/agent_ledger/folder.h"

using namespace platen;
using namespace std::chrono_literals;

namespace {

config::Config site(const std::string& text) {
  return config::parse(text, "/etc/platen/agent.toml",
                       [](const std::string&) -> Expected<Secret> { return Secret("of a file"); })
      .value();
}

}  // namespace

TEST_CASE("what came from afar replaces what it states, and nothing else") {
  const config::Config ours = site(
      "[scan]\ntargets = [\"192.0.2.0/24\"]\ninterval = \"6h\"\n[read]\nstatus_interval = \"20m\"\n"
      "[[credential]]\nname = \"old\"\ncommunity_file = \"c\"\n");
  const auto remote = config::parse_remote(
      "[scan]\ntargets = [\"198.51.100.0/24\"]\n[agent]\nlog_level = \"debug\"\n[cloud]\naddress = "
      "\"other.example:443\"\n[[credential]]\nname = \"new\"\ncommunity = \"s3cret\"\n",
      "set_config");
  REQUIRE_MESSAGE(remote, (remote ? "" : remote.error().front().text));
  const auto both = config::overlaid(ours, *remote);
  REQUIRE(both);
  CHECK(both->scan.targets == std::vector<std::string>{"198.51.100.0/24"});
  CHECK(both->scan.interval == 6h);
  CHECK(both->read.status_interval == 20min);
  CHECK(both->agent.log_level == "debug");
  CHECK(both->cloud.address == "other.example:443");
  REQUIRE(both->credentials.size() == 1);
  CHECK(both->credentials[0].name == "new");
  const auto nothing = config::overlaid(ours, config::parse_remote("", "set_config").value());
  REQUIRE(nothing);
  CHECK(nothing->scan.targets == ours.scan.targets);
  CHECK(nothing->credentials == ours.credentials);
}

TEST_CASE("what is the site's own cannot be set from afar") {
  struct Row {
    const char* text;
    const char* says;
  };
  const Row rows[] = {
      {"[agent]\nstate_dir = \"/tmp/x\"\n", "agent.state_dir is the site's own"},
      {"[agent]\nid = \"other\"\n", "agent.id is the site's own"},
      {"[agent]\nledger_size = \"1GiB\"\n", "agent.ledger_size is the site's own"},
      {"[cloud]\nca_file = \"/etc/passwd\"\n", "cloud.ca_file is the site's own"},
      {"[cloud]\ncertificate_file = \"a\"\nkey_file = \"b\"\n", "cloud.certificate_file is the site's own"},
      {"[proxy]\naddress = \"http://192.0.2.1:3128\"\n", "proxy.address is the site's own"},
      {"[proxy]\npassword_file = \"/etc/shadow\"\n", "cannot be named from afar"},
      {"[privacy]\nserial = \"send\"\n", "privacy.serial is the site's own"},
      {"[read]\nprofiles = \"/tmp\"\n", "read.profiles is the site's own"},
      {"[[credential]]\ncommunity_file = \"/etc/shadow\"\n", "cannot be named from afar"},
      {"[[credential]]\nversion = \"3\"\nuser = \"u\"\nauth = \"sha256\"\nauth_pass_file = \"/etc/shadow\"\n",
       "cannot be named from afar"},
      {"[scan]\ntargets = [\"@/etc/passwd\"]\n", "no file of targets"},
      {"[tasks]\nforbid = []\n", "unknown section"},
      {"[scan]\nsurprise = 1\n", "unknown key"},
      {"[scan", "not TOML"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto remote = config::parse_remote(row.text, "set_config");
    REQUIRE_FALSE(remote);
    CHECK_MESSAGE(remote.error().front().text.find(row.says) != std::string::npos, remote.error().front().text);
  }
  CHECK_FALSE(config::parse_remote(std::string(65'537, '#'), "set_config"));
  const auto loopback =
      config::parse_remote("[scan]\nallow_loopback = true\ntargets = [\"127.0.0.1\"]\n", "set_config").value();
  CHECK_FALSE(config::overlaid(site(""), loopback));
  CHECK(config::overlaid(site("[scan]\nallow_loopback = true\n"), loopback));
}

TEST_CASE("values that do not agree with the site's are refused together") {
  const auto remote = config::parse_remote("[cloud]\nbackoff_first = \"1m\"\n", "set_config").value();
  const auto both = config::overlaid(site("[cloud]\nbackoff_longest = \"2s\"\n"), remote);
  CHECK_FALSE(both);
}

TEST_CASE("a confirmed one is laid over the site's file at each start; one that cannot be used is left out, and said") {
  const tests::Folder folder;
  std::ofstream(folder / "agent.toml") << "[agent]\nstate_dir = \"" << folder.path() << "\"\n";
  const auto effective = [&] { return config::load_with_remote(folder / "agent.toml").value(); };
  CHECK(effective().config.scan.targets.empty());
  const std::string file = config::remote_file(folder.path());
  std::ofstream(file) << "[scan]\ntargets = [\"192.0.2.1\"]\n";
  ::chmod(file.c_str(), 0600);
  CHECK(effective().config.scan.targets.size() == 1);
  CHECK(effective().trouble.empty());
  ::chmod(file.c_str(), 0644);
  CHECK(effective().config.scan.targets.empty());
  CHECK_FALSE(effective().trouble.empty());
  std::ofstream(file) << "[agent]\nid = \"x\"\n";
  ::chmod(file.c_str(), 0600);
  CHECK(effective().trouble.find("site's own") != std::string::npos);
}
