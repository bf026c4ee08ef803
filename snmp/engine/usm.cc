#include "snmp/engine/usm.h"

#include <net-snmp/net-snmp-config.h>
// net-snmp-config.h must come first
#include <net-snmp/net-snmp-includes.h>
// transform_oids.h needs the oid type of the above
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/transform_oids.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "snmp/engine/codec.h"

namespace platen::snmp {
namespace {

struct Transform {
  oid* name;
  std::size_t length;
};

template <std::size_t N>
Transform transform(oid (&name)[N]) {
  return {name, N};
}

Transform protocol_of(Auth auth) {
  switch (auth) {
    case Auth::none: break;
    case Auth::md5: return transform(usmHMACMD5AuthProtocol);
    case Auth::sha1: return transform(usmHMACSHA1AuthProtocol);
    case Auth::sha224: return transform(usmHMAC128SHA224AuthProtocol);
    case Auth::sha256: return transform(usmHMAC192SHA256AuthProtocol);
    case Auth::sha384: return transform(usmHMAC256SHA384AuthProtocol);
    case Auth::sha512: return transform(usmHMAC384SHA512AuthProtocol);
  }
  return transform(usmNoAuthProtocol);
}

Transform protocol_of(Priv priv) {
  switch (priv) {
    case Priv::none: break;
    case Priv::des: return transform(usmDESPrivProtocol);
    case Priv::aes128: return transform(usmAESPrivProtocol);
    case Priv::aes192: return transform(usmAES192PrivProtocol);
    case Priv::aes256: return transform(usmAES256PrivProtocol);
  }
  return transform(usmNoPrivProtocol);
}

const u_char* octets_of(std::string_view text) { return reinterpret_cast<const u_char*>(text.data()); }
// Net-SNMP's structs take mutable pointers to what they only read.
u_char* borrowed(std::string_view text) { return const_cast<u_char*>(octets_of(text)); }

using KeyBuffer = std::array<u_char, USM_LENGTH_KU_HASHBLOCK>;

Secret taken(KeyBuffer& buffer, std::size_t length) {
  Secret key(std::string(reinterpret_cast<const char*>(buffer.data()), length));
  ::explicit_bzero(buffer.data(), buffer.size());
  return key;
}

Expected<Secret> derive(Auth auth, const Secret& pass) {
  if (pass.empty()) return Secret();
  const Transform hash = protocol_of(auth);
  KeyBuffer ku{};
  std::size_t length = ku.size();
  const std::string& text = pass.reveal();
  if (::generate_Ku(hash.name, static_cast<u_int>(hash.length), octets_of(text), text.size(), ku.data(), &length) !=
      SNMPERR_SUCCESS) {
    return fail(Code::invalid, "this libsnmp cannot make a key for SNMPv3 " + std::string(name_of(auth)));
  }
  return taken(ku, length);
}

Expected<Secret> localise(Auth auth, const Secret& ku, std::string_view engine_id) {
  if (ku.empty()) return Secret();
  const Transform hash = protocol_of(auth);
  KeyBuffer kul{};
  std::size_t length = kul.size();
  if (::generate_kul(hash.name, static_cast<u_int>(hash.length), octets_of(engine_id), engine_id.size(),
                     octets_of(ku.reveal()), ku.reveal().size(), kul.data(), &length) != SNMPERR_SUCCESS) {
    return fail(Code::bug, "Net-SNMP cannot localise an SNMPv3 key");
  }
  return taken(kul, length);
}

// AES-192 and AES-256 want more octets than MD5 or SHA give: Blumenthal's extension.
Expected<Secret> extend(const Credential& credential, Secret kul, std::string_view engine_id) {
  if (kul.empty()) return kul;
  const Transform auth = protocol_of(credential.auth);
  const Transform priv = protocol_of(credential.priv);
  usmUser user{};
  user.engineID = borrowed(engine_id);
  user.engineIDLen = engine_id.size();
  user.authProtocol = auth.name;
  user.authProtocolLen = auth.length;
  user.privProtocol = priv.name;
  user.privProtocolLen = priv.length;
  user.privKey = static_cast<u_char*>(std::calloc(1, USM_LENGTH_KU_HASHBLOCK));  // Net-SNMP may reallocate it
  user.privKeyLen = kul.reveal().size();
  if (user.privKey == nullptr) std::abort();
  std::memcpy(user.privKey, kul.reveal().data(), user.privKeyLen);
  const int verdict = ::usm_extend_user_kul(&user, USM_LENGTH_KU_HASHBLOCK);
  Secret extended(std::string(reinterpret_cast<const char*>(user.privKey), user.privKeyLen));
  ::explicit_bzero(user.privKey, user.privKeyLen);
  std::free(user.privKey);
  if (verdict != SNMPERR_SUCCESS) return fail(Code::bug, "Net-SNMP cannot extend an SNMPv3 privacy key");
  return extended;
}

constexpr std::uint32_t boots_max = 2'147'483'647;  // RFC 3414 §2.2.2: latched, never authentic again
constexpr std::uint32_t window_seconds = 150;       // RFC 3414 §2.2.3

}  // namespace

std::size_t Logins::Hash::operator()(const Credential& credential) const noexcept {
  const std::hash<std::string_view> hash;
  std::size_t mixed = static_cast<std::size_t>(credential.auth) * 8 + static_cast<std::size_t>(credential.priv);
  for (const std::string_view part :
       {std::string_view(credential.user), std::string_view(credential.auth_pass.reveal()),
        std::string_view(credential.priv_pass.reveal()), std::string_view(credential.context)}) {
    mixed = mixed * 0x100000001b3U ^ hash(part);
  }
  return mixed;
}

Expected<const Login*> Logins::of(const Credential& credential) {
  if (const auto known = logins_.find(credential); known != logins_.end()) return &known->second;
  if (auto usable = check(credential); !usable) return fail(usable.error());
  codec::start();
  auto auth_ku = derive(credential.auth, credential.auth_pass);
  if (!auth_ku) return fail(auth_ku.error());
  auto priv_ku = derive(credential.auth, credential.priv_pass);
  if (!priv_ku) return fail(priv_ku.error());
  return &logins_.emplace(credential, Login{credential, *std::move(auth_ku), *std::move(priv_ku)}).first->second;
}

Authority::Authority(const Peek& report, MonotonicTime now)
    : engine_id_(report.engine_id.begin(), report.engine_id.end()),
      boots_(report.engine_boots),
      time_(report.engine_time),
      latched_(now) {}

std::uint32_t Authority::time(MonotonicTime now) const {
  return time_ + static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now - latched_).count());
}

