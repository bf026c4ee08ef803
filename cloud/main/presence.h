// Who is at the broker of commands, as the broker says: for people to see, and nothing is decided by it.
//
//   Word     What a broker says of an agent while the cloud is connected is live: "online", or "offline", which it says itself
//            when an agent is gone without a farewell (its last will). What it remembers from before is told apart: a broker that
//            was restarted remembers agents that are not back yet.
//   Unknown  while the cloud is not at the broker, when it was told more than it could take, and 30 s after the server was last
//            seen to keep the file. Then nothing is said at all.
//   Shapes   presence.txt in the data folder: "as-of MS", then a line for each agent: its name, "online" or "offline", "live" or
//            "remembered", and since when, in Unix milliseconds.
//   Threads  PresenceFile: any.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::cloud {

struct Presence {
  bool online = false, remembered = false;
  WallTime since{};  // when the cloud heard of it
  friend bool operator==(const Presence&, const Presence&) = default;
};
using Presences = std::map<std::string, Presence, std::less<>>;

[[nodiscard]] std::string_view word_of(const Presence& presence);  // "online", "was online", …
[[nodiscard]] std::string presences_text(const Presences& all, WallTime as_of);
[[nodiscard]] Presences presences_of(std::string_view text, WallTime now);  // none where nothing can be made of it
[[nodiscard]] Presences read_presences(const std::string& file, WallTime now);

class PresenceFile {
 public:
  explicit PresenceFile(std::string path);
  ~PresenceFile();
  PresenceFile(const PresenceFile&) = delete;
  PresenceFile& operator=(const PresenceFile&) = delete;

  void connected();  // to the broker: from now on it tells
  void unknown();    // until it tells anew
  void heard(const std::string& agent, bool online, bool remembered, WallTime now);
  // Writes what has changed; to be called every second.
  [[nodiscard]] Expected<void> keep(WallTime now);

 private:
  const std::string path_;
  std::mutex mutex_;
  bool connected_ = false, changed_ = false;
  Presences all_;
  WallTime written_{};
};

}  // namespace platen::cloud
