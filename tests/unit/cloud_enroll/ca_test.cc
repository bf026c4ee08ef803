#include "cloud/enroll/ca.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "cloud/enroll/keyring.h"
#include "cloud/enroll/openssl.h"

using namespace platen;
using namespace platen::enroll;

namespace {

const WallTime now = from_rfc3339("2026-11-21T12:00:00Z").value();
const AgentName agent{"agent-1", "Example Dealer"};

Certificate parsed(const std::string& pem) {
  return Certificate(must(PEM_read_bio_X509(reading_from(pem).get(), nullptr, nullptr, nullptr), "PEM_read_bio_X509"));
}

// A request that asks for more than it should get: a CA named "admin".
std::string request_with(const Key& key, const Key& signer) {
  const Request request(X509_REQ_new());
  X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("admin"), -1, -1, 0);
  STACK_OF(X509_EXTENSION)* wishes = sk_X509_EXTENSION_new_null();
  sk_X509_EXTENSION_push(wishes, X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"));
  X509_REQ_add_extensions(request.get(), wishes);
  sk_X509_EXTENSION_pop_free(wishes, X509_EXTENSION_free);
  X509_REQ_set_pubkey(request.get(), key.get());
  must(X509_REQ_sign(request.get(), signer.get(), EVP_sha256()), "X509_REQ_sign");
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(memory.get(), request.get());
  return text_of(memory.get());
}
Key p256() { return Key(EVP_EC_gen("P-256")); }
std::string good_request() {
  const Key key = p256();
  return request_with(key, key);
}

// X509_V_OK, or why `leaf` is not trusted for `purpose` at `time`.
int trust(const std::string& root, const std::string& leaf, int purpose, WallTime time) {
  const Certificate trusted = parsed(root), judged = parsed(leaf);
  const std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), trusted.get());
  const std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), judged.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(time));
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

std::string name_part(const std::string& pem, int field) {
  char text[128] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(parsed(pem).get()), field, text, sizeof text);
  return text;
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-keys.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path(const std::string& name = "") const {
    return name.empty() ? path_ : path_ + "/" + name;
  }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a client of the cloud's own has a name that no agent's can be") {
  const auto ca = make_ca(now);
  REQUIRE(ca);
  const auto made = make_client(*ca, "_cloud", now);
  REQUIRE(made);
  CHECK(name_part(made->certificate_pem, NID_commonName) == "_cloud");
  CHECK(trust(ca->certificate_pem, made->certificate_pem, X509_PURPOSE_SSL_CLIENT, now) == X509_V_OK);
  CHECK(trust(ca->certificate_pem, made->certificate_pem, X509_PURPOSE_SSL_SERVER, now) != X509_V_OK);
  CHECK_FALSE(check_name({"_cloud", "Example Dealer"}));
  for (const char* name : {"cloud", "", "site-7"}) CHECK_FALSE(make_client(*ca, name, now));
}

TEST_CASE("an agent is what the cloud says it is, whatever the request asks for") {
  const Identity ca = make_ca(now).value();
  const std::string certificate = sign_agent(ca, good_request(), agent, agent_lifetime, now).value();
  CHECK(name_part(certificate, NID_commonName) == "agent-1");
  CHECK(name_part(certificate, NID_organizationName) == "Example Dealer");
  const Certificate made = parsed(certificate);
  CHECK(X509_check_ca(made.get()) == 0);
  CHECK((X509_get_extension_flags(made.get()) & EXFLAG_BCONS) != 0);
  CHECK(X509_get_key_usage(made.get()) == KU_DIGITAL_SIGNATURE);
  CHECK(X509_get_extended_key_usage(made.get()) == XKU_SSL_CLIENT);
  CHECK(X509_get_version(made.get()) == X509_VERSION_3);
}

TEST_CASE("each certificate is trusted for its own purpose, from five minutes ago until its end") {
  const Identity ca = make_ca(now).value();
  const std::string client = sign_agent(ca, good_request(), agent, agent_lifetime, now).value();
  const std::string server =
      make_server(ca, std::vector<std::string>{"cloud.example", "127.0.0.1", "::1"}, now)->certificate_pem;
  const std::string other_ca = make_ca(now)->certificate_pem;
  using std::chrono::days;
  using std::chrono::minutes;
  struct Row {
    const char* name;
    const std::string &root, &leaf;
    int purpose;
    WallTime time;
    int want;
  };
  const Row rows[] = {
      {"client", ca.certificate_pem, client, X509_PURPOSE_SSL_CLIENT, now, X509_V_OK},
      {"a slow clock", ca.certificate_pem, client, X509_PURPOSE_SSL_CLIENT, now - minutes(4), X509_V_OK},
      {"a clock too slow", ca.certificate_pem, client, X509_PURPOSE_SSL_CLIENT, now - minutes(6),
       X509_V_ERR_CERT_NOT_YET_VALID},
      {"the last day", ca.certificate_pem, client, X509_PURPOSE_SSL_CLIENT, now + days(29), X509_V_OK},
      {"over", ca.certificate_pem, client, X509_PURPOSE_SSL_CLIENT, now + days(31), X509_V_ERR_CERT_HAS_EXPIRED},
      {"no server", ca.certificate_pem, client, X509_PURPOSE_SSL_SERVER, now, X509_V_ERR_INVALID_PURPOSE},
      {"server", ca.certificate_pem, server, X509_PURPOSE_SSL_SERVER, now + days(396), X509_V_OK},
      {"no client", ca.certificate_pem, server, X509_PURPOSE_SSL_CLIENT, now, X509_V_ERR_INVALID_PURPOSE},
      {"another CA", other_ca, client, X509_PURPOSE_SSL_CLIENT, now, X509_V_ERR_CERT_SIGNATURE_FAILURE},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const int got = trust(row.root, row.leaf, row.purpose, row.time);
    if (row.want == X509_V_ERR_CERT_SIGNATURE_FAILURE) {
      CHECK(got != X509_V_OK);  // which check fails first differs with OpenSSL's version
    } else {
      CHECK(got == row.want);
    }
  }
}

