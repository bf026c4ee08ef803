#include "cloud/ingest/post.h"

#include <vector>

#include "base/log.h"
#include "cloud/ingest/visit.h"
#include "platen/v1/uplink.pb.h"
#include "proto/seal.h"

namespace platen::cloud {
namespace {

constexpr std::chrono::minutes longest_offset{10};
constexpr int most_messages = 64;

bool is_timely(std::int64_t signed_at_ms, WallTime now) {
  const std::int64_t ours = now.time_since_epoch().count(), most = std::chrono::milliseconds(longest_offset).count();
  return signed_at_ms >= ours - most && signed_at_ms <= ours + most;
}

}  // namespace

PostDesk::Reply PostDesk::answer(std::string_view body, const std::string& peer) {
  v1::SignedPost sealed;
  v1::Post post;
  if (body.size() > most_octets || !sealed.ParseFromArray(body.data(), static_cast<int>(body.size()))) return {400, ""};
  v1::PostAnswer answer;
  const WallTime now = clock_.wall();
  answer.set_cloud_time_ms(now.time_since_epoch().count());
  const auto refuse = [&](v1::PostAnswer::Verdict verdict, const std::string& text) {
    log::warn("ingest.post_refused", {{"peer", peer}, {"why", text}});
    answer.set_verdict(verdict);
    answer.set_text(text);
    return Reply{200, answer.SerializeAsString()};
  };
  const std::vector<std::string> certificates(sealed.certificates_der().begin(), sealed.certificates_der().end());
  const auto agent =
      wire::signer(client_ca_pem_, certificates, wire::post_context, sealed.post(), sealed.signature(), now);
  if (!agent) return refuse(v1::PostAnswer::NOT_PROVED, agent.error().text);
  if (!post.ParseFromString(sealed.post()) || post.messages_size() > most_messages) return {400, ""};
  if (!is_timely(post.signed_at_ms(), now))
    return refuse(v1::PostAnswer::WRONG_TIME, "signed more than ten minutes before or after this cloud's time");
  Visit visit(store_, clock_, *agent, door_, peer, tasks_);
  for (v1::AgentMessage& message : *post.mutable_messages()) {
    v1::CloudMessage said;
    const Visit::Then then = visit.take(message, said);
    if (then != Visit::Then::go_on) *answer.add_messages() = std::move(said);
    if (then == Visit::Then::answer_and_end) break;
  }
  return {200, answer.SerializeAsString()};
}

}  // namespace platen::cloud
