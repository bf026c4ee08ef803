// What opens a device: a community (v1, v2c) or a user (v3). Ordered lists of these are tried in order.
//
//   Source   RFC 3414 (USM), RFC 3826 (AES-128), RFC 7860 (SHA-2); AES-192/256 with Blumenthal key extension, as
//   Net-SNMP offers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/secret.h"
#include "snmp/mib/scope.h"

namespace platen::snmp {

enum class Version { v1, v2c, v3 };
enum class Auth { none, md5, sha1, sha224, sha256, sha384, sha512 };
enum class Priv { none, des, aes128, aes192, aes256 };

struct Credential {
  Version version = Version::v2c;
  Secret community{"public"};  // v1, v2c
  std::string user{};          // v3 securityName
  Auth auth = Auth::none;
  Secret auth_pass{};  // at least 8 octets (RFC 3414 §11.2)
  Priv priv = Priv::none;
  Secret priv_pass{};
  std::string context{};
  std::string name{};  // what people call it: no secret
  Scope scope{};       // shown to these addresses only
  friend bool operator==(const Credential&, const Credential&) = default;
};

[[nodiscard]] std::string_view name_of(Version);  // "1" "2c" "3"
[[nodiscard]] std::string_view name_of(Auth);     // "none" "MD5" "SHA" "SHA-224" …
[[nodiscard]] std::string_view name_of(Priv);     // "none" "DES" "AES" "AES-192" "AES-256"
[[nodiscard]] Expected<Version> parse_version(std::string_view);
[[nodiscard]] Expected<Auth> parse_auth(std::string_view);  // also "SHA1", "SHA256"; case does not matter
[[nodiscard]] Expected<Priv> parse_priv(std::string_view);  // also "AES128"
// Says what is wrong (short pass phrase, privacy without authentication, empty user); nothing when it can be used.
[[nodiscard]] Expected<void> check(const Credential&);
// Opens the same doors: all but the name and the scope is equal.
[[nodiscard]] bool same_login(const Credential&, const Credential&);
// "v2c", "v3 user mps SHA/AES", with its name in front where it has one: "office (v2c)". Never a secret.
[[nodiscard]] std::string label_of(const Credential&);

}  // namespace platen::snmp
