#include "cloud/store/store_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace platen::cloud {
namespace {

tl::unexpected<Error> refused(const std::string& file, int fault) {
  const std::string why = file + ": " + std::strerror(fault);
  if (fault == ENOENT || fault == ENOTDIR)
    return fail(Code::not_found, why + "; make its folder first, or give another --data");
  if (fault == EACCES || fault == EPERM || fault == EROFS) {
    return fail(Code::denied, why + "; give this user the right to the folder, or give another --data");
  }
  return fail(Code::unavailable, why);
}

std::int64_t number(sqlite::Connection& connection, const char* sql) {
  sqlite::Statement statement(connection, sql);
  sqlite::Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

}  // namespace

Expected<void> make_file_if_missing(const std::string& file) {
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return errno == EEXIST ? Expected<void>{} : refused(file, errno);
  ::close(made);
  return {};
}

Expected<void> check_rights(const std::string& file, sqlite::Connection::Mode mode) {
  const int wanted = mode == sqlite::Connection::Mode::read_only ? R_OK : R_OK | W_OK;
  if (::faccessat(AT_FDCWD, file.c_str(), wanted, AT_EACCESS) != 0) return refused(file, errno);
  return {};
}

Expected<Inspected> inspect(sqlite::Connection& connection, const std::string& file) try {
  const std::int64_t id = number(connection, "PRAGMA application_id");
  const std::int64_t version = number(connection, "PRAGMA user_version");
  const bool empty = number(connection, "SELECT count(*) FROM sqlite_master") == 0;
  if (id == 0 && version == 0 && empty) return Inspected{.empty = true};
  if (id != application_id) throw sqlite::Fault{SQLITE_NOTADB, "another program's database"};
  if (version > schema_version) {
    return fail(Code::invalid, file + ": written by a newer platen-cloud (schema " + std::to_string(version) +
                                   ", this one knows " + std::to_string(schema_version) +
                                   "); install that version, or give another --data");
  }
  return Inspected{.older = version < schema_version};
} catch (const sqlite::Fault& fault) {
  Error error = sqlite::to_error(fault, file);
  if (error.code == Code::corrupt)
    error.text = file + ": not a store of platen-cloud; give another --data, or move the file away";
  return fail(std::move(error));
}

Expected<WriterLock> WriterLock::take(const std::string& file) {
  const std::string name = file + ".lock";
  const int opened = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (opened < 0) return refused(name, errno);
  WriterLock lock(opened);
  if (::flock(opened, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 16> holder{};
    const bool named = ::pread(opened, holder.data(), holder.size() - 1, 0) > 0;
    return fail(Code::conflict, file + ": in use by process " + (named ? holder.data() : "?") +
                                    "; stop that one, or give another --data");
  }
  const std::string self = std::to_string(::getpid());
  if (::ftruncate(opened, 0) != 0 || ::pwrite(opened, self.data(), self.size(), 0) < 0) return refused(name, errno);
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace platen::cloud
