// The agent's side of enrolment and renewal: what is asked, and what is made of the answer.
//
//   Source   proto/platen/v1/enrolment.proto, docs/enrolment.md.
//   Rules    An answer is believed when its certificate is for our key and of a root that it brings; at enrolment one of the
//            roots must be the CA whose fingerprint the code carries, whoever answered.
//   Errors   Refused: what the cloud or the way there said, in one sentence with a way out.
//   Effects  asks through the Asker; writes nothing.
#pragma once

#include <chrono>
#include <string>

#include "agent/enroll/asker.h"
#include "agent/identity/enrolled.h"
#include "proto/activation_code.h"

namespace platen::activation {

struct Refused {
  Error error;
  bool removed = false;   // the cloud removed this agent: only a new code brings it back
  bool for_good = false;  // asking again changes nothing
  std::chrono::seconds retry_after{0};
};

[[nodiscard]] Expected<identity::Enrolled, Refused> enroll(Asker& asker, const wire::ActivationCode& code,
                                                           const identity::OwnKey& key, const egress::Endpoint& at,
                                                           const std::string& extra_roots_pem);
// With a proof of the old key, which may have expired up to 90 days ago.
[[nodiscard]] Expected<identity::Enrolled, Refused> renew(Asker& asker, const identity::Enrolled& old,
                                                          const identity::OwnKey& fresh);

// Pure: the octets of an answer. `pin` "" at renewal.
[[nodiscard]] Expected<identity::Enrolled, Refused> read_answer(std::string_view octets, const identity::OwnKey& key,
                                                                const egress::Endpoint& at, const std::string& pin);

}  // namespace platen::activation
