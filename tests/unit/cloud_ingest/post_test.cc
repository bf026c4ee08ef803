#include "cloud/ingest/post.h"

#include <doctest/doctest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>
#include <fstream>
#include <iterator>

#include "agent/identity/identity.h"
#include "cloud/enroll/ca.h"
#include "platen/v1/uplink.pb.h"
#include "proto/reading_codec.h"
#include "proto/seal.h"
#include "tests/contract/watched_store.h"

using namespace platen;
using namespace std::chrono_literals;
using cloud::PostDesk;

namespace {

const std::string epoch(32, 'e');

struct Agent {
  std::string certificate_pem;
  Secret key_pem;
};

Agent enrolled(const enroll::Identity& ca, const std::string& id, WallTime now) {
  std::string folder = (std::filesystem::temp_directory_path() / "platen-post.XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const auto request = identity::make_key_and_csr(folder + "/key", folder + "/csr", id);
  REQUIRE(request);
  std::ifstream in(folder + "/key");
  Agent made{enroll::sign_agent(ca, request->csr_pem, {id, "Dealer"}, enroll::agent_lifetime, now).value(),
             Secret(std::string(std::istreambuf_iterator<char>(in), {}))};
  std::filesystem::remove_all(folder);
  return made;
}

v1::Post post_of(const std::string& agent, WallTime signed_at, std::initializer_list<std::uint64_t> seqs) {
  v1::Post post;
  post.set_signed_at_ms(signed_at.time_since_epoch().count());
  v1::Hello& hello = *post.add_messages()->mutable_hello();
  hello.set_agent_id(agent);
  hello.set_epoch(epoch);
  for (const std::uint64_t seq : seqs) {
    v1::Batch& batch = *post.add_messages()->mutable_batch();
    batch.set_epoch(epoch);
    v1::Record& record = *batch.add_records();
    record.set_seq(seq);
    record.set_kind("reading");
    Reading reading;
    reading.address = std::to_string(seq);
    record.set_octets(wire::encode_reading(reading));
  }
  return post;
}

v1::SignedPost sealed(const v1::Post& post, const Agent& agent, const Secret& key) {
  v1::SignedPost out;
  out.set_post(post.SerializeAsString());
  const auto certificates = wire::certificates_of(agent.certificate_pem).value();
  for (const std::string& each : certificates) out.add_certificates_der(each);
  out.set_signature(wire::sign(key, wire::post_context, out.post()).value());
  return out;
}

struct Fixture {
  ManualClock clock;
  enroll::Identity ca = enroll::make_ca(clock.wall()).value(), other_ca = enroll::make_ca(clock.wall()).value();
  Agent agent = enrolled(ca, "agent-1", clock.wall()), second = enrolled(ca, "agent-2", clock.wall()),
        stranger = enrolled(other_ca, "agent-1", clock.wall());
  cloud::WatchedStore store;
  PostDesk desk{store, clock, ca.certificate_pem};

  v1::PostAnswer send(const v1::SignedPost& post) {
    const auto reply = desk.answer(post.SerializeAsString(), "192.0.2.7");
    CHECK(reply.status == 200);
    v1::PostAnswer answer;
    CHECK(answer.ParseFromString(reply.body));
    return answer;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a signed request is judged as a stream is; what is repeated is stored once") {
  const v1::SignedPost post = sealed(post_of("agent-1", clock.wall(), {1, 2}), agent, agent.key_pem);
  for (int times = 0; times < 3; ++times) {
    const v1::PostAnswer answer = send(post);
    CHECK(answer.verdict() == v1::PostAnswer::TAKEN);
    REQUIRE(answer.messages_size() == 3);
    CHECK(answer.messages(0).welcome().through_seq() == (times == 0 ? 0U : 2U));
    CHECK(answer.messages(2).ack().through_seq() == 2);
    CHECK(store.taken("agent-1", epoch).size() == 2);
  }
  const v1::PostAnswer beyond = send(sealed(post_of("agent-1", clock.wall(), {5, 3}), agent, agent.key_pem));
  REQUIRE(beyond.messages_size() == 2);  // what follows a refusal is not looked at
  CHECK(beyond.messages(1).refusal().why() == v1::Refusal::GAP);
  CHECK(store.taken("agent-1", epoch).size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "who does not prove who it is stores nothing") {
  struct Row {
    const char* name;
    std::function<v1::SignedPost(Fixture&)> make;
    v1::PostAnswer::Verdict verdict;
  };
  const auto good = [](Fixture& f) {
    return sealed(post_of("agent-1", f.clock.wall(), {1}), f.agent, f.agent.key_pem);
  };
  const auto spoilt = [good](const std::function<void(v1::SignedPost&, Fixture&)>& spoil) {
    return [=](Fixture& f) {
      v1::SignedPost post = good(f);
      spoil(post, f);
      return post;
    };
  };
  const auto refused = v1::PostAnswer::NOT_PROVED;
  const Row rows[] = {
      {"another CA",
       [](Fixture& f) { return sealed(post_of("agent-1", f.clock.wall(), {1}), f.stranger, f.stranger.key_pem); },
       refused},
      {"another's key",
       [](Fixture& f) { return sealed(post_of("agent-1", f.clock.wall(), {1}), f.agent, f.second.key_pem); }, refused},
      {"an octet changed", spoilt([](v1::SignedPost& post, Fixture&) { post.mutable_post()->back() ^= 1; }), refused},
      {"no signature", spoilt([](v1::SignedPost& post, Fixture&) { post.clear_signature(); }), refused},
      {"no certificate", spoilt([](v1::SignedPost& post, Fixture&) { post.clear_certificates_der(); }), refused},
      {"no certificate but octets", spoilt([](v1::SignedPost& post, Fixture&) { post.set_certificates_der(0, "x"); }),
       refused},
      {"too many certificates", spoilt([](v1::SignedPost& post, Fixture&) {
         for (int i = 0; i < 4; ++i) post.add_certificates_der(post.certificates_der(0));
       }),
       refused},
      {"signed for something else",
       [](Fixture& f) {
         v1::SignedPost post = sealed(post_of("agent-1", f.clock.wall(), {1}), f.agent, f.agent.key_pem);
         post.set_signature(wire::sign(f.agent.key_pem, "platen.renew.v1", post.post()).value());
         return post;
       },
       refused},
      {"too old",
       [](Fixture& f) { return sealed(post_of("agent-1", f.clock.wall() - 11min, {1}), f.agent, f.agent.key_pem); },
       v1::PostAnswer::WRONG_TIME},
      {"from the future",
       [](Fixture& f) { return sealed(post_of("agent-1", f.clock.wall() + 11min, {1}), f.agent, f.agent.key_pem); },
       v1::PostAnswer::WRONG_TIME},
      {"at the end of time",
       [](Fixture& f) { return sealed(post_of("agent-1", WallTime::max(), {1}), f.agent, f.agent.key_pem); },
       v1::PostAnswer::WRONG_TIME},
      {"before time",
       [](Fixture& f) { return sealed(post_of("agent-1", WallTime::min(), {1}), f.agent, f.agent.key_pem); },
       v1::PostAnswer::WRONG_TIME},
  };
  for (const Row& row : rows) {
    const v1::PostAnswer answer = send(row.make(*this));
    CHECK_MESSAGE(answer.verdict() == row.verdict, row.name, ": ", answer.text());
    CHECK_FALSE(answer.text().empty());
    CHECK(answer.cloud_time_ms() == clock.wall().time_since_epoch().count());
    CHECK(answer.messages_size() == 0);
    CHECK(store.taken("agent-1", epoch).empty());
  }
  clock.step_wall(enroll::agent_lifetime + 1min);
  CHECK(send(good(*this)).verdict() == refused);  // expired
}

TEST_CASE_FIXTURE(Fixture,
                  "one agent cannot speak for another; an agent that was removed is told so; garbage is no message") {
  const v1::PostAnswer other = send(sealed(post_of("agent-1", clock.wall(), {1}), second, second.key_pem));
  REQUIRE(other.messages_size() == 1);
  CHECK(other.messages(0).refusal().why() == v1::Refusal::NOT_YOU);
  struct Nobody final : cloud::Doorkeeper {
    Expected<void> admit(const std::string&, const std::string&, const std::string& peer) override {
      CHECK(peer == "192.0.2.7");
      return fail(Code::denied, "removed");
    }
  } nobody;
  PostDesk closed(store, clock, ca.certificate_pem, &nobody);
  const v1::SignedPost good = sealed(post_of("agent-1", clock.wall(), {1}), agent, agent.key_pem);
  v1::PostAnswer answer;
  REQUIRE(answer.ParseFromString(closed.answer(good.SerializeAsString(), "192.0.2.7").body));
  REQUIRE(answer.messages_size() == 1);
  CHECK(answer.messages(0).refusal().why() == v1::Refusal::REVOKED);
  CHECK(store.taken("agent-1", epoch).empty());
  CHECK(desk.answer("garbage", "").status == 400);
  CHECK(desk.answer(std::string(PostDesk::most_octets + 1, 'x'), "").status == 400);
}
