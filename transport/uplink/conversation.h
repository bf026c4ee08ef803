// What the agent says on one stream, and what it makes of the answers. Pure: no sockets, no clock, no threads.
//
//   Source   the rules at the head of proto/platen/v1/uplink.proto.
//   Use      write what next() gives, one message at a time; take() what comes; hang up when either gives an Error or
//            deadline() passes without a word. A new stream is a new Conversation.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "transport/uplink/pace.h"
#include "transport/uplink/packing.h"
#include "transport/uplink/uplink.h"

namespace platen::v1 {
class Ack;
class AgentMessage;
class CloudMessage;
class Refusal;
class TaskList;
class Welcome;
}  // namespace platen::v1

namespace platen::uplink {

class Conversation {
 public:
  // `careful`: one record a batch, so that a refusal names the one. `orders`: nullptr when tasks are nobody's business.
  Conversation(const Options& options, Source& source, MonotonicTime now, bool careful = false,
               Orders* orders = nullptr);

  // The next message into `message`; false: nothing to say now. An Error ends the stream.
  [[nodiscard]] Expected<bool> next(MonotonicTime now, v1::AgentMessage& message);
  [[nodiscard]] Expected<void> take(const v1::CloudMessage& message, MonotonicTime now);
  // Hands what was acknowledged since the last call to the source, in one go.
  void settle();
  // An Error when the cloud has been silent for too long.
  [[nodiscard]] Expected<void> check_alive(MonotonicTime now) const;
  [[nodiscard]] MonotonicTime deadline() const;  // when next() or check_alive() may change their mind by themselves

  [[nodiscard]] bool welcomed() const { return welcomed_; }
  [[nodiscard]] bool progressed() const { return progressed_; }  // a record was acknowledged on this stream
  // The cloud has another history of this epoch than this ledger. Nothing of it may be sent any more: the ledger's own
  // records would pass for stored.
  struct Broken {
    Break why = Break::forked;
    std::uint64_t missing = 0;
  };
  [[nodiscard]] const std::optional<Broken>& broken() const { return broken_; }
  // The record that the cloud refused, or the only one that can be meant; 0: none.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] bool removed() const { return removed_; }  // the cloud says that this agent was
  [[nodiscard]] bool refused_something() const { return refused_something_; }
  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] const std::optional<CloudTime>& cloud_time() const { return cloud_time_; }

 private:
  [[nodiscard]] Expected<void> take_welcome(const v1::Welcome& welcome);
  [[nodiscard]] Expected<void> take_refusal(const v1::Refusal& refusal);
  [[nodiscard]] Error break_off(Break why, std::uint64_t missing, std::string text);
  void take_ack(const v1::Ack& ack);
  void take_tasks(const v1::TaskList& list);
  [[nodiscard]] bool next_about_tasks(MonotonicTime now, v1::AgentMessage& message);
  [[nodiscard]] bool next_preview(v1::AgentMessage& message);
  [[nodiscard]] bool waits_its_turn(MonotonicTime now);
  [[nodiscard]] Expected<bool> next_batch(MonotonicTime now, v1::AgentMessage& message);
  void say_hello(v1::AgentMessage& message);

  const Options& options_;
  Source& source_;
  Orders* const orders_;
  MonotonicTime next_poll_;
  Packer packer_;
  const std::string epoch_;
  std::uint64_t newest_at_hello_ = 0, first_at_hello_ = 1;
  const bool careful_;
  std::uint64_t careful_through_ = 0;
  bool greeted_ = false, welcomed_ = false, progressed_ = false, refused_something_ = false, removed_ = false;
  std::optional<Broken> broken_;
  std::uint64_t refused_ = 0;
  std::uint64_t sent_ = 0, acknowledged_ = 0, settled_ = 0;
  std::deque<std::uint64_t> in_flight_;  // the last seq of each batch that waits for its Ack
  std::uint64_t heartbeats_ = 0;
  MonotonicTime last_heard_, next_heartbeat_;
  std::optional<CloudTime> cloud_time_;
  // History is what is not above newest_at_hello_.
  Pace pace_;
  std::optional<MonotonicTime> turn_at_;  // history waits until then
  bool previews_ = false;
  std::uint64_t previewed_ = 0, preview_top_ = 0, preview_before_ = 0;  // before 0: no round is under way
};

}  // namespace platen::uplink
