#include "agent/identity/identity.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace platen;  // NOLINT: a test
namespace fs = std::filesystem;
using identity::load_identity;
using identity::make_key_and_csr;

namespace {

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("platen-identity-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string content_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

void put(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  fs::permissions(path, static_cast<fs::perms>(0600));
}

// Signs the key in `key_file` for `name`, valid from `from` to `until` seconds after now, as a cloud would.
void certify(const std::string& key_file, const std::string& certificate_file, const char* name, long from,
             long until) {
  std::FILE* in = std::fopen(key_file.c_str(), "r");
  REQUIRE(in != nullptr);
  EVP_PKEY* key = PEM_read_PrivateKey(in, nullptr, nullptr, nullptr);
  std::fclose(in);
  REQUIRE(key != nullptr);
  X509* made = X509_new();
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
  X509_gmtime_adj(X509_getm_notBefore(made), from);
  X509_gmtime_adj(X509_getm_notAfter(made), until);
  X509_set_pubkey(made, key);
  if (name != nullptr) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  }
  REQUIRE(X509_sign(made, key, EVP_sha256()) > 0);
  std::FILE* out = std::fopen(certificate_file.c_str(), "w");
  REQUIRE(out != nullptr);
  PEM_write_X509(out, made);
  std::fclose(out);
  X509_free(made);
  EVP_PKEY_free(key);
}

std::string why(const Expected<identity::Identity>& result) { return result ? "(good)" : result.error().text; }

}  // namespace

TEST_CASE("the key is P-256, for its owner alone, and made once") {
  const Folder folder;
  const auto first = make_key_and_csr(folder / "agent.key", folder / "agent.csr", "agent-7");
  REQUIRE(first);
  CHECK(first->key_made);
  struct stat facts = {};
  REQUIRE(::stat((folder / "agent.key").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600);
  const std::string key = content_of(folder / "agent.key");
  const auto second = make_key_and_csr(folder / "agent.key", folder / "agent.csr", "agent-7");
  REQUIRE(second);
  CHECK_FALSE(second->key_made);
  CHECK(content_of(folder / "agent.key") == key);
}

TEST_CASE("the request is signed by the key and carries the name") {
  const Folder folder;
  const auto request = make_key_and_csr(folder / "k", folder / "c", "site-7.agent_1");
  REQUIRE(request);
  CHECK(content_of(folder / "c") == request->csr_pem);
  BIO* in = BIO_new_mem_buf(request->csr_pem.data(), static_cast<int>(request->csr_pem.size()));
  X509_REQ* csr = PEM_read_bio_X509_REQ(in, nullptr, nullptr, nullptr);
  REQUIRE(csr != nullptr);
  EVP_PKEY* key = X509_REQ_get_pubkey(csr);
  CHECK(X509_REQ_verify(csr, key) == 1);
  CHECK(EVP_PKEY_get_bits(key) == 256);
  CHECK(EVP_PKEY_is_a(key, "EC") == 1);
  char name[65] = {};
  X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(csr), NID_commonName, name, sizeof name);
  CHECK(std::string(name) == "site-7.agent_1");
  EVP_PKEY_free(key);
  X509_REQ_free(csr);
  BIO_free(in);
}

TEST_CASE("the name in use is the certificate's, or else the request's, when they are this key's") {
  const Folder folder;
  const auto used = [&](const char* key, const char* certificate, const char* request) {
    return identity::name_in_use(folder / key, folder / certificate, folder / request);
  };
  REQUIRE(make_key_and_csr(folder / "k", folder / "c", "asked"));
  REQUIRE(make_key_and_csr(folder / "other", folder / "other.csr", "stranger"));
  certify(folder / "k", folder / "crt", "certified", -60, 3600);
  put(folder / "text", "hello");
  struct Row {
    const char *key, *certificate, *request, *name;
  };
  const Row rows[] = {
      {"k", "none", "none", ""},      {"k", "none", "c", "asked"}, {"k", "crt", "c", "certified"},
      {"k", "none", "other.csr", ""}, {"none", "crt", "c", ""},    {"other", "crt", "c", ""},
      {"k", "text", "c", "asked"},    {"k", "none", "text", ""},   {"k", "crt", "none", "certified"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.key);
    CAPTURE(row.certificate);
    CAPTURE(row.request);
    CHECK(used(row.key, row.certificate, row.request) == row.name);
  }
}

