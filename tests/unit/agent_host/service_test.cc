#include "agent/host/service.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <mutex>

using namespace platen;  // NOLINT: a test
using host::Ended;

namespace {

constexpr std::chrono::seconds deadline{10};

// What systemd listens on; the environment names it while this lives.
class NotifySocket {
 public:
  NotifySocket()
      : path_(std::filesystem::temp_directory_path() / ("platen-notify-" + std::to_string(::getpid()))),
        fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    ::sockaddr_un name = {};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path_.c_str(), sizeof name.sun_path - 1);
    REQUIRE(::bind(fd_, reinterpret_cast<const ::sockaddr*>(&name), sizeof name) == 0);
    const ::timeval patience = {deadline.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "4", 1);  // four microseconds: every progress is worth telling
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;
  ~NotifySocket() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::close(fd_);
    std::filesystem::remove(path_);
  }
  std::string heard() {
    std::array<char, 512> text{};
    const ssize_t count = ::recv(fd_, text.data(), text.size(), 0);
    const std::string all = count < 0 ? "(nothing)" : std::string(text.data(), static_cast<std::size_t>(count));
    return all.substr(0, all.find('\n'));
  }

 private:
  std::filesystem::path path_;
  int fd_;
};

class Body final : public host::ServiceBody {
 public:
  explicit Body(std::function<Expected<void>(Body&, std::stop_token, host::ServiceManager&)> run)
      : run_(std::move(run)) {}
  Expected<void> run(std::stop_token stop, host::ServiceManager& manager) override {
    return run_(*this, stop, manager);
  }
  void reload() override {
    const std::lock_guard hold(mutex_);
    ++reloads_, changed_.notify_all();
  }
  bool wait_reload() {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, deadline, [&] { return reloads_ > 0; });
  }
  bool wait_stop(const std::stop_token& stop) {
    std::stop_callback wake(stop, [&] {
      const std::lock_guard hold(mutex_);
      changed_.notify_all();
    });
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, deadline, [&] { return stop.stop_requested(); });
  }

 private:
  std::function<Expected<void>(Body&, std::stop_token, host::ServiceManager&)> run_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int reloads_ = 0;
};

}  // namespace

TEST_CASE("start, progress, reload and stop are told to systemd in their order") {
  NotifySocket systemd;
  Body body([](Body& self, std::stop_token stop, host::ServiceManager& manager) -> Expected<void> {
    manager.ready();
    manager.progress();
    manager.status("2 printers");
    ::kill(::getpid(), SIGHUP);
    CHECK(self.wait_reload());
    manager.reloaded();
    ::kill(::getpid(), SIGTERM);
    CHECK(self.wait_stop(stop));
    return {};
  });
  CHECK(host::run_service(body) == Ended::terminated);
  for (const char* expected : {"READY=1", "WATCHDOG=1", "STATUS=2 printers", "RELOADING=1", "READY=1", "STOPPING=1"}) {
    CHECK(systemd.heard() == expected);
  }
}

TEST_CASE("without a service manager it runs in the foreground, and Ctrl-C ends it") {
  Body body([](Body& self, std::stop_token stop, host::ServiceManager& manager) -> Expected<void> {
    manager.ready();
    manager.progress();
    ::kill(::getpid(), SIGINT);
    CHECK(self.wait_stop(stop));
    return {};
  });
  CHECK(host::run_service(body) == Ended::interrupted);
}

TEST_CASE("a body that ends or fails by itself ends the service") {
  Body good([](Body&, std::stop_token, host::ServiceManager&) -> Expected<void> { return {}; });
  CHECK(host::run_service(good) == Ended::by_itself);
  Body bad(
      [](Body&, std::stop_token, host::ServiceManager&) -> Expected<void> { return fail(Code::conflict, "taken"); });
  CHECK(host::run_service(bad).error() == Error{Code::conflict, "taken"});
}
