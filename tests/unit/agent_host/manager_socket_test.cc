#include "agent/host/linux/manager_socket.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>

using namespace platen;  // NOLINT: a test

namespace {

// A socket that a service manager would listen on. `name`: as NOTIFY_SOCKET writes it.
class Listening {
 public:
  explicit Listening(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    ::sockaddr_un to = {};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, name.data(), name.size());
    if (name[0] == '@') to.sun_path[0] = '\0';
    const auto size = static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd_, reinterpret_cast<const ::sockaddr*>(&to), size) == 0);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() { ::close(fd_); }
  std::string heard() {
    std::array<char, 64> text{};
    const ssize_t count = ::recv(fd_, text.data(), text.size(), 0);
    return count < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(count));
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("the manager hears on a socket with a path and on an abstract one") {
  const std::string number = std::to_string(::getpid());
  const std::string path = (std::filesystem::temp_directory_path() / ("platen-manager-" + number)).string();
  for (const std::string& name : {path, "@platen-manager-" + number}) {
    Listening manager(name);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    host::tell_manager("STATUS=two words\nX=1");
    CHECK_MESSAGE(manager.heard() == "STATUS=two words\nX=1", name);
  }
  std::filesystem::remove(path);
  for (const std::string& nowhere :
       {std::string(), std::string("@"), path, std::string("vsock:2:1"), "/" + std::string(200, 'x')}) {
    ::setenv("NOTIFY_SOCKET", nowhere.c_str(), 1);
    host::tell_manager("READY=1");  // says nothing, and nothing happens
  }
  ::unsetenv("NOTIFY_SOCKET");
}

TEST_CASE("the watchdog's limit is of the process that it names") {
  struct Row {
    const char *limit, *process;
    std::optional<std::chrono::microseconds> expected;
  };
  const std::string mine = std::to_string(::getpid()), another = std::to_string(::getpid() + 1);
  const std::chrono::microseconds two_minutes(120'000'000);
  const Row rows[] = {
      {"120000000", "", two_minutes},
      {"120000000", mine.c_str(), two_minutes},
      {"120000000", another.c_str(), {}},
      {"120000000", "me", {}},
      {"", "", {}},
      {"0", "", {}},
      {"-4", "", {}},
      {"2min", "", {}},
      {"99999999999999999999", "", {}},
  };
  for (const Row& row : rows) {
    ::setenv("WATCHDOG_USEC", row.limit, 1);
    ::setenv("WATCHDOG_PID", row.process, 1);
    CHECK_MESSAGE(host::watchdog_limit() == row.expected, row.limit, " ", row.process);
  }
  ::unsetenv("WATCHDOG_USEC");
  ::unsetenv("WATCHDOG_PID");
}
