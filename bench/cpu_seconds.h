// The CPU that this process has used, of its own and the kernel's for it: getrusage(2), in seconds.
#pragma once

#include <sys/resource.h>

namespace platen::bench {

inline double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace platen::bench
