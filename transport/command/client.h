// Keeps one MQTT connection alive: dials, signs in, subscribes, hands messages over, hangs up, waits, dials again. What is
// said on it is a Dialect's. For this room only.
//
//   Threads  run() calls the Dialect, and nobody else does. Everything else: from any thread.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "transport/command/channel.h"
#include "transport/command/session.h"
#include "transport/egress/endpoint.h"
#include "transport/egress/tls.h"

namespace platen::channel {

class Dialect {
 public:
  virtual ~Dialect() = default;
  [[nodiscard]] virtual Hello hello(WallTime now) = 0;
  // The connection is made anew after that; 0: never for that reason. `chance` in [0, 1).
  [[nodiscard]] virtual std::chrono::milliseconds lifetime(double chance) const = 0;
  [[nodiscard]] virtual bool speaks(Version version) const = 0;
  [[nodiscard]] virtual std::vector<Subscription> topics() const = 0;
  [[nodiscard]] virtual std::vector<Message> greeting() = 0;  // once subscribed
  [[nodiscard]] virtual std::vector<Message> farewell() = 0;  // before a stop
  enum class Taken { handed_over, understood, unknown };
  [[nodiscard]] virtual Taken take(Message message, std::vector<Message>& answers) = 0;
  virtual void missed_some() = 0;  // messages were dropped: there were too many
  // Called after everything else; when to be called again at the latest.
  [[nodiscard]] virtual MonotonicTime tend(MonotonicTime now) = 0;
};

struct Route {
  std::string purpose;  // "commands": for the log
  egress::Endpoint to;
  std::string path;  // of the WebSocket; "": plain MQTT, without TLS, for a broker on this host
  egress::Tls tls;
  Patience patience = {};
  std::shared_ptr<const egress::Door> door;
};

class Client {
 public:
  Client(Route route, Dialect& dialect);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  void run(const std::stop_token& stop);
  // False: there is no connection, or too much waits to be sent. Never kept for another connection.
  bool say(Message message);
  [[nodiscard]] State state() const;
  void on_change(std::function<void(const State&)> told);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace platen::channel
