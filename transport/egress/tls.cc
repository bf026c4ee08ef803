#include "transport/egress/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/ip_address.h"
#include "transport/egress/openssl.h"

namespace platen::egress {
namespace {

constexpr std::size_t most_names = 5;
constexpr int level = 2;  // SSL_CTX_set_security_level(3): 112 bits: no SHA-1, no RSA below 2048

int index_of_seen() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

TlsSeen* seen_by(const SSL* session) {
  return static_cast<TlsSeen*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), index_of_seen()));
}

Memory reading_from(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string name_of(const X509_NAME* name) {
  for (const int part : {NID_commonName, NID_organizationName}) {
    std::array<char, 128> text{};
    // OpenSSL only reads it
    const int size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), part, text.data(), text.size());
    if (size > 0) return {text.data(), static_cast<std::size_t>(size)};
  }
  return "";
}

std::optional<WallTime> time_of(const ASN1_TIME* time) {
  std::tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::chrono::sys_days day = std::chrono::year(parts.tm_year + 1900) /
                                    std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)) /
                                    std::chrono::day(static_cast<unsigned>(parts.tm_mday));
  return day + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

std::string names_of(const X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string out;
  std::size_t shown = 0;
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && shown < most_names; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS) continue;
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
    out.append(shown++ == 0 ? "" : ", ");
    out.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)), size);
  }
  GENERAL_NAMES_free(names);
  return out;
}

void note_peer(const X509* certificate, const STACK_OF(X509) * chain, PeerCertificate& peer) {
  if (certificate == nullptr) return;
  peer.subject = name_of(X509_get_subject_name(certificate));
  peer.issuer = name_of(X509_get_issuer_name(certificate));
  peer.names = names_of(certificate);
  peer.not_before = time_of(X509_get0_notBefore(certificate));
  peer.not_after = time_of(X509_get0_notAfter(certificate));
  if (const int count = sk_X509_num(chain); count > 0)
    peer.top = name_of(X509_get_issuer_name(sk_X509_value(chain, count - 1)));
}

struct VerifyRow {
  int error;
  Fault fault;
};
constexpr auto verify_rows = std::to_array<VerifyRow>({
    {X509_V_ERR_CERT_HAS_EXPIRED, Fault::expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, Fault::not_yet_valid},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, Fault::self_signed},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, Fault::not_trusted},
    {X509_V_ERR_HOSTNAME_MISMATCH, Fault::wrong_host},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, Fault::wrong_host},
    {X509_V_ERR_CERT_REVOKED, Fault::revoked},
    {X509_V_ERR_EE_KEY_TOO_SMALL, Fault::weak_certificate},
    {X509_V_ERR_CA_KEY_TOO_SMALL, Fault::weak_certificate},
    {X509_V_ERR_CA_MD_TOO_WEAK, Fault::weak_certificate},
});
constexpr std::array stale_crl = {X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED,
                                  X509_V_ERR_CRL_NOT_YET_VALID};

// The first thing that is wrong counts: what it is about is in the facts.
int judge(int good, X509_STORE_CTX* store) {
  if (good == 1) return 1;
  const int error = X509_STORE_CTX_get_error(store);
  if (std::find(stale_crl.begin(), stale_crl.end(), error) != stale_crl.end()) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
  }
  const auto* session = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsSeen* seen = session == nullptr ? nullptr : seen_by(session);
  if (seen != nullptr && seen->fault == Fault::none) {
    const auto* row = std::find_if(verify_rows.begin(), verify_rows.end(),
                                   [&](const VerifyRow& each) { return each.error == error; });
    seen->fault = row == verify_rows.end() ? Fault::not_trusted : row->fault;
    seen->facts.detail = X509_verify_cert_error_string(error);
    seen->facts.now = system_clock().wall();
    note_peer(X509_STORE_CTX_get0_cert(store), X509_STORE_CTX_get0_untrusted(store), seen->facts.peer);
  }
  return 0;
}

