// Any octets as a request of the second rung, as a whole and as the certificate in one: status 400 or a refusal, and nothing
// is stored.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cloud/enroll/ca.h"
#include "cloud/ingest/post.h"
#include "platen/v1/uplink.pb.h"
#include "tests/contract/watched_store.h"

using namespace platen;

namespace {
void must(bool holds) {
  if (!holds) std::abort();
}

void is_refused(cloud::PostDesk& desk, const std::string& octets) {
  const auto reply = desk.answer(octets, "192.0.2.7");
  must(reply.status == 400 || reply.status == 200);
  v1::PostAnswer answer;
  if (reply.status == 200)
    must(answer.ParseFromString(reply.body) && answer.verdict() == v1::PostAnswer::NOT_PROVED &&
         answer.messages_size() == 0);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ManualClock clock;
  static cloud::WatchedStore store;
  static cloud::PostDesk desk(store, clock, enroll::make_ca(clock.wall()).value().certificate_pem);
  const std::string octets(reinterpret_cast<const char*>(data), size);
  is_refused(desk, octets);
  v1::SignedPost post;
  post.set_post(octets);
  post.add_certificates_der(octets);
  post.set_signature(octets);
  is_refused(desk, post.SerializeAsString());
  must(store.agents().value().empty());
  return 0;
}
