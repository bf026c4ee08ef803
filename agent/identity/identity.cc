#include "agent/identity/identity.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "agent/host/files.h"
#include "agent/identity/openssl.h"
#include "base/text.h"

namespace platen::identity {
namespace {

Expected<Key> read_key(const std::string& file, Secret& pem) {
  auto read = host::read_file(file, most_octets);
  if (!read) return fail(read.error());
  pem = Secret(std::move(read->octets));
  if (read->everybody_reads) {
    return fail(Code::denied,
                fmt::format("the key {0} is readable by everybody on this host; run: chmod 0600 {0}", file));
  }
  Key key = key_from(pem.reveal());
  if (key == nullptr) {
    return fail(Code::invalid,
                fmt::format("{} holds no private key in PEM without a pass phrase ({})", file, openssl_says()));
  }
  return key;
}

Expected<std::string> new_csr(EVP_PKEY* key, const std::string& agent_id) {
  const CertificateRequest request(X509_REQ_new());
  const Bio out = memory();
  const auto* name = reinterpret_cast<const unsigned char*>(agent_id.c_str());
  const bool made = request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, MBSTRING_ASC,
                                               name, static_cast<int>(agent_id.size()), -1, 0) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key) == 1 &&
                    X509_REQ_sign(request.get(), key, EVP_sha256()) > 0 &&
                    PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!made) return fail(Code::bug, "cannot make a certificate request: " + openssl_says());
  return content(out.get());
}

bool is_agent_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

Expected<Identity> load_identity(const std::string& certificate_file, const std::string& key_file) {
  Identity identity;
  auto read = host::read_file(certificate_file, most_octets);
  if (!read && read.error().code == Code::not_found) {
    return fail(Code::not_found,
                fmt::format("this agent has no certificate yet: {} is not there; make a request with `platen-agent "
                            "identity`, have the cloud sign it and put the certificate there",
                            certificate_file));
  }
  if (!read) return fail(read.error());
  identity.certificate_pem = std::move(read->octets);
  const Certificate certificate = certificate_from(identity.certificate_pem);
  if (certificate == nullptr) {
    return fail(Code::invalid, fmt::format("{} holds no certificate in PEM ({})", certificate_file, openssl_says()));
  }
  const auto key = read_key(key_file, identity.key_pem);
  if (!key) return fail(key.error());
  if (X509_check_private_key(certificate.get(), key->get()) != 1) {
    ERR_clear_error();
    return fail(Code::invalid,
                fmt::format("the key {} is not the key of the certificate {}; put the two that belong together there",
                            key_file, certificate_file));
  }
  identity.agent_id = common_name(X509_get_subject_name(certificate.get()));
  if (identity.agent_id.empty()) {
    return fail(Code::invalid, fmt::format("the certificate {} names nobody (no usable CN); ask the cloud for another",
                                           certificate_file));
  }
  identity.not_before = time_of(X509_get0_notBefore(certificate.get()));
  identity.not_after = time_of(X509_get0_notAfter(certificate.get()));
  return identity;
}

Expected<void> check_roots(const std::string& pem, const std::string& file) {
  if (certificate_from(pem) != nullptr) return {};
  return fail(Code::invalid, fmt::format("{} holds no certificate in PEM ({}); put the cloud's CA certificate there",
                                         file, openssl_says()));
}

Expected<void> validity(const Identity& identity, const std::string& certificate_file, WallTime now) {
  if (now < identity.not_before) {
    return fail(Code::unavailable,
                fmt::format("the certificate {} is valid from {} only, and it is {} here; check the clock of this host",
                            certificate_file, to_rfc3339(identity.not_before), to_rfc3339(now)));
  }
  if (now > identity.not_after) {
    return fail(Code::unavailable,
                fmt::format("the certificate {} expired at {}, and it is {} here; have it renewed, or check the clock",
                            certificate_file, to_rfc3339(identity.not_after), to_rfc3339(now)));
  }
  return {};
}

Expected<Request> make_key_and_csr(const std::string& key_file, const std::string& csr_file,
                                   const std::string& agent_id) {
  if (!is_agent_id(agent_id)) {
    return fail(Code::invalid,
                fmt::format("'{}' cannot be the name of an agent; use 1 to 64 letters, digits, '.', '-' and '_'",
                            for_terminal(agent_id)));
  }
  Request request;
  const auto made = new_key();
  if (!made) return fail(made.error());
  const auto written = host::write_file(key_file, made->reveal(), 0600, host::Existing::keep);
  request.key_made = written.has_value();
  if (!written && written.error().code != Code::conflict) return fail(written.error());
  Secret pem;
  const auto key = read_key(key_file, pem);  // the one in the file, whoever made it
  if (!key) return fail(key.error());
  auto csr = new_csr(key->get(), agent_id);
  if (!csr) return fail(csr.error());
  request.csr_pem = std::move(*csr);
  if (const auto kept = host::write_file(csr_file, request.csr_pem, 0644, host::Existing::replace); !kept) {
    return fail(kept.error());
  }
  return request;
}

std::string name_in_use(const std::string& key_file, const std::string& certificate_file, const std::string& csr_file) {
  if (const auto identity = load_identity(certificate_file, key_file); identity) return identity->agent_id;
  Secret pem;
  const auto key = read_key(key_file, pem);
  const auto read = host::read_file(csr_file, most_octets);
  if (!key || !read) return "";
  const CertificateRequest request(PEM_read_bio_X509_REQ(memory(read->octets).get(), nullptr, no_pass_phrase, nullptr));
  const bool ours = request != nullptr && X509_REQ_check_private_key(request.get(), key->get()) == 1;
  ERR_clear_error();
  return ours ? common_name(X509_REQ_get_subject_name(request.get())) : "";
}

std::string new_agent_id() {
  std::array<unsigned char, 8> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return "";
  return "agent-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

}  // namespace platen::identity
