#include "cloud/enroll/code.h"

#include <openssl/rand.h>

#include <cstring>

#include "proto/activation_code.h"

namespace platen::enroll {

Expected<MadeCode> make_code(Registry& registry, const Identity& ca, const Place& place, WallTime now) {
  const auto fingerprint = fingerprint_of(ca.certificate_pem);
  if (!fingerprint) return fail(fingerprint.error());
  std::string random(wire::secret_octets, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(random.size())) != 1)
    return fail(Code::bug, "no random numbers can be had");
  const wire::ActivationCode code = wire::make_activation_code(random, *fingerprint);
  ::explicit_bzero(random.data(), random.size());
  const auto number = registry.add_code(code.secret, place, now);
  if (!number) return fail(number.error());
  return MadeCode{*number, wire::to_text(code), now + code_lifetime};
}

}  // namespace platen::enroll
