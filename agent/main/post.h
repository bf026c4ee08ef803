// The way of the ledger's records to the cloud: the uplink on a thread of its own.
//
//   Effects  one thread and one outgoing connection while it lives. Its destructor stops both.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "agent/config/config.h"
#include "agent/identity/identity.h"
#include "agent/ledger/ledger.h"
#include "transport/uplink/uplink.h"

namespace platen::agent {

class Post {
 public:
  // `changed` is called from the uplink's thread. Errors: as Uplink::make; a CA file that cannot be read.
  [[nodiscard]] static Expected<std::unique_ptr<Post>> start(const config::Cloud& cloud,
                                                             const identity::Identity& identity, ledger::Ledger& ledger,
                                                             std::function<void()> changed);
  ~Post();
  void wake() { uplink_->wake(); }
  [[nodiscard]] uplink::State state() const { return uplink_->state(); }

 private:
  class Records;
  Post();
  std::unique_ptr<Records> records_;
  std::unique_ptr<uplink::Uplink> uplink_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace platen::agent
