#include "agent/enroll/enroll.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "platen/v1/enrolment.pb.h"
#include "proto/task_key.h"

namespace platen::activation {
namespace {

using identity::Enrolled;
using v1::EnrolResponse;

constexpr std::size_t longest_text = 200;  // of the cloud's words

tl::unexpected<Refused> refused(Error error) {
  const bool for_good = error.code == Code::denied || error.code == Code::invalid;
  return tl::unexpected<Refused>(Refused{.error = std::move(error), .for_good = for_good});
}

void tell_host(v1::HostFacts& host) {
  host.set_agent_version(PLATEN_VERSION);
  struct utsname facts = {};
  if (::uname(&facts) != 0) return;
  host.set_operating_system(std::string(facts.sysname) + " " + facts.release);
  host.set_architecture(facts.machine);
}

struct Row {
  EnrolResponse::Outcome outcome;
  Code code;
  std::string_view way_out;
};
constexpr Row rows[] = {
    {EnrolResponse::WAITING, Code::unavailable, "the dealer has to approve it; ask again later"},
    {EnrolResponse::CODE_REFUSED, Code::denied, "ask your dealer for a new activation code"},
    {EnrolResponse::REQUEST_REFUSED, Code::denied, "enrol this agent with a new activation code and --replace"},
    {EnrolResponse::TOO_MANY, Code::unavailable, "try again later"},
    {EnrolResponse::REVOKED, Code::denied, "enrol this agent with a new activation code and --replace"},
    {EnrolResponse::UNAVAILABLE, Code::unavailable, "try again later"},
};

Refused refusal_of(const EnrolResponse& response) {
  const auto* const row = std::find_if(std::begin(rows), std::end(rows),
                                       [&](const Row& each) { return each.outcome == response.outcome(); });
  if (row == std::end(rows))
    return {.error = {Code::unavailable, "the cloud gave an answer that this version does not know; update the agent"}};
  Refused out{.error = {row->code, fmt::format("{}; {}", response.text().substr(0, longest_text), row->way_out)},
              .removed = row->outcome == EnrolResponse::REVOKED,
              .for_good = row->code == Code::denied,
              .retry_after = std::chrono::seconds(std::min(response.retry_after_s(), 86'400U))};
  if (out.retry_after.count() > 0) out.error.text += fmt::format(" (in {} s)", out.retry_after.count());
  return out;
}

// ":8443" is the host that was asked. `otherwise`: when the cloud does not say.
Expected<std::string> address_of(const v1::Credentials& credentials, v1::Endpoint::Use use, const egress::Endpoint& at,
                                 const std::string& otherwise) {
  for (const v1::Endpoint& endpoint : credentials.endpoints()) {
    if (endpoint.use() != use) continue;
    const bool there = endpoint.address().starts_with(':');
    const auto parsed = egress::parse_endpoint((there ? "host" : "") + endpoint.address());
    if (!parsed) return fail(parsed.error().in("an address that the cloud sent"));
    return egress::Endpoint{there ? at.host : parsed->host, parsed->port}.text();
  }
  return otherwise;
}

Expected<std::string> pem_of_all(const std::vector<std::string>& ders) {
  std::string out;
  for (const std::string& der : ders) {
    const auto pem = identity::pem_of(der);
    if (!pem) return fail(pem.error());
    out += *pem;
  }
  return out;
}

}  // namespace

Expected<Enrolled, Refused> read_answer(std::string_view octets, const identity::OwnKey& key,
                                        const egress::Endpoint& at, const std::string& pin) {
  EnrolResponse response;
  if (!response.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
    return refused({Code::unavailable, at.text() + ": what answers there is no enrolment service; check --cloud"});
  if (response.outcome() != EnrolResponse::ISSUED) return tl::unexpected<Refused>(refusal_of(response));
  const v1::Credentials& credentials = response.credentials();
  const std::vector<std::string> roots(credentials.roots_der().begin(), credentials.roots_der().end());
  const bool known = pin.empty() || std::any_of(roots.begin(), roots.end(), [&](const std::string& der) {
                       return wire::pin_of(identity::sha256(der)) == pin;
                     });
  if (!known)
    return refused({Code::denied, at.text() + ": another cloud answers there than the one that made this code; nothing "
                                              "was taken over. Check --cloud"});
  Enrolled out;
  auto own = identity::identity_of(credentials.certificate_der(), key.key_pem, roots);
  auto roots_pem = pem_of_all(roots);
  auto cloud = address_of(credentials, v1::Endpoint::UPLINK, at, at.text());
  auto enrolment = address_of(credentials, v1::Endpoint::ENROLMENT, at, at.text());
  auto command = address_of(credentials, v1::Endpoint::COMMAND, at, "");
  if (!own) return refused(own.error());
  if (!roots_pem) return refused(roots_pem.error());
  if (!cloud) return refused(cloud.error());
  if (!enrolment) return refused(enrolment.error());
  if (!command) return refused(command.error());
  return Enrolled{.identity = std::move(*own),
                  .roots_pem = std::move(*roots_pem),
                  .cloud = std::move(*cloud),
                  .enrolment = std::move(*enrolment),
                  .command = std::move(*command),
                  .task_key = credentials.task_key().size() == wire::task_key_octets ? credentials.task_key() : ""};
}

Expected<Enrolled, Refused> enroll(Asker& asker, const wire::ActivationCode& code, const identity::OwnKey& key,
                                   const egress::Endpoint& at, const std::string& extra_roots_pem) {
  v1::EnrolRequest request;
  request.set_code(code.secret.reveal());
  request.set_csr_der(key.csr_der);
  tell_host(*request.mutable_host());
  const Secret body(request.SerializeAsString());
  const auto answer = asker.post("/v1/enroll", body.reveal());
  if (!answer) return refused(answer.error());
  auto enrolled = read_answer(*answer, key, at, code.pin);
  if (enrolled) enrolled->roots_pem += extra_roots_pem;
  return enrolled;
}

Expected<Enrolled, Refused> renew(Asker& asker, const Enrolled& old, const identity::OwnKey& fresh) {
  const auto asked = asker.post("/v1/challenge", "");
  if (!asked) return refused(asked.error());
  v1::RenewChallenge challenge;
  if (!challenge.ParseFromString(*asked) || challenge.nonce().size() != 32)
    return refused({Code::unavailable, old.enrolment + ": no enrolment service answers there; try again later"});
  const auto certificate = identity::der_of(old.identity.certificate_pem);
  if (!certificate) return refused(certificate.error());
  v1::RenewRequest request;
  request.set_csr_der(fresh.csr_der);
  request.set_certificate_der(*certificate);
  request.set_nonce(challenge.nonce());
  const auto proof =
      identity::sign(old.identity.key_pem, std::string("platen.renew.v1") + '\0' + challenge.nonce() + fresh.csr_der);
  if (!proof) return refused(proof.error());
  request.set_proof(*proof);
  tell_host(*request.mutable_host());
  const auto answer = asker.post("/v1/renew", request.SerializeAsString());
  if (!answer) return refused(answer.error());
  const auto at = egress::parse_endpoint(old.enrolment);
  if (!at) return refused(at.error());
  auto renewed = read_answer(*answer, fresh, *at, "");
  if (!renewed) return renewed;
  // Where the cloud is and whom to believe was decided at enrolment: a renewal gives a certificate, no new masters. The key
  // of tasks comes along, for agents that were away while it was rotated.
  if (renewed->task_key.empty()) renewed->task_key = old.task_key;
  renewed->cloud = old.cloud, renewed->enrolment = old.enrolment, renewed->command = old.command;
  renewed->roots_pem = old.roots_pem;
  if (renewed->identity.agent_id != old.identity.agent_id)
    return refused({Code::denied, "the cloud sent the certificate of another agent; nothing was taken over"});
  return renewed;
}

}  // namespace platen::activation
