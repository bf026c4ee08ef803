// What support needs to see of an agent: versions, status, the settings in force and the newest lines of the log.
//
//   Shapes   One JSON object, "schema":"platen.diagnostics/1", at most 256 KiB: the oldest lines of the log give way.
//   Secrets  Settings of type secret say "<secret>". Every known secret of four octets and more, user names and pass words in
//            addresses, and PEM blocks are taken out of every text, whatever it stands in.
//   Privacy  What the site's policy does not send as it is does not leave here either: `instead` says what it becomes.
//   Effects  none.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/config/config.h"

namespace platen::agent {

struct Findings {
  std::string status_json;
  std::vector<std::string> log = {};                             // oldest first
  std::vector<Secret> secrets = {};                              // beside those of the configuration
  std::map<std::string, std::string, std::less<>> instead = {};  // a printer's serial or address → as it leaves
  bool addresses_leave = true;                                   // false: no address in a text leaves as it is
};
[[nodiscard]] std::string diagnostics(const config::Config& config, const Findings& findings, std::size_t most_octets);

}  // namespace platen::agent
