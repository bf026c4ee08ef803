// What systemd wants to hear from a service, and what it asks for: one datagram, two variables.
//
//   Source   sd_notify(3) "Notes", sd_watchdog_enabled(3): the protocol is promised to stay. libsystemd would bring six
//            more libraries into memory, decompressors among them.
//   Errors   none: without a service manager, and when it does not listen, nothing happens.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace platen::host {

// "READY=1", "STATUS=…": to the socket that NOTIFY_SOCKET names, a path or "@" and an abstract name.
void tell_manager(const std::string& state);
// How long this process may be silent; nullopt: as long as it likes.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_limit();

}  // namespace platen::host
