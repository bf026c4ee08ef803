#include "snmp/mib/credential.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <tuple>

namespace platen::snmp {
namespace {

template <class Choice>
struct Spelling {
  std::string_view text;  // upper case, without hyphens
  Choice choice;
};

constexpr std::array versions{Spelling<Version>{"1", Version::v1},   Spelling<Version>{"V1", Version::v1},
                              Spelling<Version>{"2C", Version::v2c}, Spelling<Version>{"V2C", Version::v2c},
                              Spelling<Version>{"2", Version::v2c},  Spelling<Version>{"3", Version::v3},
                              Spelling<Version>{"V3", Version::v3}};
constexpr std::array auths{Spelling<Auth>{"NONE", Auth::none},     Spelling<Auth>{"MD5", Auth::md5},
                           Spelling<Auth>{"SHA", Auth::sha1},      Spelling<Auth>{"SHA1", Auth::sha1},
                           Spelling<Auth>{"SHA224", Auth::sha224}, Spelling<Auth>{"SHA256", Auth::sha256},
                           Spelling<Auth>{"SHA384", Auth::sha384}, Spelling<Auth>{"SHA512", Auth::sha512}};
constexpr std::array privs{Spelling<Priv>{"NONE", Priv::none},     Spelling<Priv>{"DES", Priv::des},
                           Spelling<Priv>{"AES", Priv::aes128},    Spelling<Priv>{"AES128", Priv::aes128},
                           Spelling<Priv>{"AES192", Priv::aes192}, Spelling<Priv>{"AES256", Priv::aes256}};

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '-' && c != '_') out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

template <class Choice, std::size_t N>
Expected<Choice> choose(const std::array<Spelling<Choice>, N>& table, std::string_view text, std::string_view what,
                        std::string_view known) {
  const auto* const row = std::ranges::find(table, folded(text), &Spelling<Choice>::text);
  if (row != table.end()) return row->choice;
  return fail(Code::invalid,
              std::string(what) + " '" + std::string(text) + "' is unknown: use one of " + std::string(known));
}

// RFC 3414 §11.2: a pass phrase shorter than 8 octets is not accepted.
Expected<void> check_pass(const Secret& pass, bool wanted, std::string_view what) {
  constexpr std::size_t shortest = 8;
  const std::string name(what);
  if (!wanted && !pass.empty()) {
    return fail(Code::invalid,
                "SNMPv3 " + name + " pass phrase given, but no " + name + " protocol: name one or drop it");
  }
  if (wanted && pass.reveal().size() < shortest) {
    return fail(Code::invalid, "SNMPv3 " + name + " pass phrase is shorter than 8 characters");
  }
  return {};
}

Expected<void> check_user(const Credential& credential) {
  constexpr std::size_t longest_name = 32;  // usmUserName, vacmContextName: SnmpAdminString (SIZE(..32))
  if (credential.user.empty()) return fail(Code::invalid, "SNMPv3 needs a user name");
  if (credential.user.size() > longest_name)
    return fail(Code::invalid, "SNMPv3 user name is longer than 32 characters");
  if (credential.context.size() > longest_name)
    return fail(Code::invalid, "SNMPv3 context is longer than 32 characters");
  if (credential.priv != Priv::none && credential.auth == Auth::none) {
    return fail(Code::invalid, "SNMPv3 privacy (" + std::string(name_of(credential.priv)) +
                                   ") needs authentication: name an auth protocol and its pass phrase");
  }
  if (auto auth = check_pass(credential.auth_pass, credential.auth != Auth::none, "auth"); !auth) return auth;
  return check_pass(credential.priv_pass, credential.priv != Priv::none, "priv");
}

}  // namespace

std::string_view name_of(Version version) {
  switch (version) {
    case Version::v1: return "1";
    case Version::v2c: return "2c";
    case Version::v3: return "3";
  }
  return "?";
}

std::string_view name_of(Auth auth) {
  switch (auth) {
    case Auth::none: return "none";
    case Auth::md5: return "MD5";
    case Auth::sha1: return "SHA";
    case Auth::sha224: return "SHA-224";
    case Auth::sha256: return "SHA-256";
    case Auth::sha384: return "SHA-384";
    case Auth::sha512: return "SHA-512";
  }
  return "?";
}

std::string_view name_of(Priv priv) {
  switch (priv) {
    case Priv::none: return "none";
    case Priv::des: return "DES";
    case Priv::aes128: return "AES";
    case Priv::aes192: return "AES-192";
    case Priv::aes256: return "AES-256";
  }
  return "?";
}

Expected<Version> parse_version(std::string_view text) { return choose(versions, text, "SNMP version", "1, 2c, 3"); }

Expected<Auth> parse_auth(std::string_view text) {
  return choose(auths, text, "SNMPv3 auth protocol", "none, MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512");
}

Expected<Priv> parse_priv(std::string_view text) {
  return choose(privs, text, "SNMPv3 priv protocol", "none, DES, AES, AES-192, AES-256");
}

Expected<void> check(const Credential& credential) {
  constexpr std::size_t longest_community = 255;
  if (credential.version == Version::v3) return check_user(credential);
  if (credential.community.empty()) {
    return fail(Code::invalid, "SNMP community is empty: give one, such as the default 'public'");
  }
  if (credential.community.reveal().size() > longest_community) {
    return fail(Code::invalid, "SNMP community is longer than 255 characters");
  }
  return {};
}

bool same_login(const Credential& a, const Credential& b) {
  const auto login = [](const Credential& c) {
    return std::tie(c.version, c.community, c.user, c.auth, c.auth_pass, c.priv, c.priv_pass, c.context);
  };
  return login(a) == login(b);
}

std::string label_of(const Credential& credential) {
  std::string label = "v" + std::string(name_of(credential.version));
  if (credential.version == Version::v3) label += " user " + credential.user;
  if (credential.auth != Auth::none) label += " " + std::string(name_of(credential.auth));
  if (credential.priv != Priv::none) label += "/" + std::string(name_of(credential.priv));
  return credential.name.empty() ? label : credential.name + " (" + label + ")";
}

}  // namespace platen::snmp
