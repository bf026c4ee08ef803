// A device as text, one row an OID: "OID|tag|value", snmpsim's format.
//
//   Source   snmpsim's .snmprec: tags 2 INTEGER, 4 OCTET STRING (4x in hex), 5 NULL, 6 OID, 64 IpAddress, 65 Counter32,
//            66 Gauge32, 67 TimeTicks, 68 Opaque (hex), 70 Counter64. Blank lines and lines that start with # are
//            skipped.
//   Shapes   parse: rows sorted by OID, one row an OID (the last wins).
//   Errors   Code::invalid naming line and reason; rows: at most 200,000.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "snmp/mib/varbind.h"

namespace platen::snmp {

[[nodiscard]] Expected<VarBinds> parse_snmprec(std::string_view text);
[[nodiscard]] std::string to_snmprec(const VarBinds& rows);

}  // namespace platen::snmp
