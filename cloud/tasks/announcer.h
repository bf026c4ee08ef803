// Who is told that an agent has a new task, in the words of the list of tasks: MQTT fulfils it. An accelerator only: what is
// announced stands in the list too, so what gets lost on the way is fetched by polling.
//
//   Threads  announce() is called from one thread at a time and must not block: hand it over, or drop it.
//   Errors   none that anybody waits for; whoever fulfils it logs.
#pragma once

#include <string>

namespace platen::cloud {

class Announcer {
 public:
  virtual ~Announcer() = default;
  // `signed_task`: the octets of a platen.v1.SignedTask for this agent. "": there is more than can be said at once, the agent
  // should look at its list now.
  virtual void announce(const std::string& agent, const std::string& signed_task) = 0;
};

}  // namespace platen::cloud
