#include "snmp/printer/columns.h"

#include <algorithm>
#include <iterator>

namespace platen::snmp {
namespace {

using enum Subtree::Shape;

using Columns = std::vector<std::uint32_t>;
const Columns kAlways{0};
constexpr std::size_t kMostLines = 64;  // of all panels of a printer; they are asked for again at each status read

const std::vector<Subtree>& all() {
  static const std::vector<Subtree> rows{
      {"sysDescr", scalar, {1, 3, 6, 1, 2, 1, 1, 1}},
      {"sysObjectID", scalar, {1, 3, 6, 1, 2, 1, 1, 2}, 0, 0, 1, kAlways},
      {"sysUpTime", scalar, {1, 3, 6, 1, 2, 1, 1, 3}, 0, 0, 1, kAlways},
      {"sysContact", scalar, {1, 3, 6, 1, 2, 1, 1, 4}},
      {"sysName", scalar, {1, 3, 6, 1, 2, 1, 1, 5}},
      {"sysLocation", scalar, {1, 3, 6, 1, 2, 1, 1, 6}},
      {"ifPhysAddress", column, {1, 3, 6, 1, 2, 1, 2, 2, 1, 6}, 0, 0, 1, kAlways},
      {"ifOperStatus", column, {1, 3, 6, 1, 2, 1, 2, 2, 1, 8}, 0, 0, 1, kAlways},
      {"ipAdEntIfIndex", column, {1, 3, 6, 1, 2, 1, 4, 20, 1, 2}},
      {"hrDeviceType", column, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2}},
      {"hrDeviceDescr", column, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3}},
      {"hrDeviceStatus", column, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5}, 0, 0, 1, kAlways},
      {"hrPrinterStatus", column, {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1}, 0, 0, 1, kAlways},
      {"hrPrinterDetectedErrorState", column, {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2}, 0, 0, 1, kAlways},
      {"prtGeneralTable", table, {1, 3, 6, 1, 2, 1, 43, 5, 1, 1}, 1, 19, 1, {1, 17}},
      {"prtCoverTable", table, {1, 3, 6, 1, 2, 1, 43, 6, 1, 1}, 2, 3, 2, {3}},
      {"prtLocalizationTable", table, {1, 3, 6, 1, 2, 1, 43, 7, 1, 1}, 2, 4, 2},
      {"prtInputTable", table, {1, 3, 6, 1, 2, 1, 43, 8, 2, 1}, 2, 25, 2, {10, 11, 12}},
      {"prtOutputTable", table, {1, 3, 6, 1, 2, 1, 43, 9, 2, 1}, 2, 24, 2, {5, 6}},
      {"prtMarkerTable", table, {1, 3, 6, 1, 2, 1, 43, 10, 2, 1}, 2, 15, 2, {4, 5, 15}},
      {"prtMarkerSuppliesTable", table, {1, 3, 6, 1, 2, 1, 43, 11, 1, 1}, 2, 9, 2, {9}},
      {"prtMarkerColorantTable", table, {1, 3, 6, 1, 2, 1, 43, 12, 1, 1}, 2, 5, 2},
      {"prtConsoleDisplayBufferTable", table, {1, 3, 6, 1, 2, 1, 43, 16, 5, 1}, 2, 2, 2, {2}, true, kMostLines},
      {"prtAlertTable", table, {1, 3, 6, 1, 2, 1, 43, 18, 1, 1}, 2, 9, 2, {2, 3, 4, 5, 6, 7, 8, 9}, true},
      {"finDeviceTable", table, {1, 3, 6, 1, 2, 1, 43, 30, 1, 1}, 0, 0, 2, {3, 6, 9}},
      {"finSupplyTable", table, {1, 3, 6, 1, 2, 1, 43, 31, 1, 1}, 0, 0, 2, {8}},
      {"finSupplyMediaInputTable", table, {1, 3, 6, 1, 2, 1, 43, 32, 1, 1}, 0, 0, 2, {8, 9}},
      {"ppmPrinterName", probe, {1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 2}},
      {"ppmPrinterIEEE1284DeviceId", probe, {1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3}},
      {"icKeyTable", probe, {1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 2, 1, 1}},
  };
  return rows;
}

const Subtree& named(std::string_view name) {
  return *std::find_if(all().begin(), all().end(), [&](const Subtree& row) { return row.name == name; });
}

}  // namespace

std::span<const Subtree> full_read_subtrees() { return all(); }

std::span<const Oid> status_read_columns() {
  static const std::vector<Oid> columns{
      {1, 3, 6, 1, 2, 1, 1, 2},              // sysObjectID, and the serial number below: is it still the same machine?
      {1, 3, 6, 1, 2, 1, 1, 3},              // sysUpTime
      {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5},    // hrDeviceStatus
      {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1},    // hrPrinterStatus
      {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2},    // hrPrinterDetectedErrorState
      {1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 1},    // prtGeneralConfigChanges
      {1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17},   // prtGeneralSerialNumber
      {1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 3},    // prtCoverStatus
      {1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 10},   // prtInputCurrentLevel
      {1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 11},   // prtInputStatus
      {1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 5},    // prtOutputRemainingCapacity
      {1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 6},    // prtOutputStatus
      {1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4},   // prtMarkerLifeCount
      {1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 5},   // prtMarkerPowerOnCount
      {1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 15},  // prtMarkerStatus
      {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9},   // prtMarkerSuppliesLevel
      {1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2},   // prtConsoleDisplayBufferText
  };
  return columns;
}

const Subtree& alert_table() {
  static const Subtree& alerts = named("prtAlertTable");
  return alerts;
}

const Subtree& imaging_keys() {
  static const Subtree& keys = named("icKeyTable");
  return keys;
}

std::span<const Oid> imaging_counters() {
  static const std::vector<Oid> entries{{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 7, 1, 1},    // icImageTable
                                        {1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 8, 1, 1},    // icImpressionTable
                                        {1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 9, 1, 1},    // icTwoSidedTable
                                        {1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 10, 1, 1}};  // icSheetTable
  return entries;
}

Instance address_interface(const IpAddress& address) {
  static const Oid column{1, 3, 6, 1, 2, 1, 4, 34, 1, 3};
  const std::size_t length = address.is_v4() ? 4 : 16;
  Columns index{address.is_v4() ? 1U : 2U, static_cast<std::uint32_t>(length)};  // InetAddressType, RFC 4001
  index.insert(index.end(), address.octets().begin(), address.octets().begin() + static_cast<std::ptrdiff_t>(length));
  const Oid name = column + index;
  if (index.back() == 0) {
    index.pop_back();
  } else {
    --index.back();
  }
  return {name, column + index};
}

const Subtree* subtree_of(const Oid& name) {
  const auto after = std::upper_bound(all().begin(), all().end(), name,
                                      [](const Oid& wanted, const Subtree& subtree) { return wanted < subtree.root; });
  if (after == all().begin() || !name.starts_with(std::prev(after)->root)) return nullptr;
  return &*std::prev(after);
}

bool moves(const Oid& name) {
  static const Oid enterprises{1, 3, 6, 1, 4, 1};
  const Subtree* subtree = subtree_of(name);
  if (subtree == nullptr) return name.starts_with(enterprises);
  if (subtree->shape != table) return !subtree->moving.empty();
  const auto tail = name.after(subtree->root);
  return !tail.empty() && std::binary_search(subtree->moving.begin(), subtree->moving.end(), tail[0]);
}

}  // namespace platen::snmp
