// The enrolment service by its octets: codes, renewals, recoveries, removals, guesses. Time is set by hand.
#include "cloud/enroll/desk.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "agent/host/files.h"
#include "platen/v1/enrolment.pb.h"
#include "proto/activation_code.h"

using namespace platen;
using namespace platen::enroll;
using std::chrono::days;
using std::chrono::hours;
using v1::EnrolResponse;

namespace {

Key p256() { return Key(EVP_EC_gen("P-256")); }

std::string csr_of(EVP_PKEY* key) {
  const Request request(X509_REQ_new());
  X509_REQ_set_pubkey(request.get(), key);
  must(X509_REQ_sign(request.get(), key, EVP_sha256()), "X509_REQ_sign");
  unsigned char* made = nullptr;
  const int size = i2d_X509_REQ(request.get(), &made);
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return out;
}

std::string signature_of(EVP_PKEY* key, const std::string& message) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
  std::string out(128, '\0');
  std::size_t size = out.size();
  must(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                      reinterpret_cast<const unsigned char*>(message.data()), message.size()),
       "EVP_DigestSign");
  EVP_MD_CTX_free(context);
  out.resize(size);
  return out;
}

// A cloud with its CA, and an agent's side of the conversation.
class House {
 public:
  House() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-desk.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    registry = Registry::open(folder_ + "/enrol.db").value();
    desk = std::make_unique<Desk>(DeskOptions{.ca = ca,
                                              .uplink = ":8443",
                                              .enrolment = "cloud.example:443",
                                              .task_key = [this](const std::string& agent) -> Expected<std::string> {
                                                if (keyless) return fail(Code::unavailable, "no key today");
                                                return "key of " + agent;
                                              }},
                                  *registry, clock);
  }
  ~House() { std::filesystem::remove_all(folder_); }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  std::string code(const std::string& agent = "") {
    const std::string random = std::string(12, static_cast<char>(++codes_)) + 'x';
    const auto made = wire::make_activation_code(random, std::string(32, 'f'));
    REQUIRE(registry->add_code(made.secret, {agent, "Dealer", "Customer", "Site"}, clock.wall()));
    return made.secret.reveal();
  }
  EnrolResponse enroll(const std::string& secret, EVP_PKEY* key, const std::string& peer = "192.0.2.1") {
    v1::EnrolRequest request;
    request.set_code(secret);
    request.set_csr_der(csr_of(key));
    return read(desk->answer("/v1/enroll", request.SerializeAsString(), peer));
  }
  EnrolResponse renew(const std::string& certificate, EVP_PKEY* old, EVP_PKEY* fresh) {
    v1::RenewChallenge challenge;
    REQUIRE(challenge.ParseFromString(desk->answer("/v1/challenge", "", "192.0.2.1").body));
    v1::RenewRequest request;
    request.set_nonce(challenge.nonce());
    request.set_csr_der(csr_of(fresh));
    request.set_certificate_der(certificate);
    request.set_proof(signature_of(old, std::string("platen.renew.v1") + '\0' + challenge.nonce() + request.csr_der()));
    last_renewal = request.SerializeAsString();
    return read(desk->answer("/v1/renew", last_renewal, "192.0.2.1"));
  }
  static EnrolResponse read(const Reply& reply) {
    EnrolResponse response;
    REQUIRE(reply.status == 200);
    REQUIRE(response.ParseFromString(reply.body));
    return response;
  }
  Presented shown(const EnrolResponse& response) {
    return check_certificate(ca, response.credentials().certificate_der()).value();
  }

  ManualClock clock;
  Identity ca = make_ca(clock.wall()).value();
  std::unique_ptr<Registry> registry;
  std::unique_ptr<Desk> desk;
  std::string last_renewal;
  bool keyless = false;

 private:
  std::string folder_;
  int codes_ = 0;
};

}  // namespace

TEST_CASE("a code becomes an agent, once, and a lost answer is given again") {
  House house;
  const Key key = p256(), other = p256();
  const std::string code = house.code();
  const EnrolResponse first = house.enroll(code, key.get());
  REQUIRE(first.outcome() == EnrolResponse::ISSUED);
  const Presented agent = house.shown(first);
  CHECK(agent.name.agent_id == first.credentials().agent_id());
  CHECK(agent.name.agent_id.starts_with("agent-"));
  CHECK(agent.name.dealer == "Dealer");
  CHECK(agent.name.customer == "Customer");
  CHECK(agent.name.site == "Site");
  CHECK(first.credentials().endpoints(0).address() == ":8443");
  CHECK(first.credentials().roots_der(0) == der_of(house.ca.certificate_pem).value());
  const EnrolResponse again = house.enroll(code, key.get());
  CHECK(again.credentials().certificate_der() == first.credentials().certificate_der());
  const EnrolResponse stolen = house.enroll(code, other.get());
  CHECK(stolen.outcome() == EnrolResponse::CODE_REFUSED);
  CHECK(stolen.text().find("was used at") != std::string::npos);
  CHECK(house.registry->agents()->size() == 1);
  REQUIRE(house.registry->revoke(agent.name.agent_id, house.clock.wall()));
  CHECK(house.enroll(code, key.get()).outcome() == EnrolResponse::REVOKED);
}

