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
#include "agent/main/egress.h"
#include "transport/egress/door.h"
#include "transport/uplink/uplink.h"

namespace platen::agent {

// What the agent shows the cloud, and whom it believes to be the cloud.
struct Login {
  identity::Identity identity;
  std::string roots_pem;
  std::shared_ptr<const egress::Door> door;  // and how it gets there
  std::string cloud = {};                    // HOST:PORT
  std::string enrolment =
      {};  // HOST:PORT, where the certificate is renewed; "": it was signed by hand, and so is the next
  std::string command = {};   // HOST:PORT of the broker; "": there is none, tasks are asked for
  std::string task_key = {};  // that signs this agent's tasks; "": none is known
  friend bool operator==(const Login& a, const Login& b) {
    return a.identity.certificate_pem == b.identity.certificate_pem && a.roots_pem == b.roots_pem &&
           a.cloud == b.cloud && a.command == b.command && a.door->settings() == b.door->settings();
  }
};

class Post {
 public:
  // All of these are called from the uplink's thread.
  struct Told {
    uplink::Orders* orders = nullptr;  // nullptr: tasks are nobody's business
    std::function<void()> changed = [] {};
    std::function<void()> acknowledged = [] {};
  };
  // Errors: as Uplink::make.
  [[nodiscard]] static Expected<std::unique_ptr<Post>> start(const config::Config& config, const Login& login,
                                                             ledger::Ledger& ledger, Egress& egress, Told told);
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
