// A TLS connection that the door has dialled and checked.
//
//   Use      wait for fd() to be readable or writable as read() and write() ask, then go on. Non-blocking.
//   Threads  one at a time.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "transport/egress/fault.h"
#include "transport/egress/tls.h"

namespace platen::egress {

class Connection {
 public:
  // Takes `fd`, a connected socket, and shakes hands on it.
  [[nodiscard]] static Expected<std::unique_ptr<Connection>, Trouble> open(int fd, const Tls& tls,
                                                                           const std::string& site_roots_pem,
                                                                           const std::string& host, Facts facts,
                                                                           std::chrono::milliseconds patience,
                                                                           const std::stop_token& stop);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  enum class Io { moved, wants_read, wants_write, closed /*by the peer, in good order*/, broken };
  // `count`: octets that were taken or given.
  [[nodiscard]] Io read(std::span<char> into, std::size_t& count);
  [[nodiscard]] Io write(std::span<const char> from, std::size_t& count);
  void finish();  // nothing more will be written

  void took(std::chrono::milliseconds all);  // from the beginning of the dial: for facts()
  [[nodiscard]] int fd() const;
  [[nodiscard]] const Facts& facts() const;
  [[nodiscard]] bool opened_on_the_way() const;  // its certificate is of an authority of the site
  // Why it broke, as far as the peer said: its alert about our certificate comes after the handshake.
  [[nodiscard]] Trouble trouble() const;

  // Writes `request` and reads until `enough` of what came, the end, or the deadline. For short questions.
  [[nodiscard]] Expected<std::string, Trouble> ask(std::string_view request, bool (*enough)(std::string_view),
                                                   std::size_t most_octets, std::chrono::milliseconds patience,
                                                   const std::stop_token& stop);

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace platen::egress
