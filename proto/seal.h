// Who says something, proved in the message itself: a certificate, and a signature by its key.
//
//   Source   proto/platen/v1/uplink.proto: SignedPost. ECDSA-SHA256 (FIPS 186-5) over context ‖ 0x00 ‖ octets.
//   Errors   Code::invalid: a key or certificates that cannot be read; Code::denied: no proof, and why.
//   Effects  none. What comes in is hostile until opened.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"

namespace platen::wire {

inline constexpr std::string_view post_context = "platen.post.v1";
inline constexpr std::size_t most_certificates = 4, longest_certificate = 8192;

[[nodiscard]] Expected<std::string> sign(const Secret& key_pem, std::string_view context, std::string_view octets);
// The certificates of a PEM text as DER, in their order.
[[nodiscard]] Expected<std::vector<std::string>> certificates_of(const std::string& pem);
// The CN of the certificate that signed: it is for clients, of this CA, valid at `now`, and its key made the signature.
[[nodiscard]] Expected<std::string> signer(const std::string& ca_pem, std::span<const std::string> certificates_der,
                                           std::string_view context, std::string_view octets,
                                           std::string_view signature, WallTime now);

}  // namespace platen::wire