constexpr std::array about_our_certificate = {SSL_AD_BAD_CERTIFICATE,        SSL_AD_UNSUPPORTED_CERTIFICATE,
                                              SSL_AD_CERTIFICATE_REVOKED,    SSL_AD_CERTIFICATE_EXPIRED,
                                              SSL_AD_CERTIFICATE_UNKNOWN,    SSL_AD_UNKNOWN_CA,
                                              TLS13_AD_CERTIFICATE_REQUIRED, SSL_AD_ACCESS_DENIED};

std::string digest_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

void told(const SSL* session, int where, int value) {
  TlsSeen* seen = seen_by(session);
  if (seen == nullptr) return;
  if (where == SSL_CB_READ_ALERT && seen->fault == Fault::none) {
    const int alert = value & 0xFF;
    const bool ours =
        std::find(about_our_certificate.begin(), about_our_certificate.end(), alert) != about_our_certificate.end();
    seen->fault = ours                                                                         ? Fault::own_certificate
                  : alert == SSL_AD_PROTOCOL_VERSION                                           ? Fault::old_tls
                  : alert == SSL_AD_HANDSHAKE_FAILURE || alert == SSL_AD_INSUFFICIENT_SECURITY ? Fault::weak_tls
                  : alert == SSL_AD_NO_APPLICATION_PROTOCOL                                    ? Fault::no_alpn
                                                                                               : Fault::none;
    seen->facts.detail = SSL_alert_desc_string_long(value);
  }
  if (where != SSL_CB_HANDSHAKE_DONE) return;
  seen->facts.tls = SSL_get_version(session);
  const unsigned char* alpn = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session, &alpn, &size);
  seen->facts.alpn.assign(reinterpret_cast<const char*>(alpn), size);
  note_peer(SSL_get0_peer_certificate(session), SSL_get_peer_cert_chain(session), seen->facts.peer);
  const STACK_OF(X509)* chain = SSL_get0_verified_chain(session);
  if (const int count = sk_X509_num(chain); count > 0) {
    const std::string root = digest_of(sk_X509_value(chain, count - 1));
    seen->site_root = std::find(seen->site_roots.begin(), seen->site_roots.end(), root) != seen->site_roots.end();
  }
}

// The authority that is known by its fingerprint joins the roots when the peer shows it; then all is checked as always.
int verify_with_pin(X509_STORE_CTX* store, void* seen) {
  const STACK_OF(X509)* shown = X509_STORE_CTX_get0_untrusted(store);
  for (int i = 0; i < sk_X509_num(shown); ++i) {
    X509* each = sk_X509_value(shown, i);
    if (static_cast<TlsSeen*>(seen)->pin(digest_of(each))) X509_STORE_add_cert(X509_STORE_CTX_get0_store(store), each);
  }
  return X509_verify_cert(store);
}

// Certificates and CRLs into the store; how many certificates.
std::size_t believe(X509_STORE* store, const std::string& pem, bool& has_crls, std::vector<std::string>* digests) {
  const Memory memory = reading_from(pem);
  STACK_OF(X509_INFO)* all = PEM_X509_INFO_read_bio(memory.get(), nullptr, nullptr, nullptr);
  std::size_t count = 0;
  for (int i = 0; i < sk_X509_INFO_num(all); ++i) {
    const X509_INFO* each = sk_X509_INFO_value(all, i);
    if (each->x509 != nullptr && X509_STORE_add_cert(store, each->x509) == 1) {
      ++count;
      if (digests != nullptr) digests->push_back(digest_of(each->x509));
    }
    if (each->crl != nullptr && X509_STORE_add_crl(store, each->crl) == 1) has_crls = true;
  }
  sk_X509_INFO_pop_free(all, X509_INFO_free);
  ERR_clear_error();
  return count;
}

int no_pass_phrase(char*, int, int, void*) { return -1; }  // instead of asking on the terminal

