// Gives Paho a descriptor that is connected already. For this room only.
//
//   Why      Paho dials, encrypts and reads proxy variables by itself, and says of what went wrong: -1. Here the door does all
//            that; Paho speaks MQTT and nothing else, and never sees a name, a certificate or a network.
//   How      Paho is told to connect to a port of this host that is held and not listened on, and its trace callback is called
//            between its connect() and its first write, with the descriptor's number: there the good one takes its place.
//   Fails    closed: were the callback ever missed, Paho would have been refused by a port that nobody listens on.
//   Threads  any; several handovers may be under way.
#pragma once

#include <cstdint>
#include <string>

#include "base/expected.h"

namespace platen::channel {

class Handover {
 public:
  // Takes `fd`, a connected stream socket. Errors: Code::unavailable: no port is free.
  [[nodiscard]] static Expected<Handover> prepare(int fd);
  ~Handover();
  Handover(Handover&& other) noexcept;
  Handover& operator=(Handover&&) = delete;
  Handover(const Handover&) = delete;
  [[nodiscard]] std::string uri() const;  // for Paho

 private:
  Handover(int port_holder, std::uint16_t port) : holder_(port_holder), port_(port) {}
  int holder_;
  std::uint16_t port_;
};

}  // namespace platen::channel
