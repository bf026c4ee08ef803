// A recording of one device for support: everything that a profile could need, as `platen record` writes it.
//
//   Shapes   snmprec text (snmp/mib/snmprec.h) below one line of comment.
//   Effects  record() asks that device, through the engine, until its walk is over or `stop`.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "snmp/discover/scanner.h"

namespace platen::support {

struct Recording {
  snmp::VarBinds rows;
  std::vector<std::string> flags;  // what was not told
  bool complete = true;
};
// `device`: an outcome with a credential of `options`. nullopt: stopped.
[[nodiscard]] std::optional<Recording> record(snmp::Engine& engine, const snmp::Outcome& device,
                                              const snmp::ScanOptions& options,
                                              const std::function<void(std::size_t rows)>& told,
                                              const std::stop_token& stop);
[[nodiscard]] std::string recording_text(const snmp::Outcome& device, const snmp::VarBinds& rows, bool scrubbed);

}  // namespace platen::support
