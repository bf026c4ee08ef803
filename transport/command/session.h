// One MQTT connection: Paho's client on a descriptor, from CONNECT to its end. It is never connected a second time. For this
// room only.
//
//   Never    Paho's offline buffer, its reconnect, its persistence.
//   Limits   `most_unanswered` own messages wait for their PUBACK; what is beyond is refused to the caller.
//   One      a process: Paho's library starts and ends with its clients, and two at once have crashed it.
//   Threads  Ears are called from Paho's thread, one at a time; it reads nothing else meanwhile. The rest: one at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/secret.h"

namespace platen::channel {

struct Message {
  std::string topic = {}, payload = {};
  bool retained = false;
  std::chrono::seconds expires{0};  // MQTT 5: forgotten by the broker after that; 0: never
};

struct Subscription {
  std::string filter;
  int qos = 1;  // 0 for what is told again anyway: brokers hold a bounded number of the others
};

enum class Version { v311 = 4, v5 = 5 };
[[nodiscard]] std::string_view name_of(Version version);

// How to sign in.
struct Hello {
  std::string client_id, user = {};
  Secret password = {};
  std::optional<Message> will = {};
  std::chrono::seconds session{0};  // what the broker keeps it for; 0: it ends with the connection
};

struct Ears {
  std::function<void(Message)> message;
  std::function<void(std::string why)> lost;  // "": the broker gave no reason
  std::function<void(Expected<void>)> subscribed;
  std::function<void()> answered;  // there is room for another message
};

struct Refusal {
  Error why;
  bool version = false;  // another MQTT version may be welcome
  bool said = false;     // the broker said that it is the version; otherwise it hung up without a word
};

class Session {
 public:
  static constexpr int most_unanswered = 256;
  static constexpr std::chrono::seconds keep_alive{45};  // below the minute after which proxies cut quiet connections

  // Takes `fd`. Waits for CONNACK.
  [[nodiscard]] static Expected<std::unique_ptr<Session>, Refusal> open(int fd, Version version, const Hello& hello,
                                                                        Ears ears, std::chrono::milliseconds patience,
                                                                        const std::stop_token& stop);
  virtual ~Session() = default;  // ends the connection; without close() the broker publishes the will
  virtual void subscribe(const std::vector<Subscription>& wanted) = 0;  // answered by Ears::subscribed
  [[nodiscard]] virtual bool has_room() const = 0;
  virtual void publish(const Message& message) = 0;            // QoS 1; without room it is dropped
  virtual void close(std::chrono::milliseconds patience) = 0;  // in good order
};

}  // namespace platen::channel
