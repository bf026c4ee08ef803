// The quick way for tasks: a message broker tells the agent at once what polling would tell it a little later.
//
//   Trust    none in the broker: what it hands over is octets, which agent/tasks checks (proto/platen/v1/tasks.proto).
//   Promise  none: a command may come twice, late, or never. Polling is the truth; this only makes it quick.
//   Way      MQTT 5 or 3.1.1 in a WebSocket on TLS, through the door (transport/egress). Nothing listens.
//   Limits   at most `most_waiting` messages are held for the taker; what is beyond becomes one "look at the list now".
//   Threads  run() blocks on its own thread until `stop`, and calls Taker from there. Everything else: from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/secret.h"

namespace platen::egress {
class Door;
}

namespace platen::channel {

inline constexpr std::size_t most_octets = 131'072;  // of one message; longer ones end the connection
inline constexpr std::size_t most_waiting = 64;

// Who takes commands, in the channel's words.
class Taker {
 public:
  virtual ~Taker() = default;
  virtual void offer(std::string octets) = 0;  // a serialised SignedTask, or anything else that somebody sent
  virtual void look_now() = 0;                 // there may be something in the list; at most once a second
};

struct State {
  bool connected = false;
  std::string_view protocol = {};  // "MQTT 5", "MQTT 3.1.1", as of the last connection; "": none yet
  std::string last_error = {};     // "" when none; in plain words
  std::uint64_t reconnects = 0;
  std::uint64_t commands = 0;  // messages that were handed over
  std::uint64_t dropped = 0;   // that were not: too many at once, or of no known topic
  friend bool operator==(const State&, const State&) = default;
};

// How long between two tries (pause.h).
struct Patience {
  std::chrono::milliseconds first{1'000};     // until there was a connection at all: doubled each time, up to `longest`
  std::chrono::milliseconds spread{120'000};  // a fleet that lost its broker comes back over this time
  std::chrono::milliseconds longest{180'000};
  std::chrono::milliseconds dial{15'000};  // name, proxy, TCP, TLS and WebSocket together; then again for MQTT
};

class CommandChannel {
 public:
  virtual ~CommandChannel() = default;
  virtual void run(std::stop_token stop) = 0;
  // A serialised TaskState (RECEIVED), sent when there is a connection, otherwise forgotten.
  virtual void say_received(std::string task_state) = 0;
  [[nodiscard]] virtual State state() const = 0;
  virtual void on_change(std::function<void(const State&)> told) = 0;  // before run(); for the log
};

// A broker that knows agents by their certificates: mosquitto, EMQX …; topics in docs/protocol.md.
struct BrokerOptions {
  std::string address;         // "broker.example:443"
  std::string path = "/mqtt";  // of the WebSocket
  std::string agent_id;        // CN of the certificate
  std::string roots_pem, certificate_pem;
  Secret key_pem;
  std::chrono::seconds session{7 * 86'400};  // how long the broker keeps what came while the agent was away
  Patience patience = {};
  std::shared_ptr<const egress::Door> door = {};
};
// `taker` outlives the channel. Errors: Code::invalid: an address, a path or a name that cannot be.
[[nodiscard]] Expected<std::unique_ptr<CommandChannel>> make_broker_channel(BrokerOptions options, Taker& taker);

// Azure IoT Hub: direct method "task", cloud-to-device messages, desired property "look".
struct AzureOptions {
  std::string address;       // "hub.azure-devices.net:443"
  std::string hub = {};      // its name in tokens; "": the host of `address`
  std::string device_id;     // as registered there
  std::string version = {};  // of this agent, reported in the twin
  Secret key = {};           // the device's shared access key, base64; empty: the certificate
  std::string roots_pem, certificate_pem = {};
  Secret key_pem = {};
  std::chrono::seconds token_life{3'600};  // the channel reconnects with a new token at four fifths of it
  Patience patience = {};
  std::shared_ptr<const egress::Door> door = {};
};
[[nodiscard]] Expected<std::unique_ptr<CommandChannel>> make_azure_channel(AzureOptions options, Taker& taker);

}  // namespace platen::channel
