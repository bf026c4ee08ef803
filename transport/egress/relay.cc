#include "transport/egress/relay.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace platen::egress {
namespace {

constexpr std::size_t capacity = 16'384;  // a TLS record

// Octets on their way in one direction.
class Buffer {
 public:
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] std::span<char> room() { return std::span(octets_).subspan(end_); }
  [[nodiscard]] std::span<const char> content() const { return std::span(octets_).subspan(begin_, end_ - begin_); }
  void arrived(std::size_t count) { end_ += count; }
  [[nodiscard]] std::string_view text() const { return {content().data(), content().size()}; }
  void become(std::string_view octets) {
    begin_ = end_ = 0;
    put(octets);
  }
  void put(std::string_view octets) {  // beyond the capacity too, until it is empty again
    if (octets_.size() - end_ < octets.size()) octets_.resize(end_ + octets.size());
    std::copy(octets.begin(), octets.end(), octets_.begin() + static_cast<std::ptrdiff_t>(end_));
    end_ += octets.size();
  }
  void left(std::size_t count) {
    begin_ += count;
    if (begin_ != end_) return;
    begin_ = end_ = 0;
    octets_.resize(capacity);
  }

 private:
  std::vector<char> octets_ = std::vector<char>(capacity);
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace

// Moves what can be moved, and says what to wait for when nothing can.
class Relay::Pump {
 public:
  Pump(Connection& outside, int inside, Wrapping* wrapping) : outside_(outside), inside_(inside), wrapping_(wrapping) {}

  // Each of the four moves once; false: nothing could.
  bool move() {
    waits_inside_ = waits_outside_ = 0;
    const bool in = take_in(), out = send_out(), back = take_back(), home = send_home();
    return in || out || back || home;
  }
  [[nodiscard]] bool over() const {
    return broken_ || (inside_closed_ && up_.empty()) || (outside_closed_ && down_.empty());
  }
  [[nodiscard]] bool broken_outside() const { return broken_outside_; }
  [[nodiscard]] const std::string& nonsense() const {
    return nonsense_;
  }  // what the peer sent that is none of its protocol

  void wait(int bell) const {
    std::array<pollfd, 3> all = {{{waits_inside_ != 0 ? inside_ : -1, waits_inside_, 0},
                                  {waits_outside_ != 0 ? outside_.fd() : -1, waits_outside_, 0},
                                  {bell, POLLIN, 0}}};
    ::poll(all.data(), all.size(), -1);
  }

 private:
  bool take_in() {
    if (inside_closed_ || !up_.empty()) return false;
    const ssize_t count = ::recv(inside_, up_.room().data(), up_.room().size(), MSG_DONTWAIT);
    if (count > 0) {
      up_.arrived(static_cast<std::size_t>(count));
      if (wrapping_ != nullptr) up_.become(wrapping_->wrap(up_.text()));
      return true;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return waits_inside_ |= POLLIN, false;
    return inside_closed_ = true;
  }
  bool send_out() {
    if (up_.empty()) return false;
    std::size_t count = 0;
    return went_on(outside_.write(up_.content(), count)) && (up_.left(count), true);
  }
  bool take_back() {
    if (outside_closed_ || !down_.empty() || up_.content().size() > capacity) return false;
    std::size_t count = 0;
    if (!went_on(outside_.read(down_.room(), count))) return false;
    down_.arrived(count);
    return wrapping_ == nullptr || unwrap();
  }
  bool unwrap() {
    std::string answer;
    auto content = wrapping_->unwrap(down_.text(), answer);
    up_.put(answer);
    down_.become(content ? *content : "");
    if (!content) nonsense_ = content.error().text, broken_ = broken_outside_ = true;
    return true;
  }
  bool send_home() {
    if (down_.empty()) return false;
    const std::span<const char> octets = down_.content();
    const ssize_t count = ::send(inside_, octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) return down_.left(static_cast<std::size_t>(count)), true;
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return waits_inside_ |= POLLOUT, false;
    return broken_ = true;
  }
  bool went_on(Connection::Io io) {
    if (io == Connection::Io::wants_read) waits_outside_ |= POLLIN;
    if (io == Connection::Io::wants_write) waits_outside_ |= POLLOUT;
    if (io == Connection::Io::closed) outside_closed_ = true;
    if (io == Connection::Io::broken) broken_ = broken_outside_ = true;
    return io == Connection::Io::moved;
  }

  Connection& outside_;
  const int inside_;
  Wrapping* const wrapping_;
  std::string nonsense_;
  Buffer up_, down_;
  short waits_inside_ = 0, waits_outside_ = 0;
  bool inside_closed_ = false, outside_closed_ = false, broken_ = false, broken_outside_ = false;
};

Expected<std::unique_ptr<Relay>> Relay::start(std::unique_ptr<Connection> connection,
                                              std::unique_ptr<Wrapping> wrapping) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()) != 0)
    return fail(Code::unavailable, std::string("no socket pair: ") + std::strerror(errno));
  const int bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return std::unique_ptr<Relay>(new Relay(std::move(connection), std::move(wrapping), pair[0], pair[1], bell));
}

Relay::Relay(std::unique_ptr<Connection> connection, std::unique_ptr<Wrapping> wrapping, int inner, int outer, int bell)
    : connection_(std::move(connection)),
      wrapping_(std::move(wrapping)),
      inner_(inner),
      outer_(outer),
      bell_(bell),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Relay::~Relay() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  ::close(inner_);
  ::close(bell_);
  if (outer_ >= 0) ::close(outer_);
}

int Relay::take() { return std::exchange(outer_, -1); }

std::optional<Trouble> Relay::trouble() const {
  const std::lock_guard guard(mutex_);
  return trouble_;
}

void Relay::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { ::eventfd_write(bell_, 1); });
  Pump pump(*connection_, inner_, wrapping_.get());
  while (!pump.over() && !stop.stop_requested()) {
    if (!pump.move() && !pump.over()) pump.wait(bell_);
  }
  if (pump.broken_outside() && !stop.stop_requested()) {
    const std::lock_guard guard(mutex_);
    trouble_ = connection_->trouble();
    if (!pump.nonsense().empty()) trouble_->fault = Fault::strange_answer, trouble_->facts.detail = pump.nonsense();
  }
  connection_->finish();
  ::shutdown(inner_, SHUT_RDWR);
}

}  // namespace platen::egress
