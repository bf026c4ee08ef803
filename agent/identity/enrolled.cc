#include "agent/identity/enrolled.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/host/files.h"
#include "agent/identity/openssl.h"
#include "base/handle.h"
#include "base/text.h"

namespace platen::identity {
namespace {

constexpr unsigned owner_only = 0600;
constexpr std::string_view key_begins = "-----BEGIN PRIVATE KEY-----", key_ends = "-----END PRIVATE KEY-----\n",
                           certificate_begins = "-----BEGIN CERTIFICATE-----";
constexpr std::size_t most_octets_of_identity = 4U << 20U;  // roots of a whole system are 200 KB

using Signing = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

std::string_view line_of(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + key.size());
  return rest.substr(0, rest.find('\n'));
}

std::string from_hex(std::string_view digits) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    if (fault != std::errc{} || end != digits.data() + i + 2) return "";
    octets += static_cast<char>(value);
  }
  return octets;
}

Error damaged(const std::string& file, std::string_view why) {
  return {Code::invalid,
          fmt::format("{}: {}; enrol this agent again: platen enroll CODE --cloud HOST --replace", file, why)};
}

Expected<std::string> private_file(const std::string& file) {
  auto read = host::read_file(file, most_octets_of_identity);
  if (!read) return fail(read.error());
  if (read->others_read)
    return fail(Code::denied, fmt::format("others on this host can read the key in {0}; run: chmod 0600 {0}", file));
  if (read->foreign)
    return fail(Code::denied, fmt::format("{} belongs to another user; give it to the agent's, or remove it", file));
  return std::move(read->octets);
}

Certificate certificate_in(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  Certificate found(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  const bool whole = at == reinterpret_cast<const unsigned char*>(der.data()) + der.size();
  return found != nullptr && whole ? std::move(found) : nullptr;
}

Expected<Identity> identity_from(X509* certificate, std::string pem, const Secret& key_pem) {
  const Key key = key_from(key_pem.reveal());
  const bool fits = key != nullptr && X509_check_private_key(certificate, key.get()) == 1;
  ERR_clear_error();
  if (!fits) return fail(Code::invalid, "the certificate is not for the key of this host");
  Identity out{.agent_id = common_name(X509_get_subject_name(certificate)),
               .tenant = organisation(X509_get_subject_name(certificate)),
               .certificate_pem = std::move(pem),
               .key_pem = key_pem,
               .not_before = time_of(X509_get0_notBefore(certificate)),
               .not_after = time_of(X509_get0_notAfter(certificate))};
  if (out.agent_id.empty()) return fail(Code::invalid, "the certificate names nobody (no usable CN)");
  return out;
}

Expected<std::string> csr_for(EVP_PKEY* key) {
  const CertificateRequest request(X509_REQ_new());
  unsigned char* made = nullptr;
  const bool good = request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key) == 1 && X509_REQ_sign(request.get(), key, EVP_sha256()) > 0;
  const int size = good ? i2d_X509_REQ(request.get(), &made) : 0;
  if (size <= 0) return fail(Code::bug, "cannot make a certificate request: " + openssl_says());
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return out;
}

}  // namespace

std::string identity_file(const std::string& state_dir) { return state_dir + "/identity.pem"; }

Expected<Enrolled> load_enrolled(const std::string& file) {
  const auto octets = private_file(file);
  if (!octets) return fail(octets.error());
  const std::string_view text = *octets;
  const std::size_t first = text.find(certificate_begins), key = text.find(key_begins), end = text.find(key_ends);
  if (first == std::string_view::npos || key == std::string_view::npos || end == std::string_view::npos ||
      key < first || end < key)
    return fail(damaged(file, "this is no identity"));
  const std::size_t roots = end + key_ends.size();
  Enrolled out;
  out.cloud = line_of(text.substr(0, first), "Cloud: ");
  out.enrolment = line_of(text.substr(0, first), "Enrolment: ");
  out.command = line_of(text.substr(0, first), "Command: ");
  out.task_key = from_hex(line_of(text.substr(0, first), "Task-key: "));
  out.roots_pem = text.substr(roots);
  const std::string certificate_pem(text.substr(first, key - first));
  const Certificate certificate = certificate_from(certificate_pem);
  if (certificate == nullptr || out.cloud.empty() || out.enrolment.empty())
    return fail(damaged(file, "a part of this identity is missing"));
  if (const auto known = check_roots(out.roots_pem, file); !known) return fail(damaged(file, "its roots are missing"));
  auto identity = identity_from(certificate.get(), certificate_pem, Secret(std::string(text.substr(key, roots - key))));
  if (!identity) return fail(damaged(file, identity.error().text));
  out.identity = std::move(*identity);
  return out;
}

