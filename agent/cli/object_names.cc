#include "agent/cli/object_names.h"

#include <vector>

namespace platen::cli {
namespace {

using snmp::Oid;

// An entry (or group) and the names of its columns (or scalars), from number `first` on.
struct Group {
  Oid root;
  std::string_view document;
  std::uint32_t first;
  std::vector<std::string_view> names;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> table = {
      {{1, 3, 6, 1, 2, 1, 1},
       "RFC 1213",
       1,
       {"sysDescr", "sysObjectID", "sysUpTime", "sysContact", "sysName", "sysLocation", "sysServices"}},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1},
       "RFC 1213",
       1,
       {"ifIndex", "ifDescr", "ifType", "ifMtu", "ifSpeed", "ifPhysAddress", "ifAdminStatus", "ifOperStatus"}},
      {{1, 3, 6, 1, 2, 1, 4, 20, 1},
       "RFC 1213",
       1,
       {"ipAdEntAddr", "ipAdEntIfIndex", "ipAdEntNetMask", "ipAdEntBcastAddr", "ipAdEntReasmMaxSize"}},
      {{1, 3, 6, 1, 2, 1, 25, 3, 2, 1},
       "RFC 2790",
       1,
       {"hrDeviceIndex", "hrDeviceType", "hrDeviceDescr", "hrDeviceID", "hrDeviceStatus", "hrDeviceErrors"}},
      {{1, 3, 6, 1, 2, 1, 25, 3, 5, 1}, "RFC 2790", 1, {"hrPrinterStatus", "hrPrinterDetectedErrorState"}},
      {{1, 3, 6, 1, 2, 1, 43, 5, 1, 1},
       "RFC 3805",
       1,
       {"prtGeneralConfigChanges", "prtGeneralCurrentLocalization", "prtGeneralReset", "prtGeneralCurrentOperator",
        "prtGeneralServicePerson", "prtInputDefaultIndex", "prtOutputDefaultIndex", "prtMarkerDefaultIndex",
        "prtMediaPathDefaultIndex", "prtConsoleLocalization", "prtConsoleNumberOfDisplayLines",
        "prtConsoleNumberOfDisplayChars", "prtConsoleDisable", "prtAuxiliarySheetStartupPage",
        "prtAuxiliarySheetBannerPage", "prtGeneralPrinterName", "prtGeneralSerialNumber", "prtAlertCriticalEvents",
        "prtAlertAllEvents"}},
      {{1, 3, 6, 1, 2, 1, 43, 6, 1, 1}, "RFC 3805", 1, {"prtCoverIndex", "prtCoverDescription", "prtCoverStatus"}},
      {{1, 3, 6, 1, 2, 1, 43, 7, 1, 1},
       "RFC 3805",
       1,
       {"prtLocalizationIndex", "prtLocalizationLanguage", "prtLocalizationCountry", "prtLocalizationCharacterSet"}},
      {{1, 3, 6, 1, 2, 1, 43, 8, 2, 1},
       "RFC 3805",
       1,
       {"prtInputIndex",
        "prtInputType",
        "prtInputDimUnit",
        "prtInputMediaDimFeedDirDeclared",
        "prtInputMediaDimXFeedDirDeclared",
        "prtInputMediaDimFeedDirChosen",
        "prtInputMediaDimXFeedDirChosen",
        "prtInputCapacityUnit",
        "prtInputMaxCapacity",
        "prtInputCurrentLevel",
        "prtInputStatus",
        "prtInputMediaName",
        "prtInputName",
        "prtInputVendorName",
        "prtInputModel",
        "prtInputVersion",
        "prtInputSerialNumber",
        "prtInputDescription",
        "prtInputSecurity",
        "prtInputMediaWeight",
        "prtInputMediaType",
        "prtInputMediaColor",
        "prtInputMediaFormParts",
        "prtInputMediaLoadTimeout",
        "prtInputNextIndex"}},
      {{1, 3, 6, 1, 2, 1, 43, 9, 2, 1},
       "RFC 3805",
       1,
       {"prtOutputIndex",
        "prtOutputType",
        "prtOutputCapacityUnit",
        "prtOutputMaxCapacity",
        "prtOutputRemainingCapacity",
        "prtOutputStatus",
        "prtOutputName",
        "prtOutputVendorName",
        "prtOutputModel",
        "prtOutputVersion",
        "prtOutputSerialNumber",
        "prtOutputDescription",
        "prtOutputSecurity",
        "prtOutputDimUnit",
        "prtOutputMaxDimFeedDir",
        "prtOutputMaxDimXFeedDir",
        "prtOutputMinDimFeedDir",
        "prtOutputMinDimXFeedDir",
        "prtOutputStackingOrder",
        "prtOutputPageDeliveryOrientation",
        "prtOutputBursting",
        "prtOutputDecollating",
        "prtOutputPageCollated",
        "prtOutputOffsetStacking"}},
      {{1, 3, 6, 1, 2, 1, 43, 10, 2, 1},
       "RFC 3805",
       1,
       {"prtMarkerIndex", "prtMarkerMarkTech", "prtMarkerCounterUnit", "prtMarkerLifeCount", "prtMarkerPowerOnCount",
        "prtMarkerProcessColorants", "prtMarkerSpotColorants", "prtMarkerAddressabilityUnit",
        "prtMarkerAddressabilityFeedDir", "prtMarkerAddressabilityXFeedDir", "prtMarkerNorthMargin",
        "prtMarkerSouthMargin", "prtMarkerWestMargin", "prtMarkerEastMargin", "prtMarkerStatus"}},
      {{1, 3, 6, 1, 2, 1, 43, 11, 1, 1},
       "RFC 3805",
       1,
       {"prtMarkerSuppliesIndex", "prtMarkerSuppliesMarkerIndex", "prtMarkerSuppliesColorantIndex",
        "prtMarkerSuppliesClass", "prtMarkerSuppliesType", "prtMarkerSuppliesDescription",
        "prtMarkerSuppliesSupplyUnit", "prtMarkerSuppliesMaxCapacity", "prtMarkerSuppliesLevel"}},
      {{1, 3, 6, 1, 2, 1, 43, 12, 1, 1},
       "RFC 3805",
       1,
       {"prtMarkerColorantIndex", "prtMarkerColorantMarkerIndex", "prtMarkerColorantRole", "prtMarkerColorantValue",
        "prtMarkerColorantTonality"}},
      {{1, 3, 6, 1, 2, 1, 43, 16, 5, 1},
       "RFC 3805",
       1,
       {"prtConsoleDisplayBufferIndex", "prtConsoleDisplayBufferText"}},
      {{1, 3, 6, 1, 2, 1, 43, 18, 1, 1},
       "RFC 3805",
       1,
       {"prtAlertIndex", "prtAlertSeverityLevel", "prtAlertTrainingLevel", "prtAlertGroup", "prtAlertGroupIndex",
        "prtAlertLocation", "prtAlertCode", "prtAlertDescription", "prtAlertTime"}},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1}, "PWG 5107.1", 3, {"ppmPrinterIEEE1284DeviceId"}},
  };
  return table;
}

}  // namespace

ObjectName object_name(const Oid& oid) {
  for (const Group& group : groups()) {
    const auto tail = oid.after(group.root);
    if (tail.empty() || tail[0] < group.first || tail[0] - group.first >= group.names.size()) continue;
    const std::string index = snmp::dotted(tail.subspan(1));
    return {std::string(group.names[tail[0] - group.first]) + (index.empty() ? "" : "." + index), group.document};
  }
  return {"", ""};
}

}  // namespace platen::cli
