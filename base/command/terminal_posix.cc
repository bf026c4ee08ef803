// The part of terminal.h that only POSIX has: terminals, their width, signals.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "base/command/standard_streams.h"
#include "base/command/terminal.h"

namespace platen::command {

bool is_terminal(Stream stream) { return ::isatty(static_cast<int>(stream)) == 1; }

std::size_t columns(Stream stream) {
  winsize size{};
  const bool known = ::ioctl(static_cast<int>(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

void prepare_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1) continue;
    // open() takes the lowest free number, which is fd. Write-only for stdin, read-only for the others: using it fails,
    // as it should.
    if (::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) return;
  }
}

namespace {

int wake_fd = -1;  // where the signal handler writes; one Interrupts at a time

void on_signal(int) {
  const char byte = 's';
  [[maybe_unused]] const auto written = ::write(wake_fd, &byte, 1);
}

}  // namespace

// A pipe: the handler writes 's', the destructor 'q'; a thread reads and asks to stop (request_stop is not allowed in a
// handler).
struct Interrupts::Watch {
  std::array<int, 2> pipe{-1, -1};
  struct sigaction before_int {
  }, before_term{};
  std::jthread thread;
};

Interrupts::Interrupts() : watch_(std::make_unique<Watch>()) {
  if (::pipe2(watch_->pipe.data(), O_CLOEXEC) != 0) return;  // then Ctrl-C ends the program, as without us
  wake_fd = watch_->pipe[1];
  watch_->thread = std::jthread([this] {
    char byte = 0;
    while (::read(watch_->pipe[0], &byte, 1) == 1 && byte != 'q') source_.request_stop();
  });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  ::sigaction(SIGINT, &action, &watch_->before_int);
  ::sigaction(SIGTERM, &action, &watch_->before_term);
}

Interrupts::~Interrupts() {
  if (watch_->pipe[1] == -1) return;
  ::sigaction(SIGINT, &watch_->before_int, nullptr);
  ::sigaction(SIGTERM, &watch_->before_term, nullptr);
  const char byte = 'q';
  if (::write(watch_->pipe[1], &byte, 1) == 1) watch_->thread.join();
  wake_fd = -1;
  for (const int end : watch_->pipe) ::close(end);
}

}  // namespace platen::command
