#include "cloud/enroll/ca.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "cloud/enroll/openssl.h"
#include "cloud/enroll/request.h"

namespace platen::enroll {
namespace {

constexpr int serial_bits = 159;          // RFC 5280 §4.1.2.2: positive, at most 20 octets
constexpr std::size_t longest_name = 64;  // ub-common-name, ub-organization-name

Key new_key() { return Key(must(EVP_EC_gen("P-256"), "EVP_EC_gen")); }

std::string pem_of(X509* certificate) {
  const Memory memory(must(BIO_new(BIO_s_mem()), "BIO_new"));
  must(PEM_write_bio_X509(memory.get(), certificate), "PEM_write_bio_X509");
  return text_of(memory.get());
}

Secret pem_of(EVP_PKEY* key) {
  const Memory memory(must(BIO_new(BIO_s_secmem()), "BIO_new"));  // wiped when it goes
  must(PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
       "PEM_write_bio_PKCS8PrivateKey");
  return Secret(text_of(memory.get()));
}

Certificate certificate_from(const std::string& pem) {
  return Certificate(must(PEM_read_bio_X509(reading_from(pem).get(), nullptr, nullptr, nullptr), "PEM_read_bio_X509"));
}

Key key_from(const Secret& pem) {
  return Key(must(PEM_read_bio_PrivateKey(reading_from(pem.reveal()).get(), nullptr, nullptr, nullptr),
                  "PEM_read_bio_PrivateKey"));
}

void set_random_serial(X509* certificate) {
  const Number number(must(BN_new(), "BN_new"));
  must(BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), "BN_rand");
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)), "BN_to_ASN1_INTEGER");
}

void set_times(X509* certificate, WallTime now, std::chrono::seconds lifetime) {
  const auto seconds = [](WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  };
  must(ASN1_TIME_set(X509_getm_notBefore(certificate),
                     seconds(now - std::min<std::chrono::seconds>(backdated, lifetime / 10))),
       "ASN1_TIME_set");
  must(ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(now + lifetime)), "ASN1_TIME_set");
}

void add_name(X509* certificate, const char* field, const std::string& text) {
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), field, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()),
                                  -1, 0),
       "X509_NAME_add_entry_by_txt");
}

// `value` is ours, never a stranger's: it is OpenSSL's extension language.
void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(must(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), "X509V3_EXT_conf_nid"));
  must(X509_add_ext(certificate, extension.get(), -1), "X509_add_ext");
}

struct Profile {
  const char* constraints;
  const char* usage;
  const char* purpose;  // "" for the CA
  std::chrono::seconds lifetime;
};
constexpr Profile ca_profile{"critical,CA:TRUE,pathlen:0", "critical,keyCertSign,cRLSign", "", ca_lifetime};
constexpr Profile server_profile{"critical,CA:FALSE", "critical,digitalSignature", "serverAuth", server_lifetime};
constexpr Profile agent_profile{"critical,CA:FALSE", "critical,digitalSignature", "clientAuth", agent_lifetime};

// A certificate that lacks only its subject and signature. `issuer` is null for the CA, which issues itself.
Certificate blank(EVP_PKEY* subject_key, X509* issuer, const Profile& profile, WallTime now) {
  Certificate made(must(X509_new(), "X509_new"));
  must(X509_set_version(made.get(), X509_VERSION_3), "X509_set_version");
  must(X509_set_pubkey(made.get(), subject_key), "X509_set_pubkey");
  set_random_serial(made.get());
  set_times(made.get(), now, profile.lifetime);
  X509* const by = issuer == nullptr ? made.get() : issuer;
  add_extension(made.get(), by, NID_basic_constraints, profile.constraints);
  add_extension(made.get(), by, NID_key_usage, profile.usage);
  if (*profile.purpose != '\0') add_extension(made.get(), by, NID_ext_key_usage, profile.purpose);
  add_extension(made.get(), by, NID_subject_key_identifier, "hash");
  if (issuer != nullptr) add_extension(made.get(), by, NID_authority_key_identifier, "keyid:always");
  return made;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)), "X509_set_issuer_name");
  must(X509_sign(certificate, issuer_key, EVP_sha256()), "X509_sign");
}

bool is_host_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), allowed);
}

Expected<std::string> alternative_names(std::span<const std::string> names) {
  std::string list;
  for (const std::string& name : names) {
    const bool address = IpAddress::parse(name).has_value();
    if (!address && !is_host_name(name)) {
      return fail(
          Code::invalid,
          "'" + for_terminal(name) +
              "' is no host name and no IP address; give the name that agents connect to, such as cloud.example");
    }
    list += (list.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + name;
  }
  return list.empty()
             ? Expected<std::string>(fail(Code::invalid, "a server needs a name; give the one that agents connect to"))
             : list;
}

bool is_shown_as_written(std::string_view text) {
  return text.size() <= longest_name && is_utf8(text) && for_terminal(text) == text;
}

Error broken(const Refused& refused) {
  ERR_clear_error();
  const bool reading = std::string_view(refused.step).starts_with("PEM_read");
  return reading ? Error{Code::corrupt, "the CA's key or certificate cannot be read; restore them from a backup"}
                 : Error{Code::bug, std::string(refused.step) + " failed"};
}

}  // namespace

