#include "tests/unit/agent_ledger/faulty_disk.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>

namespace {

std::atomic<bool> no_fsync = false;
std::atomic<off64_t> bad_from = 0, bad_to = 0;
std::atomic<int> due = 0, left = 0, failed = 0, with = 0;

// True: this call fails, and errno says how.
bool fails() {
  if (due.load() == 0 || (due.load() > 1 && due.fetch_sub(1) > 1)) return false;
  if (left.load() <= 0) return false;
  --left, ++failed;
  errno = with;
  return true;
}

int sync_or_fail(long number, int fd) {
  if (no_fsync) return errno = EIO, -1;
  if (fails()) return -1;
  return static_cast<int>(::syscall(number, fd));
}

bool on_bad_sectors(off64_t at, size_t count) {
  if (bad_to == 0 || at >= bad_to || at + static_cast<off64_t>(count) <= bad_from) return false;
  errno = EIO;
  return true;
}

bool is_file(int fd) { return fd > STDERR_FILENO; }

}  // namespace

extern "C" {
int fsync(int fd) { return sync_or_fail(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_or_fail(SYS_fdatasync, fd); }
ssize_t write(int fd, const void* octets, size_t count) {
  if (is_file(fd) && fails()) return -1;
  return ::syscall(SYS_write, fd, octets, count);
}
ssize_t pread(int fd, void* octets, size_t count, off_t at) {
  if (on_bad_sectors(at, count)) return -1;
  return ::syscall(SYS_pread64, fd, octets, count, at);
}
ssize_t pread64(int fd, void* octets, size_t count, off64_t at) {
  if (on_bad_sectors(at, count)) return -1;
  return ::syscall(SYS_pread64, fd, octets, count, at);
}
ssize_t pwrite(int fd, const void* octets, size_t count, off_t at) {
  if (fails()) return -1;
  return ::syscall(SYS_pwrite64, fd, octets, count, at);
}
ssize_t pwrite64(int fd, const void* octets, size_t count, off64_t at) {
  if (fails()) return -1;
  return ::syscall(SYS_pwrite64, fd, octets, count, at);
}
int ftruncate(int fd, off_t length) noexcept {
  return fails() ? -1 : static_cast<int>(::syscall(SYS_ftruncate, fd, length));
}
int ftruncate64(int fd, off64_t length) noexcept {
  return fails() ? -1 : static_cast<int>(::syscall(SYS_ftruncate, fd, length));
}
int rename(const char* from, const char* to) noexcept {
  return fails() ? -1 : static_cast<int>(::syscall(SYS_rename, from, to));
}
}

namespace platen::tests {

void let_fsync_fail(bool fails) { no_fsync = fails; }

void let_calls_fail(int nth, int error_number, int times) { failed = 0, with = error_number, left = times, due = nth; }

void let_reads_fail(std::int64_t from, std::int64_t to) { bad_from = from, bad_to = to; }

int calls_failed() { return failed; }

}  // namespace platen::tests
