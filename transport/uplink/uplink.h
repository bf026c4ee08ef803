// The agent's way to the cloud: gRPC over TLS >= 1.2 with a client certificate; sends from a source, hands back
// acknowledgements.
//
//   Way      through the door (transport/egress). Where HTTP/2 does not get through, the same messages go as HTTP/1.1
//            requests, signed with the same key, until HTTP/2 does (ladder.h).
//   Source   proto/platen/v1/uplink.proto. gRPC never resends a broken stream: after a reconnect we go on from what the
//   cloud
//            says it has stored.
//   Trouble  an epoch of which the cloud has another history is given up at once; a second one without a word of success
//            in between waits for a person. A record that the cloud refuses five times is parked.
//   History  what waited when the stream began goes at `history_rate` records a second, with jitter. When it takes longer than
//            a moment, copies of the newest readings of each printer go ahead of it, and each new one at once (previews).
//   Limits   at most `window` batches wait for their Ack; back-off with full jitter, 1 s to 120 s; a heartbeat each
//   way, and a cloud
//            that is silent for three heartbeats is dropped and dialled again.
//   Threads  run() blocks on its own thread until `stop`; Source is called from that thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"

namespace platen::egress {
class Door;
}
namespace platen::wire {
struct TaskState;
}

namespace platen::uplink {

inline constexpr int silent_heartbeats = 3;  // then the cloud counts as gone

struct Options {
  std::string address;   // "cloud.example:443"
  std::string agent_id;  // must equal the CN of the certificate
  std::string agent_version;
  std::string instance = {};  // of this process; "": one is made
  std::string roots_pem, certificate_pem;
  Secret key_pem;
  std::size_t batch_octets = 262'144;           // 256 KiB
  std::size_t window = 16;                      // batches in flight
  std::size_t history_rate = 1'000;             // records a second of what waited
  std::chrono::milliseconds heartbeat{30'000};  // three of them unanswered: within 120 s a dead cloud is noticed
  std::chrono::milliseconds backoff_first{1'000}, backoff_longest{120'000};
  std::chrono::milliseconds climb_first{300'000}, climb_longest{21'600'000};  // between two tries of HTTP/2
  std::chrono::milliseconds poll{60'000};                                     // between two looks at the list of tasks
  std::chrono::milliseconds patience{15'000};                                 // for one dial
  std::shared_ptr<const egress::Door> door = {};  // nullptr: straight to `address`, and nowhere else
};

struct Outgoing {
  std::uint64_t seq = 0;
  std::string kind;
  std::string octets;
  std::uint64_t first = {};  // withheld records stand for first..seq; 0: for seq alone
  std::string hash = {};     // of the chain at seq (proto/chain.h); "": not said
  std::string origins = {};  // serialised platen.v1.Origins
  std::string series = {};   // records of one series resemble each other, and travel as differences; "": none
};

// Why the numbers of an epoch cannot be used any more.
enum class Break {
  forked,     // the cloud has other records under them: the ledger was restored or cloned
  cloud_lost  // the cloud no longer has what it had acknowledged
};

// What the uplink needs from whoever owns the records, in the uplink's words.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual std::string epoch() = 0;
  [[nodiscard]] virtual std::uint64_t first_kept() = 0;
  [[nodiscard]] virtual std::uint64_t newest() = 0;
  // The chain's hash at `seq`; "" when it is not known.
  [[nodiscard]] virtual std::string hash_at(std::uint64_t seq) = 0;
  // Nothing when the epoch is over.
  [[nodiscard]] virtual std::vector<Outgoing> after(const std::string& epoch, std::uint64_t seq,
                                                    std::size_t max_octets) = 0;
  // Copies of the newest reading of each printer and kind, of those between the two numbers, newest first. Empty: no more.
  [[nodiscard]] virtual std::vector<Outgoing> newest_of_each(const std::string& epoch, std::uint64_t after,
                                                             std::uint64_t before, std::size_t max_octets) = 0;
  virtual void acknowledged(const std::string& epoch, std::uint64_t through_seq) = 0;
  // The cloud refused this record again and again: out of the way with it.
  virtual void park(const std::string& epoch, std::uint64_t seq, const std::string& why) = 0;
  // What is not acknowledged goes on in another epoch; `missing` records are lost for good.
  virtual void begin_epoch(const std::string& epoch, Break why, std::uint64_t missing) = 0;
};

// Who takes the cloud's orders, in the uplink's words. The list is asked for after each Welcome, every Options::poll, and when
// it is wanted; it may also come unasked.
class Orders {
 public:
  virtual ~Orders() = default;
  [[nodiscard]] virtual std::vector<std::string> have() = 0;  // ids that the list need not hold
  [[nodiscard]] virtual bool wants_list() = 0;                // asked often; true once for each reason
  virtual void heard(const CloudTime& cloud) = 0;             // each time that the cloud says what time it is
  // Serialised SignedTasks, at most 64, as hostile as the way here.
  virtual void take_list(const std::vector<std::string>& signed_tasks) = 0;
  [[nodiscard]] virtual std::optional<wire::TaskState>
  next_state() = 0;  // what people may see, if there is something new
};

struct State {
  bool connected = false;
  std::string last_error;  // "" when none; in plain words
  std::uint64_t acknowledged = 0;
  std::uint64_t reconnects = 0;
  bool removed = false;            // the cloud says that this agent was; it is asked again in half an hour to an hour
  std::string_view protocol = {};  // "HTTP/2" or "HTTP/1.1", as of the last connection; "": none yet
  std::optional<CloudTime> cloud_time = {};  // as last heard: in Welcome and in each Heartbeat's answer
};

class Uplink {
 public:
  // `orders`, when there are any, is called from run()'s thread.
  [[nodiscard]] static Expected<std::unique_ptr<Uplink>> make(Options options, Source& source,
                                                              Orders* orders = nullptr);
  virtual ~Uplink() = default;
  virtual void run(std::stop_token stop) = 0;
  virtual void wake() = 0;  // from any thread: there may be something new to send
  [[nodiscard]] virtual State state() const = 0;
  virtual void on_change(std::function<void(const State&)> told) = 0;  // before run(); for the log
};

}  // namespace platen::uplink
