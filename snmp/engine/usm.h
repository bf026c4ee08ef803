// SNMPv3 User-based Security (RFC 3414) around Net-SNMP's: keys derived once, time kept per device, Net-SNMP's global
// user list and engine table filled for one call and emptied after it (both are searched linearly or never forget).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"
#include "snmp/engine/ber_peek.h"
#include "snmp/mib/credential.h"

namespace platen::snmp {

// A credential with its keys before they meet a device: Ku (RFC 3414 §A.2), some milliseconds each.
struct Login {
  Credential credential;
  Secret auth_ku, priv_ku;
};

// Derives each credential's keys once in the life of this object; what it returns stays where it is.
class Logins {
 public:
  // Errors: Code::invalid when check(credential) fails or libsnmp lacks the protocol.
  [[nodiscard]] Expected<const Login*> of(const Credential& credential);

 private:
  struct Hash {
    std::size_t operator()(const Credential& credential) const noexcept;
  };
  struct Same {
    bool operator()(const Credential& a, const Credential& b) const { return same_login(a, b); }
  };
  std::unordered_map<Credential, Login, Hash, Same> logins_;
};

// What is known of the authoritative engine at one peer (RFC 3414 §2.3), and one login's keys localised to it.
class Authority {
 public:
  // From a discovery Report. Its time is a hint for sending only, until an authentic message confirms it.
  Authority(const Peek& report, MonotonicTime now);

  [[nodiscard]] const std::string& engine_id() const { return engine_id_; }
  [[nodiscard]] std::uint32_t boots() const { return boots_; }
  [[nodiscard]] std::uint32_t time(MonotonicTime now) const;
  // RFC 3414 §3.2 7b on an authentic message: takes its time over; false when it lies outside the window of 150 s.
  [[nodiscard]] bool timely(const Peek& message, MonotonicTime now);

  struct Keys {
    const Login* login = nullptr;
    Secret auth, priv;  // Kul (RFC 3414 §A.2)
  };
  // Localises when the login is another one than last time. Errors: Code::bug when Net-SNMP refuses.
  [[nodiscard]] Expected<const Keys*> keys(const Login& login);

 private:
  std::string engine_id_;
  std::uint32_t boots_;
  std::uint32_t time_;
  std::uint32_t latest_received_ = 0;
  MonotonicTime latched_;
  bool authentic_ = false;
  Keys keys_;
};

// Puts one user, and the engine's time when `engine` is given, into Net-SNMP's tables for as long as it lives.
class UsmScope {
 public:
  struct User {
    std::string_view engine_id;
    std::string name;
    const Authority::Keys* keys = nullptr;  // nullptr: noAuthNoPriv
  };
  struct Time {
    std::uint32_t boots, time;
  };
  UsmScope(const User& user, std::optional<Time> time);
  ~UsmScope();
  UsmScope(const UsmScope&) = delete;
  UsmScope& operator=(const UsmScope&) = delete;

 private:
  struct Entry;
  Entry& entry_;
};

}  // namespace platen::snmp