TEST_CASE("the key of its tasks comes with the certificate; without one it is not yet, and nothing is lost") {
  House house;
  const Key key = p256(), fresh = p256();
  const std::string code = house.code("site-7");
  house.keyless = true;
  CHECK(house.enroll(code, key.get()).outcome() == EnrolResponse::UNAVAILABLE);
  house.keyless = false;
  const EnrolResponse first = house.enroll(code, key.get());
  REQUIRE(first.outcome() == EnrolResponse::ISSUED);
  CHECK(first.credentials().task_key() == "key of site-7");
  const EnrolResponse renewed = house.renew(first.credentials().certificate_der(), key.get(), fresh.get());
  REQUIRE(renewed.outcome() == EnrolResponse::ISSUED);
  CHECK(renewed.credentials().task_key() == "key of site-7");
}

TEST_CASE("codes expire, names are used once, a bad request burns no code") {
  House house;
  const Key key = p256();
  const std::string code = house.code("site-7");
  v1::EnrolRequest request;
  request.set_code(code);
  request.set_csr_der("no request");
  CHECK(House::read(house.desk->answer("/v1/enroll", request.SerializeAsString(), "192.0.2.1")).outcome() ==
        EnrolResponse::REQUEST_REFUSED);
  CHECK(
      house.registry->add_code(Secret("0123456789ABCDEFGHJK"), {"site-7", "Dealer"}, house.clock.wall()).error().code ==
      Code::conflict);
  CHECK(house.registry->add_code(Secret("0123456789ABCDEFGHJK"), {"", "De\naler"}, house.clock.wall()).error().code ==
        Code::invalid);
  CHECK(house.enroll(code, key.get()).credentials().agent_id() == "site-7");
  const std::string late = house.code();
  house.clock.advance(hours(24));
  const EnrolResponse refused = house.enroll(late, key.get());
  CHECK(refused.outcome() == EnrolResponse::CODE_REFUSED);
  CHECK(refused.text().find("expired at") != std::string::npos);
  CHECK(
      house.registry->add_code(Secret("0123456789ABCDEFGHJK"), {"site-7", "Dealer"}, house.clock.wall()).error().code ==
      Code::conflict);
}

TEST_CASE("guessing is slow, and does not lock others out") {
  House house;
  const Key key = p256();
  const std::string code = house.code();
  for (int i = 0; i < 10; ++i)
    CHECK(house.enroll("ZZZZZ56789ABCDEFGHJK", key.get()).outcome() == EnrolResponse::CODE_REFUSED);
  const EnrolResponse blocked = house.enroll(code, key.get());
  CHECK(blocked.outcome() == EnrolResponse::TOO_MANY);
  CHECK(blocked.retry_after_s() > 0);
  CHECK(house.enroll("ZZZZZ00000ABCDEFGHJK", key.get(), "192.0.2.2").outcome() ==
        EnrolResponse::TOO_MANY);  // that prefix
  CHECK(house.enroll(code, key.get(), "192.0.2.2").outcome() == EnrolResponse::ISSUED);
  house.clock.advance(std::chrono::minutes(10));
  CHECK(house.enroll(code, key.get()).outcome() == EnrolResponse::ISSUED);
  for (int i = 0; i < 240; ++i) (void)house.desk->answer("/v1/challenge", "", "192.0.2.9");
  CHECK(House::read(house.desk->answer("/v1/challenge", "", "192.0.2.9")).outcome() == EnrolResponse::TOO_MANY);
}

TEST_CASE("a certificate is renewed with a new key: in time, after its end, and never for anybody else") {
  House house;
  const Key one = p256(), two = p256(), three = p256();
  const EnrolResponse first = house.enroll(house.code("site-7"), one.get());
  const std::string certificate = first.credentials().certificate_der();
  CHECK(house.renew(certificate, two.get(), two.get()).text().find("proof") != std::string::npos);
  CHECK(house.renew(certificate, one.get(), one.get()).text().find("new key") != std::string::npos);
  house.clock.advance(days(20));
  const EnrolResponse second = house.renew(certificate, one.get(), two.get());
  REQUIRE(second.outcome() == EnrolResponse::ISSUED);
  CHECK(house.shown(second).name.agent_id == "site-7");
  CHECK(house.shown(second).name.customer == "Customer");
  CHECK(house.shown(second).not_after > house.shown(first).not_after);
  CHECK(House::read(house.desk->answer("/v1/renew", house.last_renewal, "192.0.2.1")).outcome() ==
        EnrolResponse::UNAVAILABLE);  // played back: the challenge is gone
  const EnrolResponse lost = house.renew(certificate, one.get(), two.get());
  CHECK(lost.credentials().certificate_der() == second.credentials().certificate_der());
  house.clock.advance(days(30 + 80));
  const EnrolResponse third = house.renew(second.credentials().certificate_der(), two.get(), three.get());
  REQUIRE(third.outcome() == EnrolResponse::ISSUED);
  const Key four = p256();
  const EnrolResponse old = house.renew(certificate, one.get(), four.get());
  CHECK(old.outcome() == EnrolResponse::REQUEST_REFUSED);
  CHECK(old.text().find("90 days") != std::string::npos);
  house.clock.advance(days(30 + 91));
  CHECK(house.renew(third.credentials().certificate_der(), three.get(), four.get()).text().find("90 days") !=
        std::string::npos);
}

