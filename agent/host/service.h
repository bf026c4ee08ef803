// A program as a service: start, reload, stop and the watchdog, in the words of the program.
//
//   Source   systemd: sd_notify(3), systemd.service(5) Type=notify. Without a service manager it simply runs in the
//   foreground.
//   Signals  SIGTERM and SIGINT ask the body to stop, once; a second one ends the process at once. SIGHUP
//   asks it to reload.
//   Effects  run_service() blocks these signals for all threads made after it was called, and
//   ignores SIGPIPE.
//            Call it before any other thread exists.
#pragma once

#include <stop_token>
#include <string_view>

#include "base/expected.h"

namespace platen::host {

// Told by the body; callable from any thread.
class ServiceManager {
 public:
  virtual ~ServiceManager() = default;
  virtual void ready() = 0;     // the start was good
  virtual void reloaded() = 0;  // the reload that reload() asked for is over, well or not
  // The main job has moved on. This, and no timer, feeds the watchdog: a body that hangs is restarted.
  virtual void progress() = 0;
  virtual void status(std::string_view line) = 0;  // one line for `systemctl status`
};

class ServiceBody {
 public:
  virtual ~ServiceBody() = default;
  [[nodiscard]] virtual Expected<void> run(std::stop_token stop, ServiceManager& manager) = 0;
  virtual void reload() = 0;  // from another thread; asks only, never blocks
};

enum class Ended { by_itself, terminated, interrupted /*SIGINT*/ };

[[nodiscard]] Expected<Ended> run_service(ServiceBody& body);

}  // namespace platen::host
