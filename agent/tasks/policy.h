// What this site lets nobody do from afar, whatever is signed: a file of its own, which no task can change.
//
//   Source   tasks-policy.toml in the folder of the agent's settings file (docs/tasks.md):  forbid = ["set_config", "record"]
//   Rules    No file: nothing is forbidden. A file that cannot be read or understood forbids everything but `harmless`:
//            it never fails open. Read anew before each task.
//   Effects  read_policy() reads the file; nothing else has any.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::tasks {

struct Policy {
  std::string file;
  std::set<std::string, std::less<>> forbidden;  // kinds, as in task.h
  std::string trouble;                           // why the file could not be taken at its word; "": it could
  [[nodiscard]] bool forbids(std::string_view kind) const { return forbidden.contains(kind); }
  friend bool operator==(const Policy&, const Policy&) = default;
};

[[nodiscard]] std::string policy_file(const std::string& settings_file);
[[nodiscard]] Policy policy_of(const Expected<std::string>& text, const std::string& file);
[[nodiscard]] Policy read_policy(const std::string& file);

}  // namespace platen::tasks
