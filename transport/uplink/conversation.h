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
#include "transport/uplink/packing.h"
#include "transport/uplink/uplink.h"

namespace platen::v1 {
class Ack;
class AgentMessage;
class CloudMessage;
class Welcome;
}  // namespace platen::v1

namespace platen::uplink {

class Conversation {
 public:
  Conversation(const Options& options, Source& source, MonotonicTime now);

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
  // The cloud knows records of this epoch that this ledger never made. Nothing of this epoch may be sent any more: once
  // the ledger has grown past that point, its own records would pass for stored.
  [[nodiscard]] bool forked() const { return forked_; }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  [[nodiscard]] Expected<void> take_welcome(const v1::Welcome& welcome);
  void take_ack(const v1::Ack& ack);
  [[nodiscard]] Expected<bool> next_batch(v1::AgentMessage& message);
  void say_hello(v1::AgentMessage& message);

  const Options& options_;
  Source& source_;
  Packer packer_;
  const std::string epoch_;
  std::uint64_t newest_at_hello_ = 0;
  bool greeted_ = false, welcomed_ = false, progressed_ = false, forked_ = false;
  std::uint64_t sent_ = 0, acknowledged_ = 0, settled_ = 0;
  std::deque<std::uint64_t> in_flight_;  // the last seq of each batch that waits for its Ack
  std::uint64_t heartbeats_ = 0;
  MonotonicTime last_heard_, next_heartbeat_;
};

}  // namespace platen::uplink