TEST_CASE("a copy of an identity is refused and shown, a removed agent stays out") {
  House house;
  const Key one = p256(), two = p256(), three = p256(), four = p256();
  const std::string first = house.enroll(house.code("site-7"), one.get()).credentials().certificate_der();
  const std::string second = house.renew(first, one.get(), two.get()).credentials().certificate_der();
  const std::string third = house.renew(second, two.get(), three.get()).credentials().certificate_der();
  CHECK(house.registry->agents()->front().copied.empty());
  CHECK(house.renew(first, one.get(), four.get()).outcome() == EnrolResponse::REQUEST_REFUSED);
  CHECK(house.registry->agents()->front().copied.find("older certificate") != std::string::npos);
  CHECK(house.registry->revoked()->empty());
  CHECK(house.registry->revoke("site-7", house.clock.wall()).value());
  CHECK_FALSE(house.registry->revoke("site-7", house.clock.wall()).value());
  CHECK(house.registry->revoked().value() == std::set<std::string>{"site-7"});
  CHECK(house.renew(third, three.get(), four.get()).outcome() == EnrolResponse::REVOKED);
}

TEST_CASE("only agents' certificates of this CA can be renewed") {
  House house;
  const Key fresh = p256();
  const Identity other = make_ca(house.clock.wall()).value();
  const Key key = p256();
  const std::string foreign =
      issue_agent(other, csr_of(key.get()), {"site-7", "Dealer"}, agent_lifetime, house.clock.wall()).value();
  const std::string by_hand =
      issue_agent(house.ca, csr_of(key.get()), {"by-hand", "Dealer"}, agent_lifetime, house.clock.wall()).value();
  const std::string server =
      der_of(make_server(house.ca, std::vector<std::string>{"localhost"}, house.clock.wall())->certificate_pem).value();
  for (const std::string& wrong : {foreign, server, by_hand + "x", std::string("x"), std::string()}) {
    CHECK(house.renew(wrong, key.get(), fresh.get()).outcome() == EnrolResponse::REQUEST_REFUSED);
  }
  CHECK(house.renew(by_hand, key.get(), fresh.get()).outcome() == EnrolResponse::ISSUED);
  CHECK(house.registry->agents()->front().place.agent_id == "by-hand");
}

TEST_CASE("what is no message is refused as such") {
  House house;
  CHECK(house.desk->answer("/v1/other", "", "192.0.2.1").status == 404);
  CHECK(house.desk->answer("/v1/enroll", "\xFF\xFF", "192.0.2.1").status == 400);
  CHECK(house.desk->answer("/v1/renew", std::string(longest_message + 1, '\0'), "192.0.2.1").status == 400);
  CHECK(House::read(house.desk->answer("/v1/enroll", "", "192.0.2.1")).outcome() == EnrolResponse::REQUEST_REFUSED);
}

TEST_CASE("the registry's file: private, kept over a restart, and no other program's") {
  std::string folder = (std::filesystem::temp_directory_path() / "platen-registry.XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const WallTime now = ManualClock().wall();
  const std::string file = folder + "/enrol.db";
  {
    const auto registry = Registry::open(file).value();
    REQUIRE(registry->add_code(Secret("0123456789ABCDEFGHJK"), {"site-7", "Dealer"}, now));
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::all) == std::filesystem::perms(0600));
  }
  const auto registry = Registry::open(file).value();
  REQUIRE(registry->codes()->size() == 1);
  CHECK(registry->codes()->front().expires == now + hours(24));
  {
    const host::File kept = host::read_file(file, 1U << 20U).value();
    CHECK(kept.octets.find("0123456789ABCDEFGHJK") == std::string::npos);  // its hash only
  }
  REQUIRE(host::write_file(folder + "/other.db", "SQLite format 3 it is not", 0600, host::Existing::keep));
  CHECK(Registry::open(folder + "/other.db").error().code == Code::corrupt);
  CHECK(Registry::open(folder + "/none/enrol.db").error().code == Code::not_found);
  std::filesystem::remove_all(folder);
}
