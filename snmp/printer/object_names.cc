#include "snmp/printer/object_names.h"

#include "snmp/printer/rows.h"

namespace platen::snmp {
namespace {

// An entry (or group), the names of its columns (or scalars) from number `first` on, and their syntax: a letter each, i
// for whatever is a number, s for OCTET STRING, o for OBJECT IDENTIFIER, - where nothing in a Reading comes from it.
struct Group {
  Oid root;
  std::string_view document;
  std::uint32_t first;
  std::string_view syntax;
  std::vector<std::string_view> names;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> table = {
      {{1, 3, 6, 1, 2, 1, 1},
       "RFC 1213",
       1,
       "soisss-",
       {"sysDescr", "sysObjectID", "sysUpTime", "sysContact", "sysName", "sysLocation", "sysServices"}},
      {{1, 3, 6, 1, 2, 1, 2, 2, 1},
       "RFC 1213",
       1,
       "-----s-i",
       {"ifIndex", "ifDescr", "ifType", "ifMtu", "ifSpeed", "ifPhysAddress", "ifAdminStatus", "ifOperStatus"}},
      {{1, 3, 6, 1, 2, 1, 4, 20, 1},
       "RFC 1213",
       1,
       "-i---",
       {"ipAdEntAddr", "ipAdEntIfIndex", "ipAdEntNetMask", "ipAdEntBcastAddr", "ipAdEntReasmMaxSize"}},
      {{1, 3, 6, 1, 2, 1, 25, 3, 2, 1},
       "RFC 2790",
       1,
       "-os-i-",
       {"hrDeviceIndex", "hrDeviceType", "hrDeviceDescr", "hrDeviceID", "hrDeviceStatus", "hrDeviceErrors"}},
      {{1, 3, 6, 1, 2, 1, 25, 3, 5, 1}, "RFC 2790", 1, "is", {"hrPrinterStatus", "hrPrinterDetectedErrorState"}},
      {{1, 3, 6, 1, 2, 1, 43, 5, 1, 1},
       "RFC 3805",
       1,
       "ii-------i-----ss--",
       {"prtGeneralConfigChanges", "prtGeneralCurrentLocalization", "prtGeneralReset", "prtGeneralCurrentOperator",
        "prtGeneralServicePerson", "prtInputDefaultIndex", "prtOutputDefaultIndex", "prtMarkerDefaultIndex",
        "prtMediaPathDefaultIndex", "prtConsoleLocalization", "prtConsoleNumberOfDisplayLines",
        "prtConsoleNumberOfDisplayChars", "prtConsoleDisable", "prtAuxiliarySheetStartupPage",
        "prtAuxiliarySheetBannerPage", "prtGeneralPrinterName", "prtGeneralSerialNumber", "prtAlertCriticalEvents",
        "prtAlertAllEvents"}},
      {{1, 3, 6, 1, 2, 1, 43, 6, 1, 1},
       "RFC 3805",
       1,
       "-si",
       {"prtCoverIndex", "prtCoverDescription", "prtCoverStatus"}},
      {{1, 3, 6, 1, 2, 1, 43, 7, 1, 1},
       "RFC 3805",
       1,
       "-ssi",
       {"prtLocalizationIndex", "prtLocalizationLanguage", "prtLocalizationCountry", "prtLocalizationCharacterSet"}},
      {{1, 3, 6, 1, 2, 1, 43, 8, 2, 1},
       "RFC 3805",
       1,
       "-i-----iiiiss----s-------",
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
       "-iiiiis----s------------",
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
       "-iiiii--------i",
       {"prtMarkerIndex", "prtMarkerMarkTech", "prtMarkerCounterUnit", "prtMarkerLifeCount", "prtMarkerPowerOnCount",
        "prtMarkerProcessColorants", "prtMarkerSpotColorants", "prtMarkerAddressabilityUnit",
        "prtMarkerAddressabilityFeedDir", "prtMarkerAddressabilityXFeedDir", "prtMarkerNorthMargin",
        "prtMarkerSouthMargin", "prtMarkerWestMargin", "prtMarkerEastMargin", "prtMarkerStatus"}},
      {{1, 3, 6, 1, 2, 1, 43, 11, 1, 1},
       "RFC 3805",
       1,
       "-iiiisiii",
       {"prtMarkerSuppliesIndex", "prtMarkerSuppliesMarkerIndex", "prtMarkerSuppliesColorantIndex",
        "prtMarkerSuppliesClass", "prtMarkerSuppliesType", "prtMarkerSuppliesDescription",
        "prtMarkerSuppliesSupplyUnit", "prtMarkerSuppliesMaxCapacity", "prtMarkerSuppliesLevel"}},
      {{1, 3, 6, 1, 2, 1, 43, 12, 1, 1},
       "RFC 3805",
       1,
       "-iisi",
       {"prtMarkerColorantIndex", "prtMarkerColorantMarkerIndex", "prtMarkerColorantRole", "prtMarkerColorantValue",
        "prtMarkerColorantTonality"}},
      {{1, 3, 6, 1, 2, 1, 43, 16, 5, 1},
       "RFC 3805",
       1,
       "-s",
       {"prtConsoleDisplayBufferIndex", "prtConsoleDisplayBufferText"}},
      {{1, 3, 6, 1, 2, 1, 43, 18, 1, 1},
       "RFC 3805",
       1,
       "-iiiiiisi",
       {"prtAlertIndex", "prtAlertSeverityLevel", "prtAlertTrainingLevel", "prtAlertGroup", "prtAlertGroupIndex",
        "prtAlertLocation", "prtAlertCode", "prtAlertDescription", "prtAlertTime"}},
      {{1, 3, 6, 1, 2, 1, 43, 30, 1, 1},
       "RFC 3806",
       1,
       "-iiiii--is",
       {"finDeviceIndex", "finDeviceType", "finDevicePresentOnOff", "finDeviceCapacityUnit", "finDeviceMaxCapacity",
        "finDeviceCurrentCapacity", "finDeviceAssociatedMediaPaths", "finDeviceAssociatedOutputs", "finDeviceStatus",
        "finDeviceDescription"}},
      {{1, 3, 6, 1, 2, 1, 43, 31, 1, 1},
       "RFC 3806",
       1,
       "-iiisiiis",
       {"finSupplyIndex", "finSupplyDeviceIndex", "finSupplyClass", "finSupplyType", "finSupplyDescription",
        "finSupplyUnit", "finSupplyMaxCapacity", "finSupplyCurrentLevel", "finSupplyColorName"}},
      {{1, 3, 6, 1, 2, 1, 43, 32, 1, 1},
       "RFC 3806",
       1,
       "-iii---isss",
       {"finSupplyMediaInputIndex", "finSupplyMediaInputDeviceIndex", "finSupplyMediaInputSupplyIndex",
        "finSupplyMediaInputType", "finSupplyMediaInputDimUnit", "finSupplyMediaInputMediaDimFeedDir",
        "finSupplyMediaInputMediaDimXFeedDir", "finSupplyMediaInputStatus", "finSupplyMediaInputMediaName",
        "finSupplyMediaInputName", "finSupplyMediaInputDescription"}},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1},
       "PWG 5107.1",
       1,
       "-ss",
       {"ppmPrinterIndex", "ppmPrinterName", "ppmPrinterIEEE1284DeviceId"}},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 7, 1, 1},
       "PWG 5106.3",
       4,
       "iii",
       {"icImageTotalImages", "icImageMonochromeImages", "icImageFullColorImages"}},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 8, 1, 1},
       "PWG 5106.3",
       4,
       "ii-i",
       {"icImpressionTotalImps", "icImpressionMonochromeImps", "", "icImpressionFullColorImps"}},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 9, 1, 1},
       "PWG 5106.3",
       4,
       "ii-i",
       {"icTwoSidedTotalImps", "icTwoSidedMonochromeImps", "", "icTwoSidedFullColorImps"}},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, 10, 1, 1},
       "PWG 5106.3",
       4,
       "ii-i",
       {"icSheetTotalSheets", "icSheetMonochromeSheets", "", "icSheetFullColorSheets"}},
  };
  return table;
}

