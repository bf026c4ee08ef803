// What is made of the service's answers, whoever gave them.
#include <doctest/doctest.h>

#include "agent/enroll/enroll.h"
#include "platen/v1/enrolment.pb.h"

using namespace platen;
using namespace platen::activation;
using v1::EnrolResponse;

TEST_CASE("an answer that is no certificate of the right cloud gives no identity, and says what to do") {
  const identity::OwnKey key = identity::make_key().value();
  struct Row {
    const char* name;
    EnrolResponse::Outcome outcome;
    bool removed, for_good;
    const char* says;
  };
  const Row rows[] = {
      {"wrong code", EnrolResponse::CODE_REFUSED, false, true, "new activation code"},
      {"too many", EnrolResponse::TOO_MANY, false, false, "(in 60 s)"},
      {"away", EnrolResponse::UNAVAILABLE, false, false, "later"},
      {"removed", EnrolResponse::REVOKED, true, true, "--replace"},
      {"a newer cloud's", static_cast<EnrolResponse::Outcome>(99), false, false, "update the agent"},
      {"issued by somebody else", EnrolResponse::ISSUED, false, true, "another cloud answers there"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    EnrolResponse response;
    response.set_outcome(row.outcome);
    response.set_text(std::string(5000, 'x'));
    response.set_retry_after_s(row.outcome == EnrolResponse::TOO_MANY ? 60 : 0);
    response.mutable_credentials()->add_roots_der("root");
    const auto got = read_answer(response.SerializeAsString(), key, {"cloud.example", 443}, "0123456789ABCDEFGHJ");
    REQUIRE_FALSE(got);
    CHECK(got.error().removed == row.removed);
    CHECK(got.error().for_good == row.for_good);
    CHECK(got.error().error.text.find(row.says) != std::string::npos);
    CHECK(got.error().error.text.size() < 400);
  }
  const auto garbage = read_answer("\xFF\xFF", key, {"cloud.example", 443}, "");
  CHECK(garbage.error().error.text.find("no enrolment service") != std::string::npos);
}
