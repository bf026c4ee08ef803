// Names of the MIB objects that a reading is made of: "prtMarkerLifeCount.1.1".
//
//   Source   RFC 1213, RFC 2790, RFC 3805, PWG 5107.1.
#pragma once

#include <string>
#include <string_view>

#include "snmp/mib/oid.h"

namespace platen::cli {

struct ObjectName {
  std::string name;           // with its index; "" for an object that no standard names
  std::string_view document;  // "RFC 3805"
};
[[nodiscard]] ObjectName object_name(const snmp::Oid& oid);

}  // namespace platen::cli
