#include "agent/host/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.h"

namespace platen::host {
namespace {

Error cannot(const std::string& path, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  const bool rights = number == EACCES || number == EPERM || number == EROFS;
  return {missing  ? Code::not_found
          : rights ? Code::denied
                   : Code::unavailable,
          fmt::format("cannot lock {}: {}; {}", path, std::generic_category().message(number),
                      missing  ? "make its folder first, or name another one"
                      : rights ? "give this user the right to write into its folder, or name another one"
                               : "free space or descriptors, then try again")};
}

std::string holder_of(int fd) {
  std::array<char, 24> text{};
  const ssize_t count = ::pread(fd, text.data(), text.size(), 0);
  const std::string said(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  const std::string digits = said.substr(0, said.find_first_not_of("0123456789"));
  return digits.empty() ? "another process" : "process " + digits;
}

}  // namespace

Expected<Lock> Lock::take(const std::string& path, const std::string& what) {
  Lock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.fd_ < 0) return fail(cannot(path, errno));
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(cannot(path, errno));
    return fail(Code::conflict, fmt::format("{} is held by {}: stop that one, or give this one another folder", what,
                                            holder_of(lock.fd_)));
  }
  const std::string self = std::to_string(::getpid()) + "\n";
  // On a full disk the lock holds all the same; it only does not say whose it is.
  if (::ftruncate(lock.fd_, 0) != 0 || ::pwrite(lock.fd_, self.data(), self.size(), 0) < 0)
    log::warn("lock.unnamed", {{"path", path}, {"why", std::generic_category().message(errno)}});
  return lock;
}

bool Lock::is_at(const std::string& path) const {
  struct stat ours = {}, there = {};
  return ::fstat(fd_, &ours) == 0 && ::stat(path.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

Lock::Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace platen::host
