#include "snmp/mib/credential.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace platen::snmp;

namespace {

Credential user(Auth auth, std::string auth_pass, Priv priv, std::string priv_pass) {
  return {.version = Version::v3,
          .user = "mps",
          .auth = auth,
          .auth_pass = Secret(std::move(auth_pass)),
          .priv = priv,
          .priv_pass = Secret(std::move(priv_pass)),
          .context = {}};
}

}  // namespace

TEST_CASE("what has a name can be read back from it") {
  for (const auto version : {Version::v1, Version::v2c, Version::v3}) CHECK(parse_version(name_of(version)) == version);
  for (const auto auth : {Auth::none, Auth::md5, Auth::sha1, Auth::sha224, Auth::sha256, Auth::sha384, Auth::sha512}) {
    CHECK(parse_auth(name_of(auth)) == auth);
  }
  for (const auto priv : {Priv::none, Priv::des, Priv::aes128, Priv::aes192, Priv::aes256}) {
    CHECK(parse_priv(name_of(priv)) == priv);
  }
}

TEST_CASE("other spellings, in any case") {
  CHECK(parse_version("v2C") == Version::v2c);
  CHECK(parse_auth("sha1") == Auth::sha1);
  CHECK(parse_auth("SHA256") == Auth::sha256);
  CHECK(parse_auth("sha-512") == Auth::sha512);
  CHECK(parse_priv("AES128") == Priv::aes128);
  CHECK(parse_priv("aes-256") == Priv::aes256);
}

TEST_CASE("an unknown protocol names the known ones") {
  for (const char* bad : {"", "SHA3", "sha 256", "MD55"}) {
    CAPTURE(bad);
    const auto auth = parse_auth(bad);
    REQUIRE_FALSE(auth);
    CHECK(auth.error().code == Code::invalid);
    CHECK(auth.error().text.find("SHA-512") != std::string::npos);
  }
  CHECK_FALSE(parse_version("4"));
  CHECK_FALSE(parse_priv("3DES"));
}

TEST_CASE("check says what is wrong") {
  struct Row {
    const char* name;
    Credential credential;
    const char* complaint;  // "": can be used
  };
  Credential nobody = user(Auth::none, "", Priv::none, "");
  nobody.user.clear();
  Credential long_context = user(Auth::none, "", Priv::none, "");
  long_context.context = std::string(33, 'c');
  const Row rows[] = {
      {"the default", Credential{}, ""},
      {"v1 without a community", {.version = Version::v1, .community = Secret("")}, "community is empty"},
      {"an endless community", {.community = Secret(std::string(256, 'x'))}, "255"},
      {"v3 user alone", user(Auth::none, "", Priv::none, ""), ""},
      {"v3 without user", nobody, "user name"},
      {"v3 long context", long_context, "context"},
      {"v3 authPriv", user(Auth::sha1, "12345678", Priv::aes128, "87654321"), ""},
      {"short auth pass", user(Auth::sha1, "1234567", Priv::none, ""), "auth pass phrase is shorter"},
      {"short priv pass", user(Auth::sha1, "12345678", Priv::aes128, ""), "priv pass phrase is shorter"},
      {"priv without auth", user(Auth::none, "", Priv::aes128, "12345678"), "needs authentication"},
      {"pass phrase without protocol", user(Auth::none, "12345678", Priv::none, ""), "no auth protocol"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto verdict = check(row.credential);
    CHECK(verdict.has_value() == std::string_view(row.complaint).empty());
    if (!verdict) CHECK(verdict.error().text.find(row.complaint) != std::string::npos);
  }
}

TEST_CASE("a label never holds a secret") {
  CHECK(label_of({.version = Version::v1, .community = Secret("hush")}) == "v1");
  CHECK(label_of({.community = Secret("hush")}) == "v2c");
  CHECK(label_of({.community = Secret("hush"), .name = "office"}) == "office (v2c)");
  CHECK(label_of(user(Auth::none, "", Priv::none, "")) == "v3 user mps");
  CHECK(label_of(user(Auth::sha256, "hush-hush", Priv::none, "")) == "v3 user mps SHA-256");
  CHECK(label_of(user(Auth::sha1, "hush-hush", Priv::aes128, "hush-hush")) == "v3 user mps SHA/AES");
}
