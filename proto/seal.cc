#include "proto/seal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/handle.h"

namespace platen::wire {
namespace {

void free_all(STACK_OF(X509) * certificates) { sk_X509_pop_free(certificates, X509_free); }
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Handle<X509, X509_free>;
using Certificates = Handle<STACK_OF(X509), free_all>;
using Digest = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Memory = Handle<BIO, BIO_free>;
using Store = Handle<X509_STORE, X509_STORE_free>;
using Check = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

// OpenSSL's error queue is left empty for the next caller.
tl::unexpected<Error> refused(Code code, std::string text) {
  ERR_clear_error();
  return fail(code, std::move(text));
}

Memory reading_from(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int no_pass_phrase(char*, int, int, void*) { return -1; }

const unsigned char* octets_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Certificate parse(const std::string& der) {
  const unsigned char* at = octets_of(der);
  Certificate made(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = at == octets_of(der) + der.size();
  return whole ? std::move(made) : nullptr;
}

std::string named(std::string_view context, std::string_view octets) {
  return std::string(context).append(1, '\0').append(octets);
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return "";
  const ASN1_STRING* name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
                         static_cast<std::size_t>(ASN1_STRING_length(name)));
  const bool fine =
      text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return fine ? text : "";
}

Expected<void> check_chain(const std::string& ca_pem, X509* own, STACK_OF(X509) * others, WallTime now) {
  const Memory pem = reading_from(ca_pem);
  const Certificate ca(PEM_read_bio_X509(pem.get(), nullptr, no_pass_phrase, nullptr));
  const Store store(X509_STORE_new());
  const Check check(X509_STORE_CTX_new());
  if (ca == nullptr || X509_STORE_add_cert(store.get(), ca.get()) != 1 ||
      X509_STORE_CTX_init(check.get(), store.get(), own, others) != 1)
    return refused(Code::invalid, "the CA's certificate cannot be used");
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_purpose(wanted, X509_PURPOSE_SSL_CLIENT);
  X509_VERIFY_PARAM_set_auth_level(wanted, 2);  // as TLS: tls.cc in transport/egress
  X509_VERIFY_PARAM_set_time(wanted, std::chrono::system_clock::to_time_t(now));
  if (X509_verify_cert(check.get()) == 1) return {};
  const int why = X509_STORE_CTX_get_error(check.get());
  return refused(Code::denied, std::string("the certificate is not good here: ") + X509_verify_cert_error_string(why));
}

}  // namespace

Expected<std::string> sign(const Secret& key_pem, std::string_view context, std::string_view octets) {
  const Memory pem = reading_from(key_pem.reveal());
  const Key key(PEM_read_bio_PrivateKey(pem.get(), nullptr, no_pass_phrase, nullptr));
  const Digest digest(EVP_MD_CTX_new());
  const std::string all = named(context, octets);
  std::size_t size = 0;
  if (key == nullptr || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(digest.get(), nullptr, &size, octets_of(all), all.size()) != 1)
    return refused(Code::invalid, "the key cannot sign");
  std::string out(size, '\0');
  if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size, octets_of(all), all.size()) !=
      1)
    return refused(Code::invalid, "the key cannot sign");
  out.resize(size);
  return out;
}

Expected<std::vector<std::string>> certificates_of(const std::string& pem) {
  std::vector<std::string> out;
  const Memory memory = reading_from(pem);
  while (const Certificate each{PEM_read_bio_X509(memory.get(), nullptr, no_pass_phrase, nullptr)}) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(each.get(), &der);
    if (size <= 0) break;
    out.emplace_back(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
  }
  ERR_clear_error();
  if (out.empty() || out.size() > most_certificates) return fail(Code::invalid, "no certificates that can be shown");
  return out;
}

Expected<std::string> signer(const std::string& ca_pem, std::span<const std::string> certificates_der,
                             std::string_view context, std::string_view octets, std::string_view signature,
                             WallTime now) {
  if (certificates_der.empty() || certificates_der.size() > most_certificates)
    return fail(Code::denied, "one to four certificates are wanted");
  const Certificates others(sk_X509_new_null());
  Certificate own;
  for (const std::string& der : certificates_der) {
    Certificate each = der.size() <= longest_certificate ? parse(der) : nullptr;
    if (each == nullptr) return refused(Code::denied, "what is shown is no certificate");
    if (own == nullptr) {
      own = std::move(each);
    } else {
      sk_X509_push(others.get(), each.release());
    }
  }
  if (auto good = check_chain(ca_pem, own.get(), others.get(), now); !good) return fail(good.error());
  const Digest digest(EVP_MD_CTX_new());
  const std::string all = named(context, octets);
  EVP_PKEY* key = X509_get0_pubkey(own.get());
  if (key == nullptr || EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestVerify(digest.get(), octets_of(signature), signature.size(), octets_of(all), all.size()) != 1)
    return refused(Code::denied, "the signature is not by the key of the certificate");
  std::string name = common_name(own.get());
  if (name.empty()) return fail(Code::denied, "the certificate names nobody");
  return name;
}

}  // namespace platen::wire
