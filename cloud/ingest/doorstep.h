// Where connections come in when a front end stands before ingest: it takes off the line in which the front end says whose
// connection this is, remembers that, and hands on what follows, which is TLS.
//
//   Source   proxy_line.h. A front end must write the line, as the protocol wants it: a connection of one without it is
//            closed. Nobody else is asked for one, nor believed.
//   Limits   five seconds for the line; 1,024 connections without one, then the oldest is closed. What is remembered is one
//            address for each address and port of a front end.
//   Errors   open: those of listen_at(); Code::invalid: a front end that is no address.
//   Threads  one of its own, from start() to stop(); whose() from any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/expected.h"

namespace platen::cloud {

class Doorstep {
 public:
  using Enter = std::function<void(int fd)>;  // whose descriptor it is from then on; it does not block

  // It listens when this returns, and answers nobody before start().
  [[nodiscard]] static Expected<std::unique_ptr<Doorstep>> open(const std::string& address,
                                                                std::span<const std::string> front_ends);
  virtual ~Doorstep() = default;  // stops
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  virtual void start(Enter enter) = 0;
  virtual void stop() = 0;  // harmless when repeated
  // Who is behind the connection from there: `address` itself when no front end said otherwise.
  [[nodiscard]] virtual std::string whose(const std::string& address, const std::string& port) const = 0;
};

}  // namespace platen::cloud
