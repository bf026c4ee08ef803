// The enrolment service, without its sockets: the octets of a request in, those of the answer out.
//
//   Source   proto/platen/v1/enrolment.proto, docs/enrolment.md.
//   Limits   for each address 240 requests a minute, and 10 wrong codes in ten minutes; 10 wrong codes an hour with the same
//            first group. 32 KiB a request.
//   Errors   none: what is wrong is said in the answer; a request that is no message at all has status 400.
//   Effects  logs who was let in and who was not; a code never.
//   Threads  Callable from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "cloud/enroll/challenges.h"
#include "cloud/enroll/limits.h"
#include "cloud/enroll/registry.h"

namespace platen::v1 {
class EnrolRequest;
class EnrolResponse;
class RenewRequest;
}  // namespace platen::v1

namespace platen::enroll {

inline constexpr std::size_t longest_message = 32'768;

struct DeskOptions {
  Identity ca;
  std::string uplink = {}, enrolment = {},
              command = {};  // HOST:PORT that agents are told; ":PORT" the host that they asked
  std::chrono::seconds certificate_life = agent_lifetime;
  // The public key that this agent's tasks are signed with; none: nobody gives tasks here.
  std::function<Expected<std::string>(const std::string& agent)> task_key = {};
};

struct Reply {
  unsigned status = 200;  // 404: no such path, 400: no such message
  std::string body;
};

class Desk {
 public:
  Desk(DeskOptions options, Registry& registry, const Clock& clock);
  [[nodiscard]] Reply answer(std::string_view path, std::string_view body, const std::string& peer);

 private:
  [[nodiscard]] std::chrono::seconds wait_for(const std::string& peer);
  void enroll(const v1::EnrolRequest& request, const std::string& peer, v1::EnrolResponse& response);
  void renew(const v1::RenewRequest& request, const std::string& peer, v1::EnrolResponse& response);
  [[nodiscard]] std::chrono::seconds wait_for_code(const std::string& prefix, const std::string& peer);
  void count_wrong_code(const std::string& prefix, const std::string& peer);
  void tell(const Expected<Answer>& answer, const char* event, const std::string& peer, v1::EnrolResponse& response);
  [[nodiscard]] Sign signer(const std::string& csr_der) const;

  const DeskOptions options_;
  const std::string ca_der_;
  Registry& registry_;
  const Clock& clock_;
  std::mutex mutex_;  // of what follows
  Challenges challenges_;
  Limit requests_{240, std::chrono::minutes(1)}, wrong_codes_{10, std::chrono::minutes(10)},
      wrong_prefixes_{10, std::chrono::hours(1)};
};

}  // namespace platen::enroll
