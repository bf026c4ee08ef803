// One way to the cloud for one conversation, from dialling to its end, without the headers of what speaks on it. It reports
// by `notify` that something changed; the owner then asks.
//
//   Rungs    dial_grpc: HTTP/2, a stream. dial_post: HTTP/1.1, a request for each message; each request begins with the
//            Hello of the conversation, whose answer is taken once.
//   Threads  Owned by one thread; notify is called on others and must only wake the owner.
//   Effects  Dialling blocks, at most for Options::patience or until `stop`. The destructor cancels what still runs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "transport/egress/tls.h"
#include "transport/uplink/ladder.h"
#include "transport/uplink/uplink.h"

namespace platen::v1 {
class AgentMessage;
class CloudMessage;
}  // namespace platen::v1

namespace platen::uplink {

// Why a stream is over, and what that says of its rung.
struct Ended {
  Error why;
  bool barred = false;  // nothing that has to do with this cloud or this agent: HTTP/2 does not get through
};

class Stream {
 public:
  virtual ~Stream() = default;
  [[nodiscard]] virtual bool writable() const = 0;                 // no message is on its way
  virtual void write(v1::AgentMessage message) = 0;                // only when writable()
  [[nodiscard]] virtual bool read(v1::CloudMessage& message) = 0;  // false: nothing has come
  [[nodiscard]] virtual std::optional<Ended> ended() = 0;          // nullopt: it is not
};

using Notify = std::function<void()>;
[[nodiscard]] Expected<std::unique_ptr<Stream>, Ended> dial_grpc(const Options& options, Notify notify,
                                                                 const std::stop_token& stop);
[[nodiscard]] Expected<std::unique_ptr<Stream>, Ended> dial_post(const Options& options, Notify notify);
[[nodiscard]] egress::Tls tls_of(const Options& options, const char* alpn);

}  // namespace platen::uplink
