// One process at a time: a lock on a file that names its holder and that the kernel lets go of when the holder dies.
//
//   Errors   Code::conflict when another process (or another lock of this one) holds it: the text names the process;
//            Code::denied, Code::not_found, Code::unavailable as in files.h.
//   Effects  The file stays behind, unlocked; a stale one never blocks. Not inherited by programs that we start.
#pragma once

#include <string>

#include "base/expected.h"

namespace platen::host {

class Lock {
 public:
  // `what` is the thing protected, in the words of the person who reads the error: "the ledger
  // /var/lib/platen/ledger.db".
  [[nodiscard]] static Expected<Lock> take(const std::string& path, const std::string& what);
  // The file of that name is still the one that is locked: nobody has moved it, or its folder, away.
  [[nodiscard]] bool is_at(const std::string& path) const;
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace platen::host
