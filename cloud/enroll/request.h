// What strangers hand in, looked at: a request, a certificate that claims to be ours, a proof of its key.
//
//   Source   RFC 2986, RFC 5280, X9.62 (signatures in DER), OpenSSL 3.
//   Bounds   16 KiB each.
//   Errors   Code::invalid, in one sentence that may be shown to whoever handed it in.
//   Effects  none. Every octet is hostile.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"
#include "cloud/enroll/ca.h"
#include "cloud/enroll/openssl.h"

namespace platen::enroll {

// The P-256 key of a request in DER that is signed by it.
[[nodiscard]] Expected<Key> requested_key(std::string_view request_der);
// SHA-256 over that key's SubjectPublicKeyInfo: which key it is, however often it is asked for.
[[nodiscard]] Expected<std::string> requested_key_hash(std::string_view request_der);
[[nodiscard]] Expected<std::string> request_der(const std::string& request_pem);

// A certificate of an agent that this CA signed. Its dates are not judged.
struct Presented {
  AgentName name;
  WallTime not_after{};
  std::string fingerprint, key_hash;  // SHA-256 over the certificate; as requested_key_hash()
};
[[nodiscard]] Expected<Presented> check_certificate(const Identity& ca, std::string_view certificate_der);

// When a certificate that was just made ends.
[[nodiscard]] WallTime end_of(std::string_view certificate_der);

// Did the certificate's key sign (ECDSA, SHA-256) this message?
[[nodiscard]] bool proves(std::string_view certificate_der, std::string_view message, std::string_view signature);

}  // namespace platen::enroll
