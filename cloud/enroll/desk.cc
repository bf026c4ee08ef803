#include "cloud/enroll/desk.h"

#include <algorithm>

#include "base/log.h"
#include "platen/v1/enrolment.pb.h"
#include "proto/activation_code.h"

namespace platen::enroll {
namespace {

using v1::EnrolResponse;

constexpr unsigned soon_s = 30;

void refuse(EnrolResponse& response, EnrolResponse::Outcome outcome, const std::string& text,
            unsigned retry_after_s = 0) {
  response.set_outcome(outcome);
  response.set_text(text);
  response.set_retry_after_s(retry_after_s);
}

void ask_to_wait(EnrolResponse& response, std::chrono::seconds wait) {
  refuse(response, EnrolResponse::TOO_MANY, "too many tries from there", static_cast<unsigned>(wait.count()));
}

void add_endpoint(v1::Credentials& credentials, v1::Endpoint::Use use, const std::string& address) {
  if (address.empty()) return;
  v1::Endpoint& endpoint = *credentials.add_endpoints();
  endpoint.set_use(use);
  endpoint.set_address(address);
}

EnrolResponse::Outcome outcome_of(Answer::Outcome outcome) {
  switch (outcome) {
    case Answer::Outcome::issued: return EnrolResponse::ISSUED;
    case Answer::Outcome::code_refused: return EnrolResponse::CODE_REFUSED;
    case Answer::Outcome::request_refused: return EnrolResponse::REQUEST_REFUSED;
    case Answer::Outcome::revoked: return EnrolResponse::REVOKED;
  }
  return EnrolResponse::REQUEST_REFUSED;
}

// What the old key signs.
std::string proof_text(const v1::RenewRequest& request) {
  return std::string("platen.renew.v1") + '\0' + request.nonce() + request.csr_der();
}

template <class Message>
bool read(std::string_view body, Message& message) {
  return message.ParseFromArray(body.data(), static_cast<int>(body.size()));
}

}  // namespace

Desk::Desk(DeskOptions options, Registry& registry, const Clock& clock)
    : options_(std::move(options)),
      ca_der_(der_of(options_.ca.certificate_pem).value_or("")),
      registry_(registry),
      clock_(clock) {}

Reply Desk::answer(std::string_view path, std::string_view body, const std::string& peer) {
  const bool enrols = path == "/v1/enroll", renews = path == "/v1/renew", asks = path == "/v1/challenge";
  if (!enrols && !renews && !asks) return {404, ""};
  v1::EnrolRequest enrolment;
  v1::RenewRequest renewal;
  if (body.size() > longest_message || (enrols && !read(body, enrolment)) || (renews && !read(body, renewal)))
    return {400, ""};
  EnrolResponse response;
  response.set_outcome(EnrolResponse::OUTCOME_UNSPECIFIED);
  if (const auto wait = wait_for(peer); wait.count() > 0) {
    ask_to_wait(response, wait);
  } else if (enrols) {
    enroll(enrolment, peer, response);
  } else if (renews) {
    renew(renewal, peer, response);
  } else {
    const std::lock_guard hold(mutex_);
    v1::RenewChallenge challenge;
    challenge.set_nonce(challenges_.make(clock_.monotonic()));
    challenge.set_valid_s(static_cast<std::uint32_t>(Challenges::short_life.count()));
    return {200, challenge.SerializeAsString()};
  }
  return {200, response.SerializeAsString()};
}

std::chrono::seconds Desk::wait_for(const std::string& peer) {
  const std::lock_guard hold(mutex_);
  const std::string key = address_key(peer);
  const auto wait = requests_.wait(key, clock_.monotonic());
  requests_.count(key, clock_.monotonic());
  return wait;
}

std::chrono::seconds Desk::wait_for_code(const std::string& prefix, const std::string& peer) {
  const std::lock_guard hold(mutex_);
  return std::max(wrong_codes_.wait(address_key(peer), clock_.monotonic()),
                  wrong_prefixes_.wait(prefix, clock_.monotonic()));
}

void Desk::count_wrong_code(const std::string& prefix, const std::string& peer) {
  const std::lock_guard hold(mutex_);
  wrong_codes_.count(address_key(peer), clock_.monotonic());
  wrong_prefixes_.count(prefix, clock_.monotonic());
}

Sign Desk::signer(const std::string& csr_der) const {
  return [this, &csr_der](const AgentName& name) {
    return issue_agent(options_.ca, csr_der, name, options_.certificate_life, clock_.wall());
  };
}

void Desk::enroll(const v1::EnrolRequest& request, const std::string& peer, EnrolResponse& response) {
  const std::string prefix = request.code().substr(0, wire::code_group);
  if (const auto wait = wait_for_code(prefix, peer); wait.count() > 0) return ask_to_wait(response, wait);
  const auto key_hash = requested_key_hash(request.csr_der());
  if (!key_hash) return refuse(response, EnrolResponse::REQUEST_REFUSED, key_hash.error().text);
  const auto answer =
      wire::is_code_secret(request.code())
          ? registry_.use_code(request.code(), *key_hash, clock_.wall(), signer(request.csr_der()))
          : Answer{Answer::Outcome::code_refused, "the cloud does not know this activation code", {}, {}};
  if (answer && answer->outcome == Answer::Outcome::code_refused) count_wrong_code(prefix, peer);
  tell(answer, "enroll.issued", peer, response);
}

void Desk::renew(const v1::RenewRequest& request, const std::string& peer, EnrolResponse& response) {
  bool known = false;
  {
    const std::lock_guard hold(mutex_);
    known = challenges_.take(request.nonce(), clock_.monotonic());
  }
  if (!known) return refuse(response, EnrolResponse::UNAVAILABLE, "the challenge is not known any more", 1);
  const auto shown = check_certificate(options_.ca, request.certificate_der());
  if (!shown) return refuse(response, EnrolResponse::REQUEST_REFUSED, shown.error().text);
  if (!proves(request.certificate_der(), proof_text(request), request.proof()))
    return refuse(response, EnrolResponse::REQUEST_REFUSED, "the proof is not of that certificate's key");
  const auto key_hash = requested_key_hash(request.csr_der());
  if (!key_hash) return refuse(response, EnrolResponse::REQUEST_REFUSED, key_hash.error().text);
  tell(registry_.renew(*shown, *key_hash, clock_.wall(), signer(request.csr_der())), "enroll.renewed", peer, response);
}

void Desk::tell(const Expected<Answer>& answer, const char* event, const std::string& peer, EnrolResponse& response) {
  if (!answer) {
    log::error("enroll.failed", {{"peer", peer}, {"why", answer.error().text}});
    return refuse(response, EnrolResponse::UNAVAILABLE, "the cloud cannot do it now", soon_s);
  }
  if (answer->outcome != Answer::Outcome::issued) {
    log::warn("enroll.refused", {{"peer", peer}, {"agent", answer->place.agent_id}, {"why", answer->text}});
    return refuse(response, outcome_of(answer->outcome), answer->text);
  }
  const auto task_key = options_.task_key ? options_.task_key(answer->place.agent_id) : std::string();
  if (!task_key) {  // the same key asks again and gets the same certificate
    log::error("enroll.no_task_key", {{"agent", answer->place.agent_id}, {"why", task_key.error().text}});
    return refuse(response, EnrolResponse::UNAVAILABLE, "the cloud cannot do it now", soon_s);
  }
  log::info(event, {{"agent", answer->place.agent_id}, {"dealer", answer->place.dealer}, {"peer", peer}});
  response.set_outcome(EnrolResponse::ISSUED);
  v1::Credentials& credentials = *response.mutable_credentials();
  credentials.set_agent_id(answer->place.agent_id);
  credentials.set_tenant(answer->place.dealer);
  credentials.set_certificate_der(answer->certificate_der);
  credentials.set_task_key(*task_key);
  credentials.add_roots_der(ca_der_);
  credentials.set_cloud_time_ms(clock_.wall().time_since_epoch().count());
  add_endpoint(credentials, v1::Endpoint::UPLINK, options_.uplink);
  add_endpoint(credentials, v1::Endpoint::ENROLMENT, options_.enrolment);
  add_endpoint(credentials, v1::Endpoint::COMMAND, options_.command);
}

}  // namespace platen::enroll
