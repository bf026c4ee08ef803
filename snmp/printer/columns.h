// What a printer is asked for, as one table: the objects of the standard MIBs that a reading is made of.
//
//   Source   RFC 1213 (system, interfaces, ip), RFC 2790 (hrDevice, hrPrinter), RFC 3805 (prt*), PWG 5107.1 (Port
//   Monitor MIB). Left out other columns of ifTable, hrStorage, job tables (names of people and documents),
//   prtMediaPath, prtChannel,
//            prtInterpreter, prtConsoleLight: long, and nothing in a Reading comes from them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "snmp/mib/oid.h"

namespace platen::snmp {

struct Subtree {
  enum class Shape {
    scalar,  // root is the object, its only instance is root.0
    column,  // root is one column of a table
    table,   // root is the entry (conceptual row); columns `first`..`last`
  };
  std::string_view name;
  Shape shape;
  Oid root;
  std::uint32_t first = 0, last = 0;
  std::size_t index_parts = 1;  // sub-identifiers of an index: 1 or 2
};

// Everything of a full read, in OID order, no root inside another.
[[nodiscard]] std::span<const Subtree> full_read_subtrees();
// The columns and scalars whose known instances make a status read; the alert table is walked besides.
[[nodiscard]] std::span<const Oid> status_read_columns();
[[nodiscard]] const Subtree& alert_table();

}  // namespace platen::snmp
