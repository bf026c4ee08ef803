// A profile tried on what a device answered: which of its rules matched, what they took, and why the others did not.
//
//   Source   the same decoder that reads printers; docs/profiles.md describes the format.
//   Errors   as Profiles::add: Code::invalid, "FILE:LINE: what is wrong".
//   Shapes   rules in the order of the file. A rule that matches several rows (paper sizes) stands once for each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/reading/reading.h"
#include "snmp/mib/varbind.h"
#include "snmp/printer/profiles.h"

namespace platen::snmp {

struct RuleTrial {
  std::uint32_t line = 0;  // of the file; 0: of the profile that it extends
  std::string kind;        // "identity", "counter", "packed", "table", "sum"
  std::string label;       // "mono", "serial", …
  std::string oid;         // read, or to be read
  bool matched = false;
  std::string value, raw;  // what it took: a count, or a text
  char confidence = 0;     // of a counter as read, which may be less than the rule claims
  std::string why;         // it did not match, or is not what the rule claims
};

struct ProfileTrial {
  std::string name, extends;
  std::string used;    // the profile that a read of this device would use: this one's name, another's, or ""
  bool fits = false;   // maker and model are this profile's
  std::string device;  // what was compared: sysObjectID
  std::vector<RuleTrial> rules;
  std::vector<std::string> conflicts;  // with the other profiles, in sentences
  Reading reading;                     // as it would leave with this profile added
  [[nodiscard]] std::size_t matched() const;
};

// `others`: the profiles that are there without this one.
[[nodiscard]] Expected<ProfileTrial> try_profile(Profiles others, std::string_view file_name, std::string_view toml,
                                                 const VarBinds& rows);

}  // namespace platen::snmp
