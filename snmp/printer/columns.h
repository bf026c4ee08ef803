// What a printer is asked for, as one table: the objects of the standard MIBs that a reading is made of.
//
//   Source   RFC 1213 (system, interfaces, ip), RFC 4293 (ipAddress), RFC 2790 (hrDevice, hrPrinter), RFC 3805 (prt*),
//            RFC 3806 (fin*), PWG 5107.1 (Port Monitor MIB), PWG 5106.3 (Imaging Counter MIB).
//   Left out other columns of ifTable, hrStorage, job tables (names of people and documents), prtMediaPath, prtChannel,
//            prtInterpreter, prtConsoleLight: long, and nothing in a Reading comes from them.
//   Moving   what changes while nobody touches the printer's settings, or tells that somebody did, or whose printer it
//            is; all else stands still and is asked for again only for a reason (recall.h).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "snmp/mib/oid.h"

namespace platen::snmp {

struct Subtree {
  enum class Shape {
    scalar,  // root is the object, its only instance is root.0
    column,  // root is one column of a table
    table,   // root is the entry (conceptual row); columns `first`..`last`
    probe,   // as column, but few devices have it: asked for one row, and on only where there is one
  };
  std::string_view name;
  Shape shape;
  Oid root;
  std::uint32_t first = 0, last = 0;       // 0: whatever stands there; so for tables that few devices have
  std::size_t index_parts = 1;             // sub-identifiers of an index: 1 or 2
  std::vector<std::uint32_t> moving = {};  // columns; of what is no table: {0} when it moves
  bool rows_move = false;                  // rows come and go by themselves: alerts, a panel's lines
  std::size_t most_rows = 0;               // where that is less than of any table; more are a device's mistake
};

// Everything of a full read, in OID order, no root inside another.
[[nodiscard]] std::span<const Subtree> full_read_subtrees();
// ipAddressIfIndex of `address`: the one row of that table that is wanted. Its name, and what to ask the successor of.
struct Instance {
  Oid name, before;
};
[[nodiscard]] Instance address_interface(const IpAddress& address);
// Tables of the Imaging Counter MIB, for devices that answer `probe`.
[[nodiscard]] const Subtree& imaging_keys();
[[nodiscard]] std::span<const Oid> imaging_counters();
// The subtree of the table above whose rows `name` belongs to; nullptr: a vendor's.
[[nodiscard]] const Subtree* subtree_of(const Oid& name);
[[nodiscard]] bool moves(const Oid& name);  // a vendor's rows do
// The columns and scalars whose known instances make a status read; the alert table is walked besides.
[[nodiscard]] std::span<const Oid> status_read_columns();
[[nodiscard]] const Subtree& alert_table();

}  // namespace platen::snmp
