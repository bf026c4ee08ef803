// Whether an agent may talk, in ingest's words. Whoever knows the agents fulfils it.
//
//   Threads  Callable from any thread.
#pragma once

#include <string>

#include "base/expected.h"

namespace platen::cloud {

class Doorkeeper {
 public:
  virtual ~Doorkeeper() = default;
  // Asked for every message. `instance` is the process that speaks ("" when it does not say), `peer` its address.
  // Code::denied: the agent was removed, and stays out. Everything else that is wrong lets it in.
  [[nodiscard]] virtual Expected<void> admit(const std::string& agent, const std::string& instance,
                                             const std::string& peer) = 0;
};

}  // namespace platen::cloud
