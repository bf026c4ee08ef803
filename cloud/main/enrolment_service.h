// The enrolment desk, and the lower rung of the uplink, behind HTTPS, as `serve` runs them: server authentication only, no
// client certificate; who is there is proved in the messages.
#pragma once

#include <memory>
#include <string>

#include "base/command/command.h"
#include "cloud/enroll/desk.h"
#include "cloud/enroll/keyring.h"
#include "cloud/ingest/post.h"
#include "cloud/main/task_service.h"
#include "cloud/portal/http_server.h"

namespace platen::cloud {

// What --enroll says, or one port further than --ingest.
[[nodiscard]] std::string enrolment_address(const command::Arguments& arguments);

class EnrolmentService {
 public:
  // `ingest`: where that is bound; without --enroll this listens one port further, without --public its port is what agents
  // are told. `tasks` knows by which key.
  [[nodiscard]] static Expected<std::unique_ptr<EnrolmentService>> start(const command::Arguments& arguments,
                                                                         const enroll::Keyring& keys,
                                                                         enroll::Registry& registry, PostDesk& post,
                                                                         TaskService& tasks, const std::string& ingest);
  [[nodiscard]] const std::string& bound() const { return server_->bound(); }

 private:
  EnrolmentService(enroll::DeskOptions options, enroll::Registry& registry, PostDesk& post)
      : desk_(std::move(options), registry, system_clock()), post_(post) {}
  [[nodiscard]] portal::Response answer(const portal::Request& request);

  enroll::Desk desk_;
  PostDesk& post_;
  std::unique_ptr<portal::HttpServer> server_;  // after the desk: it ends first
};

}  // namespace platen::cloud