TEST_CASE("a name that no certificate should carry is refused before anything is written") {
  const Folder folder;
  for (const std::string name :
       {"", "a b", "a/b", "\x1b[31m", "0123456789012345678901234567890123456789012345678901234567890123456789"}) {
    CAPTURE(name);
    CHECK(make_key_and_csr(folder / "k", folder / "c", name).error().code == Code::invalid);
  }
  CHECK_FALSE(fs::exists(folder / "k"));
  CHECK(identity::new_agent_id().size() == 22);
  CHECK(identity::new_agent_id() != identity::new_agent_id());
}

TEST_CASE("an identity that fits is loaded") {
  const Folder folder;
  REQUIRE(make_key_and_csr(folder / "k", folder / "c", "agent-7"));
  certify(folder / "k", folder / "crt", "agent-7", -60, 3600);
  const auto loaded = load_identity(folder / "crt", folder / "k");
  REQUIRE_MESSAGE(loaded, why(loaded));
  CHECK(loaded->agent_id == "agent-7");
  CHECK(loaded->key_pem.reveal() == content_of(folder / "k"));
  CHECK(loaded->not_after - loaded->not_before == std::chrono::seconds(3660));
  CHECK(identity::validity(*loaded, "crt", loaded->not_before));
  CHECK(identity::validity(*loaded, "crt", loaded->not_after));
  const auto expired = identity::validity(*loaded, "crt", loaded->not_after + std::chrono::seconds(1));
  CHECK(expired.error().text.starts_with("the certificate crt expired at "));
  const auto early = identity::validity(*loaded, "crt", loaded->not_before - std::chrono::seconds(1));
  CHECK(early.error().text.find("check the clock of this host") != std::string::npos);
}

TEST_CASE("roots are certificates") {
  const Folder folder;
  REQUIRE(make_key_and_csr(folder / "k", folder / "c", "agent-7"));
  certify(folder / "k", folder / "crt", "agent-7", -60, 3600);
  CHECK(identity::check_roots("# ours\n" + content_of(folder / "crt"), "ca.crt"));
  CHECK_FALSE(identity::check_roots("roots", "ca.crt"));
  CHECK_FALSE(identity::check_roots("", "ca.crt"));
  CHECK(identity::check_roots("", "ca.crt").error().text.find("ca.crt holds no certificate") == 0);
}

TEST_CASE("what does not fit is said plainly") {
  const Folder folder;
  REQUIRE(make_key_and_csr(folder / "k", folder / "c", "agent-7"));
  REQUIRE(make_key_and_csr(folder / "other", folder / "c", "agent-7"));
  certify(folder / "k", folder / "crt", "agent-7", -60, 3600);
  certify(folder / "k", folder / "nameless", nullptr, -60, 3600);
  certify(folder / "k", folder / "odd", "two\nlines", -60, 3600);
  put(folder / "text", "hello");
  put(folder / "open", content_of(folder / "k"));
  fs::permissions(folder / "open", static_cast<fs::perms>(0644));
  struct Row {
    const char* certificate;
    const char* key;
    Code code;
    const char* says;
  };
  const Row rows[] = {
      {"none", "k", Code::not_found, "this agent has no certificate yet"},
      {"crt", "none", Code::not_found, "cannot read "},
      {"text", "k", Code::invalid, "holds no certificate in PEM"},
      {"crt", "text", Code::invalid, "holds no private key in PEM"},
      {"crt", "other", Code::invalid, "is not the key of the certificate"},
      {"crt", "open", Code::denied, "run: chmod 0600 "},
      {"nameless", "k", Code::invalid, "names nobody"},
      {"odd", "k", Code::invalid, "names nobody"},
      {"k", "k", Code::invalid, "holds no certificate in PEM"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.certificate);
    CAPTURE(row.key);
    const auto loaded = load_identity(folder / row.certificate, folder / row.key);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == row.code);
    CHECK(why(loaded).find(row.says) != std::string::npos);
    CHECK(why(loaded).find("PRIVATE KEY-----") == std::string::npos);
  }
}
