#include "transport/command/handover.h"

#include <MQTTAsync.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace platen::channel {
namespace {

struct Waiting {
  int fd = -1;      // to be given
  int target = -1;  // the number that Paho uses
};

// Paho's trace is one for the process, and so is this.
class Desk {
 public:
  void add(std::uint16_t port, int fd) {
    const std::lock_guard guard(mutex_);
    waiting_[port] = {fd, -1};
    if (waiting_.size() != 1) return;
    MQTTAsync_setTraceCallback(&Desk::said);
    MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_MINIMUM);
  }
  void remove(std::uint16_t port) {
    const std::lock_guard guard(mutex_);
    const auto at = waiting_.find(port);
    if (at == waiting_.end()) return;
    if (at->second.fd >= 0) ::close(at->second.fd);
    waiting_.erase(at);
    if (waiting_.empty()) MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
  }

 private:
  static void said(MQTTASYNC_TRACE_LEVELS, char* line);
  void opened(int target, std::uint16_t port) {
    const std::lock_guard guard(mutex_);
    const auto at = waiting_.find(port);
    connecting_ = at == waiting_.end() ? nullptr : &at->second;
    if (connecting_ != nullptr) connecting_->target = target;
  }
  // Paho connects one client at a time, under its lock: the last that was opened is the one that is pending.
  void pending() {
    const std::lock_guard guard(mutex_);
    Waiting* const one = std::exchange(connecting_, nullptr);
    if (one == nullptr || one->fd < 0) return;
    ::dup3(one->fd, one->target, O_CLOEXEC);
    ::close(std::exchange(one->fd, -1));
  }

  std::mutex mutex_;
  std::map<std::uint16_t, Waiting> waiting_;
  Waiting* connecting_ = nullptr;
};

Desk& desk() {
  static Desk one;
  return one;
}

// The number in front of which `mark` stands.
std::optional<int> number_behind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + mark.size());
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} ? std::optional(number) : std::nullopt;
}

// "20261121 122213.302 New socket 7 for 127.0.0.1:40001, port 40001". What a broker sends may be in such a line too, but never
// at its beginning.
void Desk::said(MQTTASYNC_TRACE_LEVELS, char* line) {
  constexpr std::size_t time_stamp = 20;
  std::string_view text(line);
  text.remove_prefix(std::min(time_stamp, text.size()));
  if (text.starts_with("Connect pending")) return desk().pending();
  if (!text.starts_with("New socket ")) return;
  const auto target = number_behind(text, "New socket "), port = number_behind(text, ", port ");
  if (target && port) desk().opened(*target, static_cast<std::uint16_t>(*port));
}

}  // namespace

Expected<Handover> Handover::prepare(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);  // NOLINT(hicpp-signed-bitwise)
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const address = reinterpret_cast<sockaddr*>(&at);  // as the socket API wants it
  const int holder = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (holder < 0 || ::bind(holder, address, size) != 0 || ::getsockname(holder, address, &size) != 0) {
    const std::string why = std::strerror(errno);
    if (holder >= 0) ::close(holder);
    ::close(fd);
    return fail(Code::unavailable, "no port of 127.0.0.1 can be held: " + why);
  }
  const std::uint16_t port = ntohs(at.sin_port);
  desk().add(port, fd);
  return Handover(holder, port);
}

Handover::Handover(Handover&& other) noexcept : holder_(std::exchange(other.holder_, -1)), port_(other.port_) {}

Handover::~Handover() {
  if (holder_ < 0) return;
  desk().remove(port_);
  ::close(holder_);
}

std::string Handover::uri() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

}  // namespace platen::channel