const std::string_view* name_in(const Group& group, std::span<const std::uint32_t> tail) {
  const bool known = !tail.empty() && tail[0] >= group.first && tail[0] - group.first < group.names.size();
  if (!known || group.names[tail[0] - group.first].empty()) return nullptr;
  return &group.names[tail[0] - group.first];
}

bool fits(char syntax, const Value& value) {
  switch (syntax) {
    case 'i': return value.number() || value.unsigned_number();
    case 's': return value.bytes() != nullptr;
    case 'o': return value.object() != nullptr;
    default: return true;
  }
}

}  // namespace

ObjectName object_name(const Oid& oid) {
  for (const Group& group : groups()) {
    const auto tail = oid.after(group.root);
    const std::string_view* name = name_in(group, tail);
    if (name == nullptr) continue;
    const std::string index = dotted(tail.subspan(1));
    return {std::string(*name) + (index.empty() ? "" : "." + index), group.document};
  }
  return {"", ""};
}

std::vector<std::string_view> wrong_types(const Rows& rows) {
  std::vector<std::string_view> wrong;
  for (const Group& group : groups()) {
    for (const VarBind& row : rows.under(group.root)) {
      const auto tail = row.name.after(group.root);
      const std::string_view* name = name_in(group, tail);
      if (name == nullptr || row.value.is_exception()) continue;
      const bool known = !wrong.empty() && wrong.back() == *name;
      if (!known && !fits(group.syntax[tail[0] - group.first], row.value)) wrong.push_back(*name);
    }
  }
  return wrong;
}

}  // namespace platen::snmp
