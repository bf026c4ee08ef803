#include "agent/host/files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

using namespace platen;  // NOLINT: a test
namespace fs = std::filesystem;
using host::Existing;

namespace {

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("platen-files-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

unsigned mode_of(const std::string& path) {
  struct stat facts = {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 0777U;
}

// What somebody without root's rights gets, in a process of its own.
bool holds_for_nobody(const std::function<bool()>& condition) {
  constexpr ::uid_t nobody = 65534;
  const ::pid_t child = ::fork();
  if (child == 0) ::_exit((::geteuid() != 0 || ::setuid(nobody) == 0) && condition() ? 0 : 1);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a written file has exactly its octets and mode, and nothing is left beside it") {
  const Folder folder;
  const ::mode_t before = ::umask(0077);
  CHECK(host::write_file(folder / "a", std::string("x\0y", 3), 0640, Existing::replace));
  CHECK(host::write_file(folder / "a", "second", 0644, Existing::replace));
  ::umask(before);
  CHECK(host::read_file(folder / "a", 100).value().octets == "second");
  CHECK(host::read_file(folder / "a", 100).value().everybody_reads);
  CHECK(mode_of(folder / "a") == 0644);
  CHECK(folder.files() == 1);
}

TEST_CASE("what exists can be kept") {
  const Folder folder;
  REQUIRE(host::write_file(folder / "key", "first", 0600, Existing::keep));
  const auto again = host::write_file(folder / "key", "second", 0600, Existing::keep);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::conflict);
  CHECK(host::read_file(folder / "key", 100).value().octets == "first");
  CHECK_FALSE(host::read_file(folder / "key", 100).value().everybody_reads);
  CHECK(folder.files() == 1);
}

TEST_CASE("what cannot be read or written is said with path and way out") {
  const Folder folder;
  const auto none = host::read_file(folder / "none", 10);
  REQUIRE_FALSE(none);
  CHECK(none.error() ==
        Error{Code::not_found, "cannot read " + (folder / "none") + ": No such file or directory; check the path"});
  CHECK(host::write_file(folder / "no/such/file", "x", 0600, Existing::replace).error().code == Code::not_found);
  REQUIRE(host::write_file(folder / "file", "12345678901", 0600, Existing::replace));
  CHECK(host::read_file(folder / "file", 10).error().code == Code::invalid);
  CHECK(host::usable_folder(folder / "file/below").error().code == Code::not_found);
  CHECK(host::check_folder(folder / "file").error().code == Code::not_found);
  CHECK(host::check_folder(folder / "nowhere").error().code == Code::not_found);
}

TEST_CASE("a folder that is only read need not be writable") {
  const Folder folder;
  REQUIRE(host::usable_folder(folder / "theirs"));
  REQUIRE(::chmod((folder / "").c_str(), 0755) == 0);
  REQUIRE(::chmod((folder / "theirs").c_str(), 0555) == 0);
  CHECK(holds_for_nobody([&] {
    return host::check_readable_folder(folder / "theirs") &&
           host::check_folder(folder / "theirs").error().code == Code::denied;
  }));
  REQUIRE(::chmod((folder / "theirs").c_str(), 0311) == 0);
  CHECK(holds_for_nobody([&] {
    return host::check_readable_folder(folder / "theirs").error().text ==
           "cannot read the folder " + (folder / "theirs") +
               ": Permission denied; check its owner and mode, and those of the folders above it";
  }));
  CHECK(host::check_readable_folder(folder / "nowhere").error().code == Code::not_found);
  REQUIRE(host::write_file(folder / "file", "x", 0600, Existing::replace));
  CHECK(host::check_readable_folder(folder / "file").error().code == Code::not_found);
}

TEST_CASE("a folder is made for its owner and group") {
  const Folder folder;
  CHECK_FALSE(host::check_folder(folder / "state/agent"));  // looking makes nothing
  CHECK_FALSE(host::check_folder(folder / "state"));
  REQUIRE(host::usable_folder(folder / "state/agent"));
  CHECK(host::check_folder(folder / "state/agent"));
  CHECK(mode_of(folder / "state/agent") == 0750);
  CHECK(host::usable_folder(folder / "state/agent"));
  if (::geteuid() != 0) {  // root may write everywhere
    REQUIRE(::chmod((folder / "state").c_str(), 0500) == 0);
    CHECK(host::usable_folder(folder / "state/other").error().code == Code::denied);
    REQUIRE(::chmod((folder / "state").c_str(), 0700) == 0);
  }
}
