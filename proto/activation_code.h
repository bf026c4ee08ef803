// What a dealer gives to a site: a one-use secret and the fingerprint of the cloud's CA, as text that people can type.
//
//   Shapes   8 groups of 5: "K7Q2M-…". 20 symbols of secret (100 bits), 19 of the fingerprint (the first 95 bits of SHA-256
//            over the CA's certificate), one check symbol. Alphabet: digits and letters without I, L, O, U (Crockford's).
//   Typing   Case, blanks and hyphens do not matter; O is read as 0, I and L as 1. The check symbol, a polynomial over
//            GF(32), finds every single wrong symbol and every two neighbours swapped.
//   Errors   Code::invalid, in words for the person who typed.
//   Effects  none.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/secret.h"

namespace platen::wire {

struct ActivationCode {
  Secret secret;    // 20 symbols: what the cloud is asked with
  std::string pin;  // 19 symbols: what its CA is known by
  friend bool operator==(const ActivationCode&, const ActivationCode&) = default;
};

inline constexpr std::size_t secret_symbols = 20, pin_symbols = 19, code_group = 5;
inline constexpr std::size_t secret_octets = 13;  // of randomness: the first 100 bits count

// `random`: secret_octets of them; `ca_sha256`: 32 octets.
[[nodiscard]] ActivationCode make_activation_code(std::string_view random, std::string_view ca_sha256);
[[nodiscard]] std::string pin_of(std::string_view ca_sha256);

[[nodiscard]] Secret to_text(const ActivationCode& code);
[[nodiscard]] Expected<ActivationCode> parse_activation_code(std::string_view typed);
// Of the secret part alone, as it comes over the wire.
[[nodiscard]] bool is_code_secret(std::string_view text);

}  // namespace platen::wire
