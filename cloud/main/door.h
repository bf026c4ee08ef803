// Who may talk to ingest: agents that were not removed. Notices, says and keeps when one identity is used by two hosts.
//
//   Threads  Callable from any thread.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "base/clock.h"
#include "cloud/enroll/presence.h"
#include "cloud/enroll/registry.h"
#include "cloud/ingest/doorkeeper.h"

namespace platen::cloud {

class Door final : public Doorkeeper {
 public:
  Door(enroll::Registry& registry, const Clock& clock) : registry_(registry), clock_(clock) {}
  [[nodiscard]] Expected<void> admit(const std::string& agent, const std::string& instance,
                                     const std::string& peer) override;

 private:
  void look_up(MonotonicTime now);

  enroll::Registry& registry_;
  const Clock& clock_;
  std::mutex mutex_;
  enroll::Presence presence_;
  std::set<std::string> removed_;  // as of `looked_up_`: another process may remove agents at any time
  MonotonicTime looked_up_ = MonotonicTime::min();
};

}  // namespace platen::cloud
