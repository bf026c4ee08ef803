// The cloud's certificate authority: one P-256 root that signs its own server certificate and the agents' certificates.
//
//   Source   RFC 5280 (profiles), RFC 2986 (requests), OpenSSL 3. An agent's certificate: CN = the id that the cloud
//   decides, O = the dealer,
//            CA:FALSE, digitalSignature, clientAuth; the subject of the request is ignored.
//   Errors   Code::invalid: a request or a name that is not acceptable, in one sentence; Code::corrupt: key or
//   certificate that cannot be
//            read; Code::bug: OpenSSL refused what never fails.
//   Effects  none but the random numbers; `now` is an argument. Private keys are Secrets and never in an error text.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"

namespace platen::enroll {

struct Identity {
  std::string certificate_pem;
  Secret key_pem;  // PKCS#8
};

struct AgentName {
  std::string agent_id;                  // becomes the CN: 1..64 of a-z A-Z 0-9 . _ -, beginning with a letter or digit
  std::string dealer;                    // becomes the O: 1..64 characters of text
  std::string customer = {}, site = {};  // become OU and L; "" leaves them out
};

inline constexpr std::chrono::days ca_lifetime{3650};
inline constexpr std::chrono::days server_lifetime{397};  // what TLS clients accept at most: 398 days
inline constexpr std::chrono::days agent_lifetime{30};
inline constexpr std::chrono::days longest_agent_lifetime{90};
inline constexpr std::chrono::minutes backdated{5};  // for clocks that are a little slow; a tenth of a shorter life
inline constexpr std::size_t longest_request = 16'384;

[[nodiscard]] Expected<Identity> make_ca(WallTime now);
// `names`: host names and IP addresses, at least one; they become the subjectAltName.
[[nodiscard]] Expected<Identity> make_server(const Identity& ca, std::span<const std::string> names, WallTime now);
// For a program of the cloud's own, to be a client with: `name` begins with '_', which no agent's can. Made when it is needed,
// and kept in no file.
[[nodiscard]] Expected<Identity> make_client(const Identity& ca, const std::string& name, WallTime now);
// The certificate for a request: signed by its own P-256 key, whatever subject and extensions it asks for.
[[nodiscard]] Expected<std::string> sign_agent(const Identity& ca, const std::string& request_pem,
                                               const AgentName& name, std::chrono::seconds lifetime, WallTime now);
// The same in DER, both ways.
[[nodiscard]] Expected<std::string> issue_agent(const Identity& ca, std::string_view request_der, const AgentName& name,
                                                std::chrono::seconds lifetime, WallTime now);
[[nodiscard]] Expected<void> check_name(const AgentName& name);

// SHA-256 over the certificate: what an activation code knows the CA by.
[[nodiscard]] Expected<std::string> fingerprint_of(const std::string& certificate_pem);
[[nodiscard]] Expected<std::string> der_of(const std::string& certificate_pem);

}  // namespace platen::enroll