Expected<Identity> make_ca(WallTime now) try {
  const Key key = new_key();
  const Certificate made = blank(key.get(), nullptr, ca_profile, now);
  add_name(made.get(), "O", "Platen");
  add_name(made.get(), "CN", "Platen cloud CA");
  sign(made.get(), made.get(), key.get());
  return Identity{pem_of(made.get()), pem_of(key.get())};
} catch (const Refused& refused) {
  return fail(broken(refused));
}

Expected<Identity> make_server(const Identity& ca, std::span<const std::string> names, WallTime now) try {
  const Expected<std::string> alternatives = alternative_names(names);
  if (!alternatives) return fail(alternatives.error());
  const Certificate issuer = certificate_from(ca.certificate_pem);
  const Key key = new_key();
  const Certificate made = blank(key.get(), issuer.get(), server_profile, now);
  add_name(made.get(), "CN", names[0].size() <= longest_name ? names[0] : "platen-cloud");
  add_extension(made.get(), issuer.get(), NID_subject_alt_name, *alternatives);
  sign(made.get(), issuer.get(), key_from(ca.key_pem).get());
  return Identity{pem_of(made.get()), pem_of(key.get())};
} catch (const Refused& refused) {
  return fail(broken(refused));
}

Expected<Identity> make_client(const Identity& ca, const std::string& name, WallTime now) try {
  if (!name.starts_with('_') || name.size() > longest_name)
    return fail(Code::bug, "'" + for_terminal(name) + "' could be an agent's name");
  const Certificate issuer = certificate_from(ca.certificate_pem);
  const Key key = new_key();
  Profile profile = agent_profile;
  profile.lifetime = server_lifetime;
  const Certificate made = blank(key.get(), issuer.get(), profile, now);
  add_name(made.get(), "CN", name);
  sign(made.get(), issuer.get(), key_from(ca.key_pem).get());
  return Identity{pem_of(made.get()), pem_of(key.get())};
} catch (const Refused& refused) {
  return fail(broken(refused));
}

Expected<void> check_name(const AgentName& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  const std::string& id = name.agent_id;
  if (id.empty() || id.size() > longest_name || !std::all_of(id.begin(), id.end(), plain) || id[0] == '-' ||
      id[0] == '.' || id[0] == '_') {
    return fail(
        Code::invalid,
        "'" + for_terminal(id) +
            "' cannot be an agent's name; use 1 to 64 letters, digits, '-', '_' or '.', a letter or digit first");
  }
  const std::pair<const char*, const std::string&> texts[] = {
      {"a dealer", name.dealer}, {"a customer", name.customer}, {"a site", name.site}};
  for (const auto& [whose, text] : texts) {
    if (is_shown_as_written(text) && (!text.empty() || &text != &name.dealer)) continue;
    return fail(Code::invalid,
                "'" + for_terminal(text) + "' cannot be " + whose + "'s name; use 1 to 64 characters of plain text");
  }
  return {};
}

Expected<std::string> issue_agent(const Identity& ca, std::string_view request_der, const AgentName& name,
                                  std::chrono::seconds lifetime, WallTime now) try {
  if (const auto fits = check_name(name); !fits) return fail(fits.error());
  if (lifetime <= std::chrono::seconds(0) || lifetime > longest_agent_lifetime) {
    return fail(Code::invalid, "an agent's certificate lives 90 days at most; it renews itself");
  }
  const Expected<Key> key = requested_key(request_der);
  if (!key) return fail(key.error());
  const Certificate issuer = certificate_from(ca.certificate_pem);
  const Key issuer_key = key_from(ca.key_pem);
  Profile profile = agent_profile;
  profile.lifetime = lifetime;
  const Certificate made = blank(key->get(), issuer.get(), profile, now);
  const std::pair<const char*, const std::string&> parts[] = {
      {"O", name.dealer}, {"OU", name.customer}, {"L", name.site}, {"CN", name.agent_id}};
  for (const auto& [field, text] : parts) {
    if (!text.empty()) add_name(made.get(), field, text);
  }
  sign(made.get(), issuer.get(), issuer_key.get());
  return der_of(made.get());
} catch (const Refused& refused) {
  return fail(broken(refused));
}

Expected<std::string> sign_agent(const Identity& ca, const std::string& request_pem, const AgentName& name,
                                 std::chrono::seconds lifetime, WallTime now) try {
  const auto request = request_der(request_pem);
  if (!request) return fail(request.error());
  const auto made = issue_agent(ca, *request, name, lifetime, now);
  if (!made) return fail(made.error());
  return pem_of(certificate_in(*made).get());
} catch (const Refused& refused) {
  return fail(broken(refused));
}

Expected<std::string> der_of(const std::string& certificate_pem) try {
  return der_of(certificate_from(certificate_pem).get());
} catch (const Refused& refused) {
  return fail(broken(refused));
}

Expected<std::string> fingerprint_of(const std::string& certificate_pem) { return der_of(certificate_pem).map(sha256); }

}  // namespace platen::enroll
