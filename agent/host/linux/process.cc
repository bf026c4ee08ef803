#include "agent/host/process.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <cerrno>
#include <csignal>

namespace platen::host {
namespace {

constexpr int large_block = 128 * 1024;

}  // namespace

void forbid_core_dumps() {
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // the leak check at exit looks into the process from outside
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

bool process_runs(long process) {
  return process > 0 && (::kill(static_cast<::pid_t>(process), 0) == 0 || errno == EPERM);
}

void limit_heaps(int arenas) {
  ::mallopt(M_ARENA_MAX, arenas);
  // As glibc begins. Left alone, it learns from the first 2 MB block that is freed: the next ones stay in the heap, and
  // 4 MB at its end.
  ::mallopt(M_MMAP_THRESHOLD, large_block);
  ::mallopt(M_TRIM_THRESHOLD, large_block);
}

void give_memory_back() { ::malloc_trim(0); }

}  // namespace platen::host
