// OpenSSL's handles, freed when they go, and its errors as ours. For this room only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/handle.h"

namespace platen::enroll {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Handle<X509, X509_free>;
using Request = Handle<X509_REQ, X509_REQ_free>;
using Extension = Handle<X509_EXTENSION, X509_EXTENSION_free>;
using Memory = Handle<BIO, BIO_free>;
using Number = Handle<BIGNUM, BN_free>;

// Thrown inside the room, an Error at its door; `step` names the call that failed.
struct Refused {
  const char* step;
};
inline void must(int result, const char* step) {
  if (result <= 0) throw Refused{step};
}
template <class Object>
Object* must(Object* object, const char* step) {
  if (object == nullptr) throw Refused{step};
  return object;
}

inline Memory reading_from(const std::string& text) {
  return Memory(must(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "BIO_new_mem_buf"));
}
inline std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);  // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): OpenSSL's macro
  return std::string(data, static_cast<std::size_t>(size));
}

// Null when it is none.
inline Certificate certificate_in(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  Certificate found(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  const bool whole = at == reinterpret_cast<const unsigned char*>(der.data()) + der.size();
  return found && whole ? std::move(found) : nullptr;
}
inline std::string der_of(X509* certificate) {
  unsigned char* made = nullptr;
  const int size = i2d_X509(certificate, &made);
  must(size, "i2d_X509");
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return out;
}
inline std::string sha256(std::string_view octets) {
  std::string out(32, '\0');
  must(EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr, EVP_sha256(),
                  nullptr),
       "EVP_Digest");
  return out;
}

}  // namespace platen::enroll