bool Authority::timely(const Peek& message, MonotonicTime now) {
  const auto& [boots, seconds] = std::pair(message.engine_boots, message.engine_time);
  if (!authentic_ || boots > boots_ || (boots == boots_ && seconds > latest_received_)) {
    boots_ = boots;
    time_ = latest_received_ = seconds;
    latched_ = now;
    authentic_ = true;
  }
  return boots_ != boots_max && boots == boots_ && seconds + window_seconds >= time(now);
}

Expected<const Authority::Keys*> Authority::keys(const Login& login) {
  if (keys_.login == &login) return &keys_;
  auto auth = localise(login.credential.auth, login.auth_ku, engine_id_);
  if (!auth) return fail(auth.error());
  auto priv = localise(login.credential.auth, login.priv_ku, engine_id_);
  if (priv) priv = extend(login.credential, *std::move(priv), engine_id_);
  if (!priv) return fail(priv.error());
  keys_ = {&login, *std::move(auth), *std::move(priv)};
  return &keys_;
}

struct UsmScope::Entry {
  std::string name;
  usmUser user{};
};

UsmScope::UsmScope(const User& user, std::optional<Time> time) : entry_(*new Entry{user.name, {}}) {
  const Credential none{.version = Version::v3};
  const Credential& credential = user.keys != nullptr ? user.keys->login->credential : none;
  const Transform auth = protocol_of(credential.auth);
  const Transform priv = protocol_of(credential.priv);
  usmUser& entry = entry_.user;
  entry.engineID = borrowed(user.engine_id);
  entry.engineIDLen = user.engine_id.size();
  entry.name = entry.secName = entry_.name.data();
  entry.authProtocol = auth.name;
  entry.authProtocolLen = auth.length;
  entry.privProtocol = priv.name;
  entry.privProtocolLen = priv.length;
  entry.userStatus = RS_ACTIVE;
  if (user.keys != nullptr) {
    entry.authKey = borrowed(user.keys->auth.reveal());
    entry.authKeyLen = user.keys->auth.reveal().size();
    entry.privKey = borrowed(user.keys->priv.reveal());
    entry.privKeyLen = user.keys->priv.reveal().size();
  }
  ::usm_add_user(&entry);
  if (time) ::set_enginetime(entry.engineID, static_cast<u_int>(entry.engineIDLen), time->boots, time->time, TRUE);
}

UsmScope::~UsmScope() {
  ::usm_remove_user(&entry_.user);
  ::free_etimelist();
  delete &entry_;
}

}  // namespace platen::snmp
