// OpenSSL's handles, freed when they go, and what this room does with PEM. For this room only.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"
#include "base/handle.h"
#include "base/secret.h"

namespace platen::identity {

inline constexpr std::size_t most_octets = 64U << 10U;

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Handle<X509, X509_free>;
using CertificateRequest = Handle<X509_REQ, X509_REQ_free>;
using Bio = Handle<BIO, BIO_free_all>;

[[nodiscard]] Bio memory();  // wiped when it goes
[[nodiscard]] Bio memory(std::string_view octets);
[[nodiscard]] std::string content(BIO* bio);
// OpenSSL's own words end in its error queue, which is left empty for the next caller.
[[nodiscard]] std::string openssl_says();
int no_pass_phrase(char*, int, int, void*);  // instead of asking on the terminal
[[nodiscard]] Key key_from(std::string_view pem);
[[nodiscard]] Certificate certificate_from(std::string_view pem);
// A CN that is one short line of printable ASCII, or nothing.
[[nodiscard]] std::string common_name(X509_NAME* subject);
[[nodiscard]] std::string organisation(X509_NAME* subject);  // UTF-8; "" when there is none, or more than one
[[nodiscard]] WallTime time_of(const ASN1_TIME* time);
[[nodiscard]] Expected<Secret> new_key();  // P-256, PKCS #8 in PEM

}  // namespace platen::identity
