// SNMPv3's User-based Security Model, the authoritative side: keys, digests, encryption, and the refusals an agent
// reports.
//
//   Source   RFC 3412 (message), RFC 3414 (USM, MD5, SHA-1, DES), RFC 3826 (AES-128), RFC 7860 (SHA-2);
//            AES-192/256 with the key extension of draft-blumenthal-aes-usm-04 §3.1.2.1, as Net-SNMP has it.
//   Effects  none: the clock is an argument. The first message of a user costs some milliseconds (RFC 3414 §A.2 hashes
//   1 MiB).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/credential.h"
#include "tests/zoo/message.h"

namespace platen::zoo {

// One user and the keys of its pass phrases, not yet tied to an engine; shared by all devices that know the user.
struct UsmUser {
  explicit UsmUser(const snmp::Credential& from);
  snmp::Credential credential;
  std::string auth_ku, priv_ku;
};
using UsmUsers = std::vector<std::shared_ptr<const UsmUser>>;

struct UsmKeys {
  std::string auth, priv;  // localised to one engine
};

struct UsmEngine {
  std::string id;
  std::uint32_t boots = 1, time = 0;  // snmpEngineTime in seconds
  std::uint64_t salt = 1;
  std::map<const UsmUser*, UsmKeys> keys = {};
};

// What a device made of a datagram: a question it may answer, or the Report that refuses it, or silence (both empty).
struct UsmQuestion {
  std::optional<Pdu> pdu;
  const UsmUser* user = nullptr;
  bool full_level = false;  // sent at the level the user was made for
  std::int64_t message_id = 0;
  std::int64_t max_size = 484;  // msgMaxSize: what the manager can receive
  std::uint8_t flags = 0;
  std::string context_name;
  std::string plain;   // the decrypted scoped PDU that `pdu` looks into
  std::string report;  // a whole datagram
};
[[nodiscard]] UsmQuestion usm_open(UsmEngine& engine, const UsmUsers& users, std::string_view datagram);
// Octets around the PDU of the answer, at most.
[[nodiscard]] std::size_t usm_overhead(const UsmEngine& engine, const UsmQuestion& question);
// The answer as a datagram, protected as the question was.
[[nodiscard]] std::string usm_seal(UsmEngine& engine, const UsmQuestion& question, std::string_view pdu);

}  // namespace platen::zoo
