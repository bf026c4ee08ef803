// The cryptography below USM: what RFC 3414, RFC 3826 and RFC 7860 take from elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "snmp/mib/credential.h"

namespace platen::zoo {

[[nodiscard]] std::string key_of_pass_phrase(snmp::Auth auth, std::string_view pass);  // RFC 3414 §A.2: Ku
[[nodiscard]] std::string localised(snmp::Auth auth, std::string_view ku, std::string_view engine_id);  // Kul
[[nodiscard]] std::string privacy_key(snmp::Auth auth, snmp::Priv priv, std::string kul);  // extended when Kul is short
[[nodiscard]] std::size_t digest_length(snmp::Auth auth);  // of msgAuthenticationParameters
[[nodiscard]] std::string digest(snmp::Auth auth, std::string_view key, std::string_view message);
[[nodiscard]] bool same_octets(std::string_view a, std::string_view b);  // in constant time

struct PrivacyIv {
  std::uint32_t boots, time;
  std::string_view salt;  // msgPrivacyParameters, 8 octets
};
[[nodiscard]] std::string encrypted(snmp::Priv priv, std::string_view key, const PrivacyIv& iv, std::string_view plain);
[[nodiscard]] std::string decrypted(snmp::Priv priv, std::string_view key, const PrivacyIv& iv,
                                    std::string_view cipher);  // "" when it cannot be

}  // namespace platen::zoo
