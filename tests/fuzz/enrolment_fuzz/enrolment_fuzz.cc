// What strangers hand to the enrolment service, and what a hostile cloud answers. The first octet says which: 'e' an
// EnrolRequest, 'r' a RenewRequest, 'c' a request in DER, 'x' a certificate in DER, 'a' an answer, 't' a code as typed.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "agent/enroll/enroll.h"
#include "base/log.h"
#include "cloud/enroll/desk.h"

using namespace platen;

namespace {

struct Cloud {
  std::string folder = [] {
    std::string name = (std::filesystem::temp_directory_path() / "platen-fuzz.XXXXXX").string();
    return std::string(::mkdtemp(name.data()));
  }();
  ManualClock clock;
  enroll::Identity ca = enroll::make_ca(clock.wall()).value();
  std::unique_ptr<enroll::Registry> registry = enroll::Registry::open(folder + "/enrol.db").value();
  enroll::Desk desk{{.ca = ca}, *registry, clock};
  identity::OwnKey key = identity::make_key().value();
  ~Cloud() { std::filesystem::remove_all(folder); }
};

void ask(Cloud& cloud, const char* path, const std::string& octets) {
  cloud.clock.advance(std::chrono::minutes(11));  // no limit is in the way
  const enroll::Reply reply = cloud.desk.answer(path, octets, "192.0.2.1");
  if (reply.status != 200 && reply.status != 400) std::abort();
  if (!cloud.registry->agents()->empty()) std::abort();  // nobody has a code
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Cloud cloud;
  log::threshold(log::Level::error);
  if (size == 0) return 0;
  const std::string rest(data + 1, data + size);
  switch (data[0]) {
    case 'e': ask(cloud, "/v1/enroll", rest); break;
    case 'r': ask(cloud, "/v1/renew", rest); break;
    case 'c':
      if (!enroll::requested_key_hash(rest) && enroll::requested_key(rest)) std::abort();
      break;
    case 'x':
      if (enroll::check_certificate(cloud.ca, rest)) std::abort();  // its key is nobody's
      break;
    case 'a':
      if (activation::read_answer(rest, cloud.key, {"cloud.example", 443}, "0123456789ABCDEFGHJ")) std::abort();
      break;
    default:
      if (const auto code = wire::parse_activation_code(rest))
        if (!wire::is_code_secret(code->secret.reveal()) || wire::to_text(*code).reveal().size() != 47) std::abort();
  }
  return 0;
}
