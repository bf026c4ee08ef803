// What enrolment leaves on a host: key, certificate, the roots to know the cloud by, and where it is. One file, so that a
// power cut leaves the old identity or the new one, never half of either.
//
//   Shapes   identity.pem in the state folder, 0600: lines of text ("Cloud: HOST:PORT", "Enrolment: HOST:PORT", and where
//            there are any "Command: HOST:PORT", "Task-key: HEX"), then in
//            PEM the certificate, its key (PKCS #8), the roots. The key is made here and never leaves.
//   Errors   Code::not_found: not enrolled; Code::denied: others can read it, or it is another user's; Code::invalid: damaged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/identity/identity.h"

namespace platen::identity {

struct Enrolled {
  Identity identity;
  std::string roots_pem;
  std::string cloud, enrolment;  // HOST:PORT
  std::string command = {};      // HOST:PORT of the broker; "": there is none
  std::string task_key = {};     // Ed25519, 32 octets, that signs this agent's tasks; "": the cloud gave none
};

[[nodiscard]] std::string identity_file(const std::string& state_dir);
[[nodiscard]] Expected<Enrolled> load_enrolled(const std::string& file);
[[nodiscard]] Expected<void> keep_enrolled(const std::string& file, const Enrolled& enrolled);

// A key of this host and the request for it; the request has no name: the cloud decides.
struct OwnKey {
  Secret key_pem;
  std::string csr_der;
};
[[nodiscard]] Expected<OwnKey> make_key();
// The one kept in `file`, which is made when there is none: what was asked for once can be asked for again.
[[nodiscard]] Expected<OwnKey> pending_key(const std::string& file);

// ECDSA over SHA-256, DER.
[[nodiscard]] Expected<std::string> sign(const Secret& key_pem, std::string_view message);

// A certificate as it came, when it is for this key and of one of these roots. Errors: Code::invalid.
[[nodiscard]] Expected<Identity> identity_of(std::string_view certificate_der, const Secret& key_pem,
                                             const std::vector<std::string>& roots_der);
[[nodiscard]] Expected<std::string> der_of(const std::string& certificate_pem);
[[nodiscard]] Expected<std::string> pem_of(std::string_view certificate_der);
[[nodiscard]] std::string sha256(std::string_view octets);

}  // namespace platen::identity
