// Probes without state, for sweeps: a prebuilt datagram that differs only in its id, and a careful look at what comes
// back.
//
//   Use      RequestIds ids; send template.stamp(ids.of(peer), slot); on receipt take an answer only when
//            peek_probe_id(octets) == ids.of(from), and only then read_probe_answer(octets).
//   Source   RFC 3416 (GET), RFC 3414 §4 (discovery: the Report names the engine; no credential is needed).
//   Effects  read_probe_answer decodes with Net-SNMP: the thread of the engine only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/expected.h"
#include "snmp/engine/request_ids.h"
#include "snmp/mib/credential.h"
#include "snmp/mib/pdu.h"

namespace platen::snmp {

class SweepTemplate {
 public:
  // GET of `names` by SNMPv1 or v2c. Errors: Code::invalid for a v3 credential, a bad community, too many names for a
  // datagram.
  [[nodiscard]] static Expected<SweepTemplate> get(const Credential& credential, std::span<const Oid> names);
  [[nodiscard]] static Expected<SweepTemplate> discovery();  // SNMPv3

  [[nodiscard]] std::size_t size() const { return octets_.size(); }
  // Writes the datagram with this id (RequestIds' shape) into the first size() octets of `into` and returns them.
  std::span<const std::uint8_t> stamp(std::uint32_t id, std::span<std::uint8_t> into) const;

 private:
  [[nodiscard]] static Expected<SweepTemplate> of(std::vector<std::uint8_t> octets);
  std::vector<std::uint8_t> octets_;
  std::size_t id_at_ = 0;
};

struct ProbeAnswer {
  Version version = Version::v2c;
  std::uint32_t id = 0;           // request-id; in SNMPv3 msgID
  std::int32_t error_status = 0;  // v1, v2c
  VarBinds varbinds;              // v1, v2c: the names are the device's claim, compare them
  std::string engine_id;          // v3: raw octets
};

// nullopt: no v1 or v2c Response and no v3 message. Touches nothing but the octets.
[[nodiscard]] std::optional<std::uint32_t> peek_probe_id(std::span<const std::uint8_t> octets);
[[nodiscard]] std::optional<ProbeAnswer> read_probe_answer(std::span<const std::uint8_t> octets);

}  // namespace platen::snmp
