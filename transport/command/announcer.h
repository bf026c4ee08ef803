// The cloud's side of a generic broker: tells agents that there is something for them, and hears what they say. The broker's
// word counts for nothing: a receipt or a presence is shown to people, and decides nothing.
//
//   Way      as channel.h, with a client certificate of the cloud. To a broker on the same host better without a WebSocket
//            (ADR 36), and without TLS too where it wants none.
//   Promise  none. What could not be announced is found by polling; the broker keeps what it has for agents that are away, until
//            it expires.
//   Limits   of one agent's receipts nothing is known here: Listener checks who may say what about which task.
//   Threads  as channel.h: Listener is called from run().
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "transport/command/channel.h"

namespace platen::channel {

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void seen(const std::string& agent_id, std::string task_state) = 0;  // octets, as they came
  // `remembered`: by the broker, from before this connection.
  virtual void presence(const std::string& agent_id, bool online, bool remembered) = 0;
  virtual void missed_some() = 0;  // more came than was taken: what presence() said may be over
};

struct AnnouncerOptions {
  std::string address;         // "broker.example:443"
  std::string path = "/mqtt";  // "": MQTT without a WebSocket
  std::string client_id = "platen-cloud";
  std::string roots_pem = {};    // "": without TLS
  std::string server_name = {};  // in the broker's certificate; "": the host of `address`
  std::string certificate_pem = {};
  Secret key_pem = {};
  Patience patience = {.spread = std::chrono::seconds(2), .longest = std::chrono::seconds(10)};  // one cloud is no herd
  std::shared_ptr<const egress::Door> door = {};
};

class Announcer {
 public:
  virtual ~Announcer() = default;
  virtual void run(std::stop_token stop) = 0;
  // `signed_task`: "": look at the list now. `expires`: the broker forgets it after that. False: not now.
  virtual bool announce(std::string_view agent_id, std::string signed_task, std::chrono::seconds expires) = 0;
  [[nodiscard]] virtual State state() const = 0;
  virtual void on_change(std::function<void(const State&)> told) = 0;  // before run()
};
[[nodiscard]] Expected<std::unique_ptr<Announcer>> make_announcer(AnnouncerOptions options, Listener& listener);

}  // namespace platen::channel
