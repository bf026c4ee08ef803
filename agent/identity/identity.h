// Who the agent is: one key made on this host and the certificate that the cloud signed for it.
//
//   Source   RFC 5280 (certificate), RFC 2986 (request), SEC 1 P-256. OpenSSL 3.
//   Shapes   PEM. The key file is made with 0600, all at once, and never replaced; its owner alone needs it.
//   Errors   One sentence that says plainly what is wrong with which file and what to do: Code::not_found (not enrolled
//   yet),
//            Code::denied (the key is readable by everybody), Code::invalid (no PEM, key of another certificate, no
//            name). validity(): Code::unavailable, not yet valid or expired: collecting goes on, the cloud will refuse
//            us.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"

namespace platen::identity {

struct Identity {
  std::string agent_id;  // the CN of the certificate
  std::string tenant;    // its O: the dealer; "": none
  std::string certificate_pem;
  Secret key_pem;
  WallTime not_before{}, not_after{};
};

[[nodiscard]] Expected<Identity> load_identity(const std::string& certificate_file, const std::string& key_file);
[[nodiscard]] Expected<void> validity(const Identity& identity, const std::string& certificate_file, WallTime now);

// At least one certificate in PEM: what the cloud will be known by. `file` is named in the error.
[[nodiscard]] Expected<void> check_roots(const std::string& pem, const std::string& file);

struct Request {
  bool key_made = false;  // false: the key was there and is kept
  std::string csr_pem;
};
// `agent_id` becomes the CN: 1 to 64 letters, digits, '.', '-', '_'. The CSR file is replaced when there is one.
[[nodiscard]] Expected<Request> make_key_and_csr(const std::string& key_file, const std::string& csr_file,
                                                 const std::string& agent_id);
// The name that the certificate has or, without one, the request; "" when neither is there or it is another key's.
[[nodiscard]] std::string name_in_use(const std::string& key_file, const std::string& certificate_file,
                                      const std::string& csr_file);
[[nodiscard]] std::string new_agent_id();  // "agent-" and 16 random hex digits

}  // namespace platen::identity
