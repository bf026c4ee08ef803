// The list of tasks and a message broker: what is new is announced there, and receipts are taken from there. A certificate of the
// cloud's own, in no file, opens the broker (docs/deploy.md).
//
//   Effects  one thread and one outgoing connection while it lives. Its destructor stops both.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "cloud/enroll/ca.h"
#include "cloud/main/presence.h"
#include "cloud/main/task_service.h"
#include "cloud/tasks/announcer.h"
#include "transport/command/announcer.h"

namespace platen::cloud {

class BrokerLink final : public Announcer, private channel::Listener {
 public:
  // `address`: "HOST:PORT" by MQTT in a WebSocket with TLS; "tls://HOST:PORT" without a WebSocket; "tcp://127.0.0.1:PORT"
  // without TLS too, on this host only; "": nullptr. `public_name`: of a tls:// broker's certificate; "": the host.
  [[nodiscard]] static Expected<std::unique_ptr<BrokerLink>> start(const std::string& address,
                                                                   const std::string& public_name,
                                                                   const enroll::Identity& ca, TaskService& tasks,
                                                                   PresenceFile& presences);
  void announce(const std::string& agent, const std::string& signed_task) override;

 private:
  BrokerLink(TaskService& tasks, PresenceFile& presences) : tasks_(tasks), presences_(presences) {}
  void seen(const std::string& agent_id, std::string task_state) override;
  void presence(const std::string& agent_id, bool online, bool remembered) override;
  void missed_some() override;

  TaskService& tasks_;
  PresenceFile& presences_;
  std::unique_ptr<channel::Announcer> link_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace platen::cloud
