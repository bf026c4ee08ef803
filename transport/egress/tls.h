// The one judge of TLS: what every outgoing connection of Platen accepts, whichever library speaks on it.
//
//   Accepts  TLS 1.2 with ECDHE and AEAD, TLS 1.3; RSA from 2048 bits, EC from 224, SHA-2 (OpenSSL's security level 2);
//            a certificate for the host, valid now, of one of the roots.
//   Revoked  Where the roots' text also holds CRLs (PEM), what they name is refused. A CRL that is too old, or of
//            another authority, refuses nothing: it could not be renewed by an agent that it has locked out.
//   Effects  none but on the context. Handshake facts go to `seen` while it lives.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"
#include "transport/egress/fault.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace platen::egress {

// Whom to believe, and who we are.
struct Tls {
  std::string roots_pem = {};  // CA certificates, and CRLs if wanted
  std::string name = {};       // whose certificate it must be; "": of the host that is dialled
  // The authority by its fingerprint (SHA-256): believed when the peer shows it, besides the roots. Empty: none is meant.
  std::function<bool(std::string_view)> pin = {};
  bool believe_site = true;  // also the authority of the site (Settings::site_roots_pem); not where a pin is meant
  std::string certificate_pem = {};  // ours, with its chain; "": none is shown
  Secret key_pem = {};
  std::string alpn = {};                 // "h2", "http/1.1": must be chosen by the peer; "": not asked for
  std::vector<std::string> offers = {};  // asked for besides, and need not be chosen
};

// What the way of commands offers: by "mqtt" a front end knows who is meant while TLS is still closed; "http/1.1" is what a
// WebSocket begins with, and what servers choose (docs/protocol.md).
inline const std::array<const char*, 2> command_offers = {"mqtt", "http/1.1"};

// What a handshake showed. `fault` stays none when all is well.
struct TlsSeen {
  Facts facts = {};
  Fault fault = Fault::none;
  bool site_root = false;                    // the chain ends in an authority of the site: TLS is opened on the way
  std::vector<std::string> site_roots = {};  // digests of the site's authorities
  std::function<bool(std::string_view)> pin = {};
};

// `site_roots_pem` is believed besides `tls.roots_pem`. Errors: Code::invalid: no roots, or a key that does not fit.
[[nodiscard]] Expected<void> prepare(ssl_ctx_st* context, const Tls& tls, const std::string& site_roots_pem,
                                     const std::string& host, TlsSeen& seen);
// What the library's error means where the certificate was not the reason.
[[nodiscard]] Fault fault_of_tls(unsigned long openssl_error);
// Are there certificates in it? Errors: Code::invalid.
[[nodiscard]] Expected<void> check_pem(const std::string& roots_pem);

}  // namespace platen::egress
