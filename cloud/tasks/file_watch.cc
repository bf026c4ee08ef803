#include "cloud/tasks/file_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>

namespace platen::cloud {

FileWatch::FileWatch(const std::string& file)
    : journal_(std::filesystem::path(file).filename().string() + "-journal"),
      changes_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const std::string folder = std::filesystem::absolute(file).parent_path().string();
  ::inotify_add_watch(changes_, folder.c_str(), IN_DELETE);
}

FileWatch::~FileWatch() {
  for (const int descriptor : {changes_, wake_}) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

bool FileWatch::wait(std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + timeout;
  for (auto left = timeout;; left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now())) {
    std::array<pollfd, 2> ready{pollfd{changes_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
    ::poll(ready.data(), ready.size(), static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count()));
    std::uint64_t times = 0;
    const bool woken = ready[1].revents != 0 && ::read(wake_, &times, sizeof times) > 0;
    const bool changed = ready[0].revents != 0 && is_ours();
    if (woken || changed) return true;
    if (left.count() <= 0) return false;
  }
}

void FileWatch::wake() {
  const std::uint64_t once = 1;
  static_cast<void>(::write(wake_, &once, sizeof once) == sizeof once);
}

bool FileWatch::is_ours() {
  alignas(inotify_event) std::array<char, 4096> buffer;
  bool ours = false;
  for (ssize_t size = 0; (size = ::read(changes_, buffer.data(), buffer.size())) > 0;) {
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      ours = ours || (event.mask & IN_Q_OVERFLOW) != 0 || (event.len > 0 && journal_ == name);
      at += sizeof event + event.len;
    }
  }
  return ours;
}

}  // namespace platen::cloud
