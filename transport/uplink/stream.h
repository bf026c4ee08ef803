// One gRPC stream to the cloud, from dialling to its end, without gRPC's headers. It reports by `notify` that something
// changed; the owner then asks.
//
//   Threads  Owned by one thread; notify is called on gRPC's threads and must only wake the owner.
//   Effects  The destructor cancels what still runs and waits until gRPC has let go.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "transport/uplink/uplink.h"

namespace platen::v1 {
class AgentMessage;
class CloudMessage;
}  // namespace platen::v1

namespace platen::uplink {

class Stream {
 public:
  Stream(const Options& options, std::function<void()> notify);
  ~Stream();

  [[nodiscard]] bool writable() const;                 // no message is on its way
  void write(v1::AgentMessage message);                // only when writable()
  [[nodiscard]] bool read(v1::CloudMessage& message);  // false: nothing has come
  [[nodiscard]] std::optional<Error> ended();          // why the stream is over; nullopt: it is not

 private:
  class Reactor;
  std::unique_ptr<Reactor> reactor_;
};

}  // namespace platen::uplink
