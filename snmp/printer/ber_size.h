// How many octets a varbind needs in BER at least (X.690 §8.1.3.4). Agents that write long lengths need some more.
//
//   Private to this room.
#pragma once

#include "snmp/mib/varbind.h"

namespace platen::snmp {

// A value that nobody has seen yet counts as a short one.
[[nodiscard]] std::size_t octets_of(const VarBind& row);
[[nodiscard]] std::size_t octets_of(const VarBinds& rows);

}  // namespace platen::snmp
