#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "agent/config/config.h"

using namespace platen;  // NOLINT: a test
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("platen-config-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  std::string put(const std::string& name, const std::string& text, unsigned mode) const {
    const fs::path file = path_ / name;
    std::ofstream(file) << text;
    fs::permissions(file, static_cast<fs::perms>(mode));
    return file.string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string fault(const Expected<config::Config, config::Faults>& result) {
  return result ? "(good)" : result.error().front().text;
}

}  // namespace

TEST_CASE("a file with secrets must not be readable by everybody") {
  const Folder folder;
  const std::string text = "[[credential]]\ncommunity = \"floor-2\"\n";
  CHECK(config::load(folder.put("private.toml", text, 0640)));
  const std::string open = folder.put("open.toml", text, 0644);
  CHECK(fault(config::load(open)) ==
        open + " holds secrets and everybody on this host can read it; run: chmod 0640 " + open);
  CHECK(config::load(folder.put("harmless.toml", "[scan]\nport = 161\n", 0644)));
}

TEST_CASE("secret files: one line, not empty, not readable by everybody, beside the file") {
  const Folder folder;
  const std::string config = folder.put("agent.toml", "[[credential]]\ncommunity_file = \"community\"\n", 0644);
  CHECK(fault(config::load(config)).find("agent.toml:2: [[credential]] 1: cannot read " + folder.path("community")) !=
        std::string::npos);
  folder.put("community", "floor-2\r\n", 0600);
  const auto good = config::load(config);
  REQUIRE(good);
  CHECK(good->credentials.front().community.reveal() == "floor-2");
  folder.put("community", "floor-2\n", 0604);
  CHECK(fault(config::load(config)).find("run: chmod 0640 " + folder.path("community")) != std::string::npos);
  folder.put("community", "\n", 0600);
  CHECK(fault(config::load(config)).find("is empty") != std::string::npos);
  folder.put("community", "a\nb\n", 0600);
  CHECK(fault(config::load(config)).find("more than one line") != std::string::npos);
}

TEST_CASE("a file that cannot be read is named with the way out") {
  const Folder folder;
  CHECK(fault(config::load(folder.path("none.toml"))) ==
        "cannot read " + folder.path("none.toml") + ": No such file or directory; check the path");
  CHECK(fault(config::load(folder.path(""))).find("name a file, not a folder") != std::string::npos);
  const std::string huge = folder.put("huge.toml", std::string((1U << 20U) + 1, '#'), 0600);
  CHECK(fault(config::load(huge)).find("larger than 1048576 octets") != std::string::npos);
}

TEST_CASE("files of targets stand beside the settings; a bad word is named with both places") {
  const Folder folder;
  folder.put("floor3.txt", "192.0.2.1-3 # lasers\nprinter.example\n", 0644);
  folder.put("never.txt", "192.0.2.2,2001:db8::/32\n", 0644);
  const std::string good = folder.put(
      "files.toml", "[scan]\ntargets = [\"@floor3.txt\", \"192.0.2.9\"]\nexclude = [\"@never.txt\"]\n", 0644);
  const auto config = config::load(good);
  REQUIRE(config);
  CHECK(config->scan.targets == std::vector<std::string>{"192.0.2.1-3", "printer.example", "192.0.2.9"});
  CHECK(config::summary(*config).find("good: 3 addresses and 1 host name to scan") != std::string::npos);
  folder.put("floor3.txt", "192.0.2.1\n10.0.0.0/0\n224.0.0.1\n", 0644);
  const auto bad = config::load(good);
  REQUIRE_FALSE(bad);
  REQUIRE(bad.error().size() == 2);
  CHECK(bad.error()[0].text.find("files.toml:2: scan.targets: floor3.txt:2: target '10.0.0.0/0': wider than /12") !=
        std::string::npos);
  CHECK(fault(config::load(folder.put("none.toml", "[scan]\ntargets = [\n\"@no.txt\"]\n", 0644)))
            .find("none.toml:3: scan.targets: cannot read " + folder.path("no.txt")) != std::string::npos);
}

TEST_CASE("sources of candidates are off until they are asked for") {
  const Folder folder;
  const auto quiet = config::load(folder.put("quiet.toml", "[scan]\ntargets = [\"192.0.2.1\"]\n", 0644));
  REQUIRE(quiet);
  CHECK_FALSE(quiet->discovery.any());
  const auto loud = config::load(folder.put(
      "loud.toml", "[discovery]\nmdns = true\nslp = true\nwithin = [\"10.0.0.0/8\", \"fe80::/10\"]\n", 0644));
  REQUIRE(loud);
  CHECK(config::summary(*loud).find("good: 0 addresses to scan, candidates by mdns, slp,") != std::string::npos);
  CHECK(config::idle(*loud).size() == 1);
  CHECK(fault(config::load(folder.put("name.toml", "[discovery]\nwithin = [\"printer.example\"]\n", 0644)))
            .find("name.toml:2: discovery.within: 'printer.example' must be an address") != std::string::npos);
}
