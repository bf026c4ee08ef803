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

namespace platen::enroll {

template <auto free_it>
struct FreeWith {
  template <class Handle>
  void operator()(Handle* handle) const {
    free_it(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Request = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

// Thrown inside the room, an Error at its door; `step` names the call that failed.
struct Refused {
  const char* step;
};
inline void must(int result, const char* step) {
  if (result <= 0) throw Refused{step};
}
template <class Handle>
Handle* must(Handle* handle, const char* step) {
  if (handle == nullptr) throw Refused{step};
  return handle;
}

inline Memory reading_from(const std::string& text) {
  return Memory(must(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "BIO_new_mem_buf"));
}
inline std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);  // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): OpenSSL's macro
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace platen::enroll
