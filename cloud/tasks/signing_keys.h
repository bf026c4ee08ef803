// The keys that sign tasks, as files in the cloud's data folder: task-1.key, task-2.key …; the highest number signs for new
// agents, the earlier ones for those that have not taken it up yet.
//
//   Shapes   PKCS #8 PEM, 0600.
//   Errors   Code::denied rights, or a key that others can read; Code::corrupt a file that is no such key;
//            Code::unavailable it cannot be written.
//   Effects  a key is made by the first question for one. No key is ever overwritten or removed.
//   Threads  callable from any thread, and by several processes at once.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/expected.h"
#include "proto/task_key.h"

namespace platen::cloud {

class SigningKeys {
 public:
  explicit SigningKeys(std::string folder) : folder_(std::move(folder)) {}
  // All there are, the oldest first; at least one.
  [[nodiscard]] Expected<std::vector<wire::TaskKey>> all();
  [[nodiscard]] Expected<wire::TaskKey> current();
  // By wire::task_key_id. Code::not_found: there is no such key any more.
  [[nodiscard]] Expected<wire::TaskKey> find(const std::string& key_id);
  // One more, which is the current one when this returns.
  [[nodiscard]] Expected<wire::TaskKey> add();

 private:
  [[nodiscard]] Expected<void> look();
  [[nodiscard]] Expected<void> make(std::size_t number);
  [[nodiscard]] std::string file(std::size_t number) const;

  const std::string folder_;
  std::mutex mutex_;
  std::vector<wire::TaskKey> known_;  // known_[0] is task-1.key
};

}  // namespace platen::cloud
