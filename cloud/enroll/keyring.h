// The cloud's keys as files in its data folder: ca.crt ca.key server.crt server.key; keys 0600, certificates 0644.
//
//   Errors   Code::conflict: there are keys already (agents trust them: nothing is overwritten); Code::not_found: none
//   yet;
//            Code::denied: rights, or a private key that others can read.
//   Effects  made in one go: when one file fails, those made before it are removed.
#pragma once

#include <span>
#include <string>

#include "cloud/enroll/ca.h"

namespace platen::enroll {

struct Keyring {
  Identity ca, server;
};

[[nodiscard]] Expected<void> make_keyring(const std::string& folder, std::span<const std::string> names, WallTime now);
[[nodiscard]] Expected<Keyring> load_keyring(const std::string& folder);

}  // namespace platen::enroll
