// Which questions read a printer in full, or its status, in few PDUs: a pure state machine. No sockets, no clock.
//
//   Use      while (auto ask = plan.next()) plan.take(answer_to(*ask));  then decode(plan.rows(), …) makes the reading.
//   Source   RFC 3805, RFC 2790, RFC 1213 subtrees (columns.h), vendor OIDs of the profiles that fit sysObjectID.
//   Again    a printer whose rows are known is read with fewer questions: recall.h says how nothing is missed.
//   Limits   10,000 rows and 8 MB a device; a walk ends on a repeat or a cap, not on the first decrease (LaserJets).
//            Size: starts at 20 repetitions, grows to ~1,400 octets of answer, halves on tooBig and on silence;
//            GETBULK → GETNEXT with many names → GET with few, and what the device tolerated is kept in Tolerance.
//            A device that starts again in mid-read ends a full or status read: see kRestarted and restart_watch.h.
//   Errors   none: what could not be had is in flags(), and complete() is false.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/credential.h"
#include "snmp/mib/pdu.h"
#include "snmp/printer/recall.h"

namespace platen::snmp {

class Profiles;

// What one device puts up with; remembered between reads.
struct Tolerance {
  bool bulk = true;
  std::int32_t repetitions = 20;
  std::size_t names = 20;     // names in one GET or GETNEXT
  std::size_t octets = 1400;  // of one answer; less where bigger ones are refused or silently dropped
  std::size_t padding = 0;    // tenths of an octet that a varbind needs above its shortest encoding
  bool v1_only = false;       // a v2c community opened it, but by SNMPv1
  bool cuts = false;          // was seen to end a GETBULK where we take no more
  std::size_t held = 0;       // octets of the largest answer that came
  // `octets` was guessed from silence, which may have been loss: after `rest` more reads, more is tried again.
  bool guessed = false;
  std::uint32_t rest = 0, next_rest = kFirstRest;  // the next one doubles each time that more is not answered
  static constexpr std::uint32_t kFirstRest = 4;
  friend bool operator==(const Tolerance&, const Tolerance&) = default;
};

// The flag of a read that met a restart of the device. Its rows are those from before; read again for whole ones.
inline constexpr std::string_view kRestarted = "restarted-in-mid-read";

class ReadPlan {
 public:
  virtual ~ReadPlan() = default;
  [[nodiscard]] virtual std::optional<Ask> next() = 0;     // nullopt: done
  virtual void take(const Answer& answer) = 0;             // the answer to the last next()
  [[nodiscard]] virtual const VarBinds& rows() const = 0;  // sorted by OID, one row an OID, wanted subtrees only
  [[nodiscard]] virtual VarBinds take_rows() = 0;          // likewise; afterwards the plan has none
  [[nodiscard]] virtual bool complete() const = 0;
  [[nodiscard]] virtual bool whole() const = 0;  // complete, and each row was asked for: none stands from the last read
  [[nodiscard]] virtual const std::vector<std::string>& flags() const = 0;
  [[nodiscard]] virtual const Tolerance& tolerance() const = 0;
};

// `address`, where given, tells which interface holds it (ipAddressTable).
[[nodiscard]] std::unique_ptr<ReadPlan> full_read(Version version, const Tolerance& tolerance, const Profiles& profiles,
                                                  const std::optional<IpAddress>& address = std::nullopt);
// The same of a printer whose rows of the last full read are known, in fewer PDUs (SNMPv1 too).
[[nodiscard]] std::unique_ptr<ReadPlan> learned_read(Version version, const Tolerance& tolerance,
                                                     const Profiles& profiles, const VarBinds& known, Depth depth,
                                                     const std::optional<IpAddress>& address = std::nullopt);
// Levels, counters, states, console, alerts of a printer whose rows of the last full read are known: ≤ 2 PDUs for most.
// New alerts and lines are found; a new tray or supply only by the next full read. The known localization comes along,
// so that texts are read in their character set.
[[nodiscard]] std::unique_ptr<ReadPlan> status_read(Version version, const Tolerance& tolerance, const VarBinds& known);
// Plans keep references to the profiles and the known rows.
std::unique_ptr<ReadPlan> full_read(Version, const Tolerance&, const Profiles&&,
                                    const std::optional<IpAddress>& = std::nullopt) = delete;
std::unique_ptr<ReadPlan> status_read(Version, const Tolerance&, const VarBinds&&) = delete;
// The first row of each of `roots`, by GETNEXT: for a first careful look at a device.
[[nodiscard]] std::unique_ptr<ReadPlan> first_rows(Version version, const Tolerance& tolerance, std::vector<Oid> roots);
// Everything under `roots`, for `platen record`.
[[nodiscard]] std::unique_ptr<ReadPlan> walk(Version version, const Tolerance& tolerance, std::vector<Oid> roots);

}  // namespace platen::snmp
