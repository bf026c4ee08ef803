// The names of a printer's rows in little memory: each as what it does not share with the one before, in the
// variable-length integers of BER. About five octets a name, against a hundred as an Oid in a VarBind.
//
//   Shapes   pack() wants names in ascending order, at most snmp::Oid::max_length parts. unpack() gives them back with
//   null values.
#pragma once

#include <string>

#include "snmp/mib/varbind.h"

namespace platen::schedule {

[[nodiscard]] std::string pack_names(const snmp::VarBinds& rows);
[[nodiscard]] snmp::VarBinds unpack_names(const std::string& packed);

}  // namespace platen::schedule
