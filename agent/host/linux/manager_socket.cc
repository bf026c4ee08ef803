#include "agent/host/linux/manager_socket.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace platen::host {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// nullopt: not a number, or more than fits.
std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void tell_manager(const std::string& state) {
  const std::string_view at = variable("NOTIFY_SOCKET");
  ::sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (at.size() < 2 || at.size() >= sizeof name.sun_path || (at[0] != '/' && at[0] != '@')) return;
  std::memcpy(name.sun_path, at.data(), at.size());
  if (at[0] == '@') name.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto size = static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) + at.size());
  static_cast<void>(
      ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const ::sockaddr*>(&name), size));
  ::close(fd);
}

std::optional<std::chrono::microseconds> watchdog_limit() {
  const auto limit = number_in(variable("WATCHDOG_USEC"));
  const std::string_view whose = variable("WATCHDOG_PID");  // none: whoever reads it
  if (!limit || *limit <= 0 || (!whose.empty() && number_in(whose) != std::int64_t{::getpid()})) return std::nullopt;
  return std::chrono::microseconds(*limit);
}

}  // namespace platen::host