Expected<void> show_ours(SSL_CTX* context, const Tls& tls) {
  if (tls.certificate_pem.empty()) return {};
  const Memory certificates = reading_from(tls.certificate_pem), key_text = reading_from(tls.key_pem.reveal());
  const PrivateKey key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_pass_phrase, nullptr));
  const Certificate first(PEM_read_bio_X509(certificates.get(), nullptr, no_pass_phrase, nullptr));
  bool good = key != nullptr && first != nullptr && SSL_CTX_use_certificate(context, first.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  while (good) {
    const Certificate next(PEM_read_bio_X509(certificates.get(), nullptr, no_pass_phrase, nullptr));
    if (next == nullptr) break;
    good = SSL_CTX_add1_chain_cert(context, next.get()) == 1;
  }
  ERR_clear_error();
  if (good) return {};
  return fail(Code::invalid,
              "this agent's certificate and its key do not belong together, or are weaker than 2048 bits");
}

Expected<void> expect_host(SSL_CTX* context, const std::string& host) {
  X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(context);
  const bool address = IpAddress::parse(host).has_value();
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int set = address ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                          : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
  if (set == 1) return {};
  return fail(Code::invalid, fmt::format("'{}' is no name that a certificate can be for", host));
}

}  // namespace

Expected<void> prepare(SSL_CTX* context, const Tls& tls, const std::string& site_roots_pem, const std::string& host,
                       TlsSeen& seen) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, 0);
  SSL_CTX_set_security_level(context, level);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_ex_data(context, index_of_seen(), &seen);
  SSL_CTX_set_info_callback(context, told);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, judge);
  X509_STORE* store = X509_STORE_new();
  SSL_CTX_set_cert_store(context, store);  // takes it; what a library put into the old one is gone
  bool has_crls = false;
  std::size_t roots = believe(store, tls.roots_pem, has_crls, nullptr);
  if (tls.believe_site) roots += believe(store, site_roots_pem, has_crls, &seen.site_roots);
  seen.pin = tls.pin;
  if (seen.pin) SSL_CTX_set_cert_verify_callback(context, verify_with_pin, &seen);
  if (roots == 0 && !seen.pin)
    return fail(Code::invalid, "there is no CA certificate to know the cloud by; name one in cloud.ca_file");
  if (has_crls) X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  if (auto wanted = expect_host(context, host); !wanted) return wanted;
  return show_ours(context, tls);
}

Fault fault_of_tls(unsigned long openssl_error) {
  struct Row {
    int reason;
    Fault fault;
  };
  constexpr auto reasons = std::to_array<Row>({
      {SSL_R_WRONG_VERSION_NUMBER, Fault::not_tls},
      {SSL_R_HTTP_REQUEST, Fault::not_tls},
      {SSL_R_PACKET_LENGTH_TOO_LONG, Fault::not_tls},
      {SSL_R_RECORD_LENGTH_MISMATCH, Fault::not_tls},
      {SSL_R_BAD_RECORD_TYPE, Fault::not_tls},
      {SSL_R_UNSUPPORTED_PROTOCOL, Fault::old_tls},
      {SSL_R_WRONG_SSL_VERSION, Fault::old_tls},
      {SSL_R_VERSION_TOO_LOW, Fault::old_tls},
      {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, Fault::old_tls},
      {SSL_R_NO_CIPHERS_AVAILABLE, Fault::weak_tls},
      {SSL_R_WRONG_CIPHER_RETURNED, Fault::weak_tls},
      {SSL_R_DH_KEY_TOO_SMALL, Fault::weak_tls},
      {SSL_R_WRONG_SIGNATURE_TYPE, Fault::weak_tls},
      {SSL_R_WRONG_CURVE, Fault::weak_tls},
      {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, Fault::weak_tls},
      {SSL_R_UNEXPECTED_EOF_WHILE_READING, Fault::cut},
  });
  const int reason = ERR_GET_REASON(openssl_error);
  const auto* row =
      std::find_if(reasons.begin(), reasons.end(), [&](const Row& each) { return each.reason == reason; });
  return row == reasons.end() ? Fault::cut : row->fault;
}

Expected<void> check_pem(const std::string& roots_pem) {
  X509_STORE* store = X509_STORE_new();
  bool has_crls = false;
  const std::size_t count = believe(store, roots_pem, has_crls, nullptr);
  X509_STORE_free(store);
  if (count > 0) return {};
  return fail(Code::invalid, "holds no certificate in PEM");
}

}  // namespace platen::egress
