#include "agent/tasks/policy.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "agent/tasks/task.h"

using namespace platen;

TEST_CASE(
    "the policy forbids what it names; no file forbids nothing; what cannot be understood forbids all but the "
    "harmless") {
  struct Row {
    const char* name;
    Expected<std::string> text;
    std::set<std::string, std::less<>> forbidden;
    const char* trouble;
  };
  std::set<std::string, std::less<>> guarded = {tasks::kinds().begin(), tasks::kinds().end()};
  for (const char* kind : {"scan", "read_now", "cancel"}) guarded.erase(kind);
  const Row rows[] = {
      {"no file", fail(Code::not_found, "none"), {}, ""},
      {"an empty one", "", {}, ""},
      {"two kinds", "forbid = [\"set_config\", \"record\"]\n", {"set_config", "record"}, ""},
      {"unreadable", fail(Code::denied, "no right to read it"), guarded, "no right to read it"},
      {"no TOML", "forbid = [", guarded, "policy.toml:1"},
      {"a kind that is none", "forbid = [\"set_confg\"]", guarded, "\"set_config\"?"},
      {"a word instead of a list", "forbid = \"scan\"", guarded, "must be a list"},
      {"a number in the list", "forbid = [1]", guarded, "must be a list"},
      {"another key", "allow = [\"scan\"]", guarded, "unknown key \"allow\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const tasks::Policy policy = tasks::policy_of(row.text, "policy.toml");
    CHECK(policy.forbidden == row.forbidden);
    CHECK(policy.trouble.find(row.trouble) != std::string::npos);
    CHECK(policy.trouble.empty() == (*row.trouble == '\0'));
  }
}

TEST_CASE("it stands beside the settings; a folder or a dead link in its place is no leave") {
  namespace fs = std::filesystem;
  CHECK(tasks::policy_file("/etc/platen/agent.toml") == "/etc/platen/tasks-policy.toml");
  const fs::path folder = fs::temp_directory_path() / "platen-tasks-policy-test";
  fs::remove_all(folder);
  fs::create_directories(folder / "tasks-policy.toml");
  CHECK(tasks::read_policy((folder / "tasks-policy.toml").string()).forbids("set_config"));
  fs::create_symlink(folder / "gone", folder / "link.toml");
  CHECK(tasks::read_policy((folder / "link.toml").string()).forbids("set_config"));
  CHECK_FALSE(tasks::read_policy((folder / "none.toml").string()).forbids("set_config"));
  std::ofstream(folder / "there.toml") << "forbid = [\"scan\"]";
  CHECK(tasks::read_policy((folder / "there.toml").string()).forbids("scan"));
  fs::remove_all(folder);
}
