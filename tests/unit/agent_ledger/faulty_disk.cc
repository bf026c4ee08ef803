#include "tests/unit/agent_ledger/faulty_disk.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace {
std::atomic<bool> failing = false;

int sync_or_fail(long number, int fd) {
  if (failing) return errno = EIO, -1;
  return static_cast<int>(::syscall(number, fd));
}
}  // namespace

extern "C" int fsync(int fd) { return sync_or_fail(SYS_fsync, fd); }
extern "C" int fdatasync(int fd) { return sync_or_fail(SYS_fdatasync, fd); }

namespace platen::tests {
void let_fsync_fail(bool fails) { failing = fails; }
}  // namespace platen::tests
