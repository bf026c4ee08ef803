#include "snmp/printer/columns.h"

#include <algorithm>

namespace platen::snmp {
namespace {

using enum Subtree::Shape;

const std::vector<Subtree>& all() {
  static const std::vector<Subtree> rows{
      {"sysDescr", scalar, {1, 3, 6, 1, 2, 1, 1, 1}},
      {"sysObjectID", scalar, {1, 3, 6, 1, 2, 1, 1, 2}},
      {"sysUpTime", scalar, {1, 3, 6, 1, 2, 1, 1, 3}},
      {"sysContact", scalar, {1, 3, 6, 1, 2, 1, 1, 4}},
      {"sysName", scalar, {1, 3, 6, 1, 2, 1, 1, 5}},
      {"sysLocation", scalar, {1, 3, 6, 1, 2, 1, 1, 6}},
      {"ifPhysAddress", column, {1, 3, 6, 1, 2, 1, 2, 2, 1, 6}},
      {"ifOperStatus", column, {1, 3, 6, 1, 2, 1, 2, 2, 1, 8}},
      {"ipAdEntIfIndex", column, {1, 3, 6, 1, 2, 1, 4, 20, 1, 2}},
      {"hrDeviceType", column, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2}},
      {"hrDeviceDescr", column, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3}},
      {"hrDeviceStatus", column, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5}},
      {"hrPrinterStatus", column, {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1}},
      {"hrPrinterDetectedErrorState", column, {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2}},
      {"prtGeneralTable", table, {1, 3, 6, 1, 2, 1, 43, 5, 1, 1}, 1, 19, 1},
      {"prtCoverTable", table, {1, 3, 6, 1, 2, 1, 43, 6, 1, 1}, 2, 3, 2},
      {"prtLocalizationTable", table, {1, 3, 6, 1, 2, 1, 43, 7, 1, 1}, 2, 4, 2},
      {"prtInputTable", table, {1, 3, 6, 1, 2, 1, 43, 8, 2, 1}, 2, 25, 2},
      {"prtOutputTable", table, {1, 3, 6, 1, 2, 1, 43, 9, 2, 1}, 2, 24, 2},
      {"prtMarkerTable", table, {1, 3, 6, 1, 2, 1, 43, 10, 2, 1}, 2, 15, 2},
      {"prtMarkerSuppliesTable", table, {1, 3, 6, 1, 2, 1, 43, 11, 1, 1}, 2, 9, 2},
      {"prtMarkerColorantTable", table, {1, 3, 6, 1, 2, 1, 43, 12, 1, 1}, 2, 5, 2},
      {"prtConsoleDisplayBufferTable", table, {1, 3, 6, 1, 2, 1, 43, 16, 5, 1}, 2, 2, 2},
      {"prtAlertTable", table, {1, 3, 6, 1, 2, 1, 43, 18, 1, 1}, 2, 9, 2},
      {"ppmPrinterIEEE1284DeviceId", column, {1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3}},
  };
  return rows;
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
  static const Subtree& alerts =
      *std::find_if(all().begin(), all().end(), [](const Subtree& row) { return row.name == "prtAlertTable"; });
  return alerts;
}

}  // namespace platen::snmp