TEST_CASE("a server answers to the names that it was given, and to no other") {
  const Identity ca = make_ca(now).value();
  const Certificate server =
      parsed(make_server(ca, std::vector<std::string>{"cloud.example", "127.0.0.1"}, now)->certificate_pem);
  CHECK(X509_check_host(server.get(), "cloud.example", 0, 0, nullptr) == 1);
  CHECK(X509_check_host(server.get(), "evil.example", 0, 0, nullptr) == 0);
  CHECK(X509_check_ip_asc(server.get(), "127.0.0.1", 0) == 1);
  CHECK(X509_check_ip_asc(server.get(), "127.0.0.2", 0) == 0);
  for (const char* bad : {"", "a b", "x,DNS:evil.example", "dirName:section", "-x", "[::1]"}) {
    CAPTURE(bad);
    CHECK(make_server(ca, std::vector<std::string>{bad}, now).error().code == Code::invalid);
  }
  CHECK(make_server(ca, {}, now).error().code == Code::invalid);
}

TEST_CASE("bad requests and names are refused with a reason") {
  const Identity ca = make_ca(now).value();
  const Key rsa(EVP_RSA_gen(2048)), p384(EVP_EC_gen("P-384")), mine = p256(), other = p256();
  struct Row {
    const char* name;
    std::string request;
    AgentName who;
    int days;
    const char* says;
  };
  const Row rows[] = {
      {"nothing", "", agent, 30, "no certificate request"},
      {"a certificate", ca.certificate_pem, agent, 30, "no certificate request"},
      {"too large", std::string(longest_request + 1, 'x'), agent, 30, "16 KiB"},
      {"RSA", request_with(rsa, rsa), agent, 30, "P-256"},
      {"another curve", request_with(p384, p384), agent, 30, "P-256"},
      {"a key it does not hold", request_with(mine, other), agent, 30, "not signed by its own key"},
      {"no id", good_request(), {"", "D"}, 30, "agent's name"},
      {"an id with a slash", good_request(), {"a/b", "D"}, 30, "agent's name"},
      {"an id too long", good_request(), {std::string(65, 'a'), "D"}, 30, "agent's name"},
      {"no dealer", good_request(), {"a", ""}, 30, "dealer's name"},
      {"a dealer that hides", good_request(), {"a", "D\xE2\x80\xAE"}, 30, "dealer's name"},
      {"no day", good_request(), agent, 0, "90 days at most"},
      {"too long a life", good_request(), agent, 91, "90 days at most"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto made = sign_agent(ca, row.request, row.who, std::chrono::days(row.days), now);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Code::invalid);
    CHECK(made.error().text.find(row.says) != std::string::npos);
    CHECK(made.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("serial numbers are long and differ") {
  const Identity ca = make_ca(now).value();
  const Certificate one = parsed(sign_agent(ca, good_request(), agent, agent_lifetime, now).value());
  const Certificate two = parsed(sign_agent(ca, good_request(), agent, agent_lifetime, now).value());
  CHECK(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.get()), X509_get0_serialNumber(two.get())) != 0);
  CHECK(X509_get0_serialNumber(one.get())->length == 20);
}

TEST_CASE("the keyring: private files, made once, loaded whole") {
  const Folder folder;
  const std::vector<std::string> names = {"localhost"};
  CHECK(load_keyring(folder.path()).error().code == Code::not_found);
  REQUIRE(make_keyring(folder.path(), names, now));
  const Keyring keys = load_keyring(folder.path()).value();
  CHECK(trust(keys.ca.certificate_pem, keys.server.certificate_pem, X509_PURPOSE_SSL_SERVER, now) == X509_V_OK);
  for (const char* key : {"ca.key", "server.key"}) {
    CHECK((std::filesystem::status(folder.path(key)).permissions() & std::filesystem::perms::all) ==
          std::filesystem::perms(0600));
  }
  CHECK(make_keyring(folder.path(), names, now).error().code == Code::conflict);
  CHECK(load_keyring(folder.path())->ca.certificate_pem == keys.ca.certificate_pem);
  ::chmod(folder.path("ca.key").c_str(), 0644);
  CHECK(load_keyring(folder.path()).error().code == Code::denied);
  std::filesystem::remove(folder.path("ca.key"));
  CHECK(make_keyring(folder.path(), names, now).error().code == Code::conflict);
  CHECK_FALSE(std::filesystem::exists(folder.path("ca.key")));
  CHECK(make_keyring(folder.path("not there"), names, now).error().code == Code::not_found);
}

TEST_CASE("keys that cannot be read are no crash") {
  Identity ca = make_ca(now).value();
  ca.key_pem = Secret("no key");
  CHECK(sign_agent(ca, good_request(), agent, agent_lifetime, now).error().code == Code::corrupt);
}
