// What a scan found and put on the wire: `platen scan --summary`.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/command/columns.h"
#include "snmp/discover/scanner.h"

namespace platen::cli {

struct ScanSummary {
  snmp::ScanProgress counts;
  std::map<std::string, std::size_t> codes;  // of devices that are no printers: how many of each
};

[[nodiscard]] std::string summary_json(const ScanSummary& summary);  // one line, platen.scan-summary/1
[[nodiscard]] std::string summary_text(const ScanSummary& summary);  // subnet by subnet

}  // namespace platen::cli
