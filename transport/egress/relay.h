// A TLS connection as a plain descriptor, for a library that speaks a protocol but should neither dial, nor encrypt, nor
// read proxy variables. What goes in at one end of a socket pair leaves encrypted, and back: nothing listens anywhere.
//
//   Limits   64 KiB each way are held; whoever is slow holds up the other end, and nobody else.
//   Wrapping where the two ends do not mean the same octets: frames outside, their content inside.
//   Threads  one of its own while it lives.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "transport/egress/connection.h"

namespace platen::egress {

// Called from the relay's thread only.
class Wrapping {
 public:
  virtual ~Wrapping() = default;
  [[nodiscard]] virtual std::string wrap(std::string_view octets) = 0;
  // What the peer's octets stand for; `answer` is what it is owed at once, already wrapped. An error ends the connection.
  [[nodiscard]] virtual Expected<std::string> unwrap(std::string_view octets, std::string& answer) = 0;
};

class Relay {
 public:
  // `wrapping`: nullptr: octets go as they are.
  [[nodiscard]] static Expected<std::unique_ptr<Relay>> start(std::unique_ptr<Connection> connection,
                                                              std::unique_ptr<Wrapping> wrapping = nullptr);
  ~Relay();  // ends both
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  [[nodiscard]] int take();  // the caller's end, non-blocking; once, and the caller closes it
  // Why the connection ended, when it was not in good order.
  [[nodiscard]] std::optional<Trouble> trouble() const;

 private:
  class Pump;
  Relay(std::unique_ptr<Connection> connection, std::unique_ptr<Wrapping> wrapping, int inner, int outer, int bell);
  void run(const std::stop_token& stop);

  const std::unique_ptr<Connection> connection_;
  const std::unique_ptr<Wrapping> wrapping_;
  const int inner_;
  int outer_;
  const int bell_;  // readable when it is time to stop
  mutable std::mutex mutex_;
  std::optional<Trouble> trouble_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace platen::egress
