// Every value that a device gave, with the rule that made something of it: `platen read --evidence`.
#pragma once

#include <string>
#include <vector>

#include "base/command/columns.h"
#include "base/reading/reading.h"
#include "snmp/mib/varbind.h"

namespace platen::cli {

struct EvidenceRow {
  std::string oid, object, type;  // type as in the SMI: "Counter32"
  std::string raw;                // as received: numbers in decimal, octets in hex
  std::string text;               // octets that are text, unescaped; "" for others
  std::string rule;               // "RFC 3805", or the counters that a profile reads here; "" when nothing uses it
};

// In the order of the OIDs.
[[nodiscard]] std::vector<EvidenceRow> evidence_of(const snmp::VarBinds& rows, const Reading& reading);

[[nodiscard]] const std::vector<command::Column>& evidence_columns();
[[nodiscard]] command::Cells evidence_cells(const EvidenceRow& row);
[[nodiscard]] std::string evidence_json(const std::string& address, const EvidenceRow& row);  // one line

}  // namespace platen::cli
