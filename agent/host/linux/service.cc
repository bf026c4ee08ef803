#include "agent/host/service.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "agent/host/linux/manager_socket.h"

namespace platen::host {
namespace {

using std::chrono::microseconds;

microseconds since_boot() {  // the clock that systemd compares with
  return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

class Systemd final : public ServiceManager {
 public:
  Systemd() {
    if (const auto limit = watchdog_limit()) feed_every_ = *limit / 4;
  }
  void ready() override { tell_manager("READY=1"); }
  void reloaded() override { tell_manager("READY=1"); }
  void reloading() { tell_manager(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", since_boot().count())); }
  void stopping() { tell_manager("STOPPING=1"); }
  void status(std::string_view line) override { tell_manager(fmt::format("STATUS={}", line)); }
  void progress() override {
    if (feed_every_ == microseconds::zero()) return;
    const std::int64_t now = since_boot().count();
    std::int64_t fed = fed_.load();
    if (now - fed >= feed_every_.count() && fed_.compare_exchange_strong(fed, now)) tell_manager("WATCHDOG=1");
  }

 private:
  microseconds feed_every_{0};
  std::atomic<std::int64_t> fed_{0};
};

// A file descriptor that closes itself; -1 when it could not be had.
struct Fd {
  explicit Fd(int made) : number(made) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (number >= 0) ::close(number);
  }
  int number;
};

::sigset_t set_of(std::initializer_list<int> signals) {
  ::sigset_t set;
  ::sigemptyset(&set);
  for (const int each : signals) ::sigaddset(&set, each);
  return set;
}

// Turns signals into calls, on a thread of its own, until `done` becomes readable.
class Listener {
 public:
  Listener(ServiceBody& body, Systemd& manager, int signals, int done)
      : body_(body), manager_(manager), signals_(signals), done_(done) {}

  void listen() {
    std::array<::pollfd, 2> wait = {{{signals_, POLLIN, 0}, {done_, POLLIN, 0}}};
    while (::poll(wait.data(), wait.size(), -1) >= 0 || errno == EINTR) {
      if (wait[1].revents != 0) return;
      ::signalfd_siginfo signal = {};
      if (wait[0].revents != 0 && ::read(signals_, &signal, sizeof signal) == sizeof signal) {
        take(static_cast<int>(signal.ssi_signo));
      }
    }
  }
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] Ended ended() const { return ended_; }

 private:
  void take(int signal) {
    if (signal == SIGHUP) {
      manager_.reloading();
      return body_.reload();
    }
    ended_ = signal == SIGINT ? Ended::interrupted : Ended::terminated;
    const ::sigset_t ends = set_of({SIGTERM, SIGINT});
    ::pthread_sigmask(SIG_UNBLOCK, &ends, nullptr);  // the next one does what it always does
    manager_.stopping();
    stop_.request_stop();
  }

  ServiceBody& body_;
  Systemd& manager_;
  int signals_, done_;
  std::stop_source stop_;
  std::atomic<Ended> ended_{Ended::by_itself};
};

}  // namespace

Expected<Ended> run_service(ServiceBody& body) {
  const ::sigset_t ours = set_of({SIGTERM, SIGINT, SIGHUP});
  ::sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &ours, &before);
  ::signal(SIGPIPE, SIG_IGN);
  const Fd signals(::signalfd(-1, &ours, SFD_CLOEXEC)), done(::eventfd(0, EFD_CLOEXEC));
  if (signals.number < 0 || done.number < 0) {
    return fail(Code::unavailable,
                "cannot listen for signals: no file descriptors left; raise the limit of open files");
  }
  Systemd manager;
  Listener listener(body, manager, signals.number, done.number);
  std::jthread thread([&listener] { listener.listen(); });
  Expected<void> result = body.run(listener.token(), manager);
  const std::uint64_t one = 1;
  while (::write(done.number, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread.join();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!result) return fail(std::move(result.error()));
  return listener.ended();
}

}  // namespace platen::host
