#include "agent/host/process.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace platen::host {

void forbid_core_dumps() {
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // the leak check at exit looks into the process from outside
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

void limit_heaps(int arenas) { ::mallopt(M_ARENA_MAX, arenas); }

void give_memory_back() { ::malloc_trim(0); }

}  // namespace platen::host
