#include "cloud/enroll/request.h"

#include <array>

#include "base/handle.h"

namespace platen::enroll {
namespace {

const unsigned char* begin_of(std::string_view octets) { return reinterpret_cast<const unsigned char*>(octets.data()); }

bool is_p256(EVP_PKEY* key) {
  char group[32] = "";
  std::size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == SN_X9_62_prime256v1;
}

Request request_in(std::string_view der) {
  const unsigned char* at = begin_of(der);
  Request found(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  return found && at == begin_of(der) + der.size() ? std::move(found) : nullptr;
}

std::string part_of(X509* certificate, int field) {
  std::array<char, 65> text{};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), field, text.data(), text.size());
  return size <= 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
}

WallTime time_of(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::time_point_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::from_time_t(timegm(&parts)));
}

std::string hash_of(EVP_PKEY* key) {
  unsigned char* made = nullptr;
  const int size = i2d_PUBKEY(key, &made);
  must(size, "i2d_PUBKEY");
  const std::string der(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return sha256(der);
}

}  // namespace

Expected<Key> requested_key(std::string_view request_der) {
  if (request_der.size() > longest_request)
    return fail(Code::invalid, "the request is larger than 16 KiB; make a new one");
  const Request request = request_in(request_der);
  if (!request) return fail(Code::invalid, "that is no certificate request (PKCS #10); make a new one");
  Key key(X509_REQ_get_pubkey(request.get()));
  const bool fine = key && is_p256(key.get());
  const bool owned = fine && X509_REQ_verify(request.get(), key.get()) == 1;
  ERR_clear_error();
  if (!fine)
    return fail(Code::invalid, "the request's key is not P-256; make a new request with platen-agent identity");
  if (!owned)
    return fail(Code::invalid, "the request is not signed by its own key; make a new one with platen-agent identity");
  return key;
}

Expected<std::string> requested_key_hash(std::string_view request_der) try {
  const auto key = requested_key(request_der);
  if (!key) return fail(key.error());
  return hash_of(key->get());
} catch (const Refused& refused) {
  return fail(Code::bug, std::string(refused.step) + " failed");
}

Expected<std::string> request_der(const std::string& request_pem) try {
  if (request_pem.size() > longest_request)
    return fail(Code::invalid, "the request is larger than 16 KiB; make a new one");
  const Request request(PEM_read_bio_X509_REQ(reading_from(request_pem).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!request)
    return fail(Code::invalid,
                "no certificate request in PEM form (-----BEGIN CERTIFICATE REQUEST-----); make one with platen-agent "
                "identity");
  unsigned char* made = nullptr;
  const int size = i2d_X509_REQ(request.get(), &made);
  must(size, "i2d_X509_REQ");
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return out;
} catch (const Refused& refused) {
  return fail(Code::bug, std::string(refused.step) + " failed");
}

Expected<Presented> check_certificate(const Identity& ca, std::string_view certificate_der) try {
  const Certificate issuer(
      must(PEM_read_bio_X509(reading_from(ca.certificate_pem).get(), nullptr, nullptr, nullptr), "PEM_read_bio_X509"));
  const Certificate shown = certificate_der.size() > longest_request ? nullptr : certificate_in(certificate_der);
  const bool ours = shown && X509_check_issued(issuer.get(), shown.get()) == X509_V_OK &&
                    X509_verify(shown.get(), X509_get0_pubkey(issuer.get())) == 1 &&
                    X509_get_extended_key_usage(shown.get()) == XKU_SSL_CLIENT;
  ERR_clear_error();
  if (!ours) return fail(Code::invalid, "that is no certificate of an agent that this cloud signed");
  Presented found{.name = {.agent_id = part_of(shown.get(), NID_commonName),
                           .dealer = part_of(shown.get(), NID_organizationName),
                           .customer = part_of(shown.get(), NID_organizationalUnitName),
                           .site = part_of(shown.get(), NID_localityName)},
                  .not_after = time_of(X509_get0_notAfter(shown.get())),
                  .fingerprint = sha256(certificate_der),
                  .key_hash = hash_of(X509_get0_pubkey(shown.get()))};
  return found;
} catch (const Refused& refused) {
  return fail(Code::corrupt, std::string(refused.step) + " failed: the CA's certificate cannot be read");
}

WallTime end_of(std::string_view certificate_der) {
  const Certificate certificate = certificate_in(certificate_der);
  return certificate ? time_of(X509_get0_notAfter(certificate.get())) : WallTime{};
}

bool proves(std::string_view certificate_der, std::string_view message, std::string_view signature) {
  const Certificate certificate = certificate_in(certificate_der);
  if (!certificate || signature.empty()) return false;
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  const bool good =
      context &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(certificate.get())) == 1 &&
      EVP_DigestVerify(context.get(), begin_of(signature), signature.size(), begin_of(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace platen::enroll
