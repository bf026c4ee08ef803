#include "agent/host/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/descriptor.h"

namespace platen::host {
namespace {

struct Row {
  int number;
  Code code;
  std::string_view way_out;
};
constexpr std::array<Row, 10> reasons = {{
    {ENOENT, Code::not_found, "check the path"},
    {ENOTDIR, Code::not_found, "check the path"},
    {EACCES, Code::denied, "check its owner and mode, and those of the folders above it"},
    {EPERM, Code::denied, "check its owner and mode"},
    {EROFS, Code::denied, "choose a folder that can be written to"},
    {EEXIST, Code::conflict, "move it away first"},
    {EISDIR, Code::invalid, "name a file, not a folder"},
    {ENOSPC, Code::unavailable, "free some space"},
    {EDQUOT, Code::unavailable, "free some space"},
    {EMFILE, Code::unavailable, "raise the limit of open files"},
}};

Error error_of(std::string_view doing, const std::string& path, int number) {
  const std::string reason = std::generic_category().message(number);
  for (const Row& row : reasons) {
    if (row.number == number) return {row.code, fmt::format("cannot {} {}: {}; {}", doing, path, reason, row.way_out)};
  }
  return {Code::unavailable, fmt::format("cannot {} {}: {}", doing, path, reason)};
}

bool write_all(int fd, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(fd, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

bool give_to_the_folders_owner(int fd, const std::string& path) {
  struct stat folder = {};
  if (::geteuid() != 0 || ::stat(folder_of(path).c_str(), &folder) != 0 || folder.st_uid == 0) return true;
  return ::fchown(fd, folder.st_uid, folder.st_gid) == 0;
}

// A name in `existing`'s way shows up here: link() never replaces, rename() always does.
bool put_in_place(const std::string& made, const std::string& path, Existing existing) {
  if (existing == Existing::replace) return ::rename(made.c_str(), path.c_str()) == 0;
  const bool linked = ::link(made.c_str(), path.c_str()) == 0;
  const int number = errno;
  ::unlink(made.c_str());
  errno = number;
  return linked;
}

Expected<void> check_access(std::string_view doing, const std::string& path, int wanted) {
  struct stat facts = {};
  if (::stat(path.c_str(), &facts) != 0) return fail(error_of(doing, path, errno));
  if (!S_ISDIR(facts.st_mode)) return fail(error_of(doing, path, ENOTDIR));
  if (::access(path.c_str(), wanted) != 0) return fail(error_of(doing, path, errno));
  return {};
}

}  // namespace

Expected<File> read_file(const std::string& path, std::size_t most_octets) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a FIFO must not hold us up
  if (!fd) return fail(error_of("read", path, errno));
  struct stat facts = {};
  if (::fstat(fd.get(), &facts) != 0) return fail(error_of("read", path, errno));
  if (S_ISDIR(facts.st_mode)) return fail(error_of("read", path, EISDIR));
  File file{.octets = {},
            .everybody_reads = (facts.st_mode & S_IROTH) != 0,
            .others_read = (facts.st_mode & (S_IRGRP | S_IROTH)) != 0,
            .foreign = facts.st_uid != ::geteuid() && facts.st_uid != 0 && ::geteuid() != 0};
  std::array<char, 16384> part{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(error_of("read", path, errno));
    if (count == 0) return file;
    file.octets.append(part.data(), static_cast<std::size_t>(count));
    if (file.octets.size() > most_octets) {
      return fail(Code::invalid,
                  fmt::format("cannot read {}: larger than {} octets; is this the right file?", path, most_octets));
    }
  }
}

Expected<void> write_file(const std::string& path, std::string_view octets, unsigned mode, Existing existing) {
  std::string made = path + ".XXXXXX";
  const Descriptor fd(::mkostemp(made.data(), O_CLOEXEC));  // made with 0600: nobody else ever sees a secret in it
  if (!fd) return fail(error_of("write", path, errno));
  const bool written = write_all(fd.get(), octets) && give_to_the_folders_owner(fd.get(), path) &&
                       ::fchmod(fd.get(), mode) == 0 && ::fsync(fd.get()) == 0;
  if (!written || !put_in_place(made, path, existing)) {
    const int number = errno;
    ::unlink(made.c_str());
    return fail(error_of("write", path, number));
  }
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder && ::fsync(folder.get()) != 0) return fail(error_of("write", path, errno));
  return {};
}

Expected<void> check_folder(const std::string& path) { return check_access("write into", path, W_OK | X_OK); }

Expected<void> check_readable_folder(const std::string& path) {
  return check_access("read the folder", path, R_OK | X_OK);
}

Expected<void> usable_folder(const std::string& path) {
  std::error_code fault;
  const bool made = std::filesystem::create_directories(path, fault);
  if (fault) return fail(error_of("make the folder", path, fault.value()));
  if (made && ::chmod(path.c_str(), 0750) != 0) return fail(error_of("make the folder", path, errno));
  return check_folder(path);
}

}  // namespace platen::host