Expected<void> keep_enrolled(const std::string& file, const Enrolled& enrolled) {
  const std::string task_key = enrolled.task_key.empty() ? "" : "Task-key: " + to_hex(enrolled.task_key) + "\n";
  const std::string command = enrolled.command.empty() ? "" : "Command: " + enrolled.command + "\n";
  const Secret text(fmt::format("Cloud: {}\nEnrolment: {}\n{}{}{}{}{}", enrolled.cloud, enrolled.enrolment, command,
                                task_key, enrolled.identity.certificate_pem, enrolled.identity.key_pem.reveal(),
                                enrolled.roots_pem));
  return host::write_file(file, text.reveal(), owner_only, host::Existing::replace);
}

Expected<OwnKey> make_key() {
  auto pem = new_key();
  if (!pem) return fail(pem.error());
  auto csr = csr_for(key_from(pem->reveal()).get());
  if (!csr) return fail(csr.error());
  return OwnKey{std::move(*pem), std::move(*csr)};
}

Expected<OwnKey> pending_key(const std::string& file) {
  auto kept = private_file(file);
  if (!kept && kept.error().code == Code::not_found) {
    auto made = make_key();
    if (!made) return made;
    const auto written = host::write_file(file, made->key_pem.reveal(), owner_only, host::Existing::keep);
    return written ? made : fail(written.error());
  }
  if (!kept) return fail(kept.error());
  const Secret pem(std::move(*kept));
  const Key key = key_from(pem.reveal());
  if (key == nullptr)
    return fail(Code::invalid, fmt::format("{} holds no private key ({}); remove it", file, openssl_says()));
  auto csr = csr_for(key.get());
  if (!csr) return fail(csr.error());
  return OwnKey{pem, std::move(*csr)};
}

Expected<std::string> sign(const Secret& key_pem, std::string_view message) {
  const Key key = key_from(key_pem.reveal());
  const Signing signing(EVP_MD_CTX_new());
  const auto* octets = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  bool good = key != nullptr && signing != nullptr &&
              EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
              EVP_DigestSign(signing.get(), nullptr, &size, octets, message.size()) == 1;
  std::string out(size, '\0');
  good = good && EVP_DigestSign(signing.get(), reinterpret_cast<unsigned char*>(out.data()), &size, octets,
                                message.size()) == 1;
  if (!good) return fail(Code::bug, "cannot sign with the key of this agent: " + openssl_says());
  out.resize(size);
  return out;
}

Expected<Identity> identity_of(std::string_view certificate_der, const Secret& key_pem,
                               const std::vector<std::string>& roots_der) {
  const Certificate certificate = certificate_in(certificate_der);
  if (certificate == nullptr) return fail(Code::invalid, "the cloud sent something that is no certificate");
  const bool issued = std::any_of(roots_der.begin(), roots_der.end(), [&](const std::string& der) {
    const Certificate root = certificate_in(der);
    return root != nullptr && X509_verify(certificate.get(), X509_get0_pubkey(root.get())) == 1;
  });
  ERR_clear_error();
  if (!issued) return fail(Code::invalid, "the certificate is of another authority than the cloud's");
  auto pem = pem_of(certificate_der);
  if (!pem) return fail(pem.error());
  return identity_from(certificate.get(), std::move(*pem), key_pem);
}

Expected<std::string> pem_of(std::string_view certificate_der) {
  const Certificate certificate = certificate_in(certificate_der);
  const Bio out(BIO_new(BIO_s_mem()));
  if (certificate == nullptr || PEM_write_bio_X509(out.get(), certificate.get()) != 1)
    return fail(Code::invalid, "the cloud sent something that is no certificate");
  return content(out.get());
}

Expected<std::string> der_of(const std::string& certificate_pem) {
  const Certificate certificate = certificate_from(certificate_pem);
  unsigned char* made = nullptr;
  const int size = certificate == nullptr ? 0 : i2d_X509(certificate.get(), &made);
  if (size <= 0) return fail(Code::invalid, "no certificate in PEM (" + openssl_says() + ")");
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return out;
}

std::string sha256(std::string_view octets) {
  std::string out(32, '\0');
  EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr, EVP_sha256(),
             nullptr);
  return out;
}

}  // namespace platen::identity
