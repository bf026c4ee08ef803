// What Paho's threads and others leave for the thread of the client, and how it waits for that. For this room only.
//
//   Limits   `most_waiting` messages in, as many out. Who brings more waits `patience` for room, which holds the broker up, and then
//            the message is dropped and counted.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "transport/command/session.h"

namespace platen::channel {

class Mailbox {
 public:
  static constexpr std::chrono::milliseconds patience{20};

  void open();  // a new connection: what came on the old one is forgotten
  void came(Message message);
  bool goes(Message message);  // false: not now
  void lost(std::string why);
  void subscribed(Expected<void> how);

  struct Content {
    std::deque<Message> in, out;
    std::uint64_t dropped = 0;  // since the last time
    std::optional<std::string> lost;
    std::optional<Expected<void>> subscribed;
  };
  void answered();  // look again whether there is room outside
  // Waits until there is something, `until`, or a stop. What goes out stays while `room` says no.
  [[nodiscard]] Content take(MonotonicTime until, const std::stop_token& stop, const std::function<bool()>& room);
  void close();  // what goes is refused from now on

 private:
  std::mutex mutex_;
  std::condition_variable_any something_, room_;
  Content content_;
  bool open_ = false;
};

}  // namespace platen::channel
