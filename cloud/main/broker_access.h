// What the broker is told of the agents that were removed: its access list, written anew when that changes.
//
//   Effects  write_access_list replaces the file; the broker reads it when it is asked to (docs/deploy.md: SIGHUP).
//   Threads  one at a time.
#pragma once

#include <set>
#include <string>

#include "cloud/enroll/registry.h"

namespace platen::cloud {

[[nodiscard]] Expected<void> write_access_list(const std::string& path, enroll::Registry& registry);

// Kept up to date by calling keep() now and then. Without a path nothing is kept.
class BrokerAccess {
 public:
  BrokerAccess(std::string path, enroll::Registry& registry) : path_(std::move(path)), registry_(registry) {}
  void keep();  // what goes wrong is logged, once

 private:
  [[nodiscard]] Expected<void> follow();

  const std::string path_;
  enroll::Registry& registry_;
  std::set<std::string> removed_;
  bool written_ = false;
  std::string trouble_;
};

}  // namespace platen::cloud
