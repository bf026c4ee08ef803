// Varbinds in, Reading out. Pure: no I/O, no clock, and no way to fail on hostile input, only absent values and flags.
//
//   Source   RFC 3805, RFC 2790, RFC 1213; vendor counters by the profile that matches (snmp/profiles/*.toml).
#pragma once

#include <string>
#include <string_view>

#include "base/reading/reading.h"
#include "snmp/mib/pdu.h"
#include "snmp/printer/profiles.h"

namespace platen::snmp {

// The RFC 3805 gate: does this device really speak the Printer MIB? hrDevicePrinter alone is no proof (print servers).
struct Gate {
  bool is_printer = false;
  std::string_view code;  // when it is not: "not-printer.print-server"; docs/scan-json.md lists them
  std::string reason;     // in plain words: "Windows print server: print queues, no markers"
  bool proven = false;    // by what it did say: rows that are missing would change nothing
  bool reads_on = false;  // the answers to gate_names() cannot tell: all rows can
};
[[nodiscard]] Gate gate(const VarBinds& rows);
// The names whose answers let gate() decide, few enough for one careful PDU. They are columns and groups, to be asked
// for by GETNEXT (RFC 3416 §4.2.2): every row of the Printer MIB that comes back counts, whatever its index.
[[nodiscard]] const std::vector<Oid>& gate_names();
// Subtrees that tell queues and scanners from printers, where the first rows cannot: a host's second queue.
[[nodiscard]] const std::vector<Oid>& gate_subtrees();

// `rows` as ReadPlan::rows(): sorted, one row an OID. `address` is the scanned address (it picks the MAC).
[[nodiscard]] Reading decode(const VarBinds& rows, const IpAddress& address, WallTime read_at, Reading::Kind kind,
                             const Profiles& profiles);

}  // namespace platen::snmp
