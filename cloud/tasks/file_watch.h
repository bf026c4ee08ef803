// Waits for another process to change a database that keeps a rollback journal: SQLite removes FILE-journal when it commits.
//
//   Effects  inotify (Linux); where that cannot be had, wait() comes back after its timeout only.
//   Threads  one waits, any may wake it.
#pragma once

#include <chrono>
#include <string>

namespace platen::cloud {

class FileWatch {
 public:
  explicit FileWatch(const std::string& file);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Until something was committed to the file since the last call, or somebody wakes it; false: the time is over.
  bool wait(std::chrono::milliseconds timeout);
  void wake();

 private:
  [[nodiscard]] bool is_ours();  // reads what inotify has to say

  std::string journal_;  // its name in its folder
  int changes_, wake_;
};

}  // namespace platen::cloud
