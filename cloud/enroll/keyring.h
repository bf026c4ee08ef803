// The cloud's keys as files in its data folder: ca.crt ca.key server.crt server.key; keys 0600, certificates 0644.
//
//   Errors   Code::conflict: there are keys already (agents trust them: nothing is overwritten); Code::not_found: none
//   yet;
//            Code::denied: rights, or a private key that others can read.
//   Shapes   server.crt is the server's certificate and after it the CA's, so that who knows only the CA's fingerprint finds it
//            in the handshake.
//   Effects  made in one go: when one file fails, those made before it are removed.
#pragma once

#include <span>
#include <string>

#include "cloud/enroll/ca.h"

namespace platen::enroll {

struct Keyring {
  Identity ca, server;
};

// The CA, which is made when there is none.
[[nodiscard]] Expected<Identity> ca_of(const std::string& folder, WallTime now);
// The CA is kept when there is one; a server's key must not be there.
[[nodiscard]] Expected<void> make_keyring(const std::string& folder, std::span<const std::string> names, WallTime now);
[[nodiscard]] Expected<Keyring> load_keyring(const std::string& folder);

}  // namespace platen::enroll
