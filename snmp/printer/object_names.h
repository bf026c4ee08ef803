// Names of the MIB objects that a reading is made of, "prtMarkerLifeCount.1.1", and whether their values are of the type
// that the standards give them.
//
//   Source   RFC 1213, RFC 2790, RFC 3805, RFC 3806, PWG 5107.1, PWG 5106.3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/varbind.h"

namespace platen::snmp {

class Rows;

struct ObjectName {
  std::string name;           // with its index; "" for an object that no standard names
  std::string_view document;  // "RFC 3805"
};
[[nodiscard]] ObjectName object_name(const Oid& oid);

// Objects of a reading of which some value is of another type, a text where a number should be: nothing is made of such a
// value. Any type of number will do for a number: printers say INTEGER for Counter32. In the order of the MIBs, each once.
[[nodiscard]] std::vector<std::string_view> wrong_types(const Rows& rows);

}  // namespace platen::snmp
