#include "base/reading/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace platen {
namespace {

struct Name {
  std::int32_t number;
  std::string_view word;
};

constexpr Name kHrDeviceStatus[] = {{1, "unknown"}, {2, "running"}, {3, "warning"}, {4, "testing"}, {5, "down"}};
constexpr Name kHrPrinterStatus[] = {{1, "other"}, {2, "unknown"}, {3, "idle"}, {4, "printing"}, {5, "warmup"}};
constexpr Name kSuppliesClass[] = {{1, "other"}, {3, "supplyThatIsConsumed"}, {4, "receptacleThatIsFilled"}};
constexpr Name kSuppliesType[] = {{1, "other"},
                                  {2, "unknown"},
                                  {3, "toner"},
                                  {4, "wasteToner"},
                                  {5, "ink"},
                                  {6, "inkCartridge"},
                                  {7, "inkRibbon"},
                                  {8, "wasteInk"},
                                  {9, "opc"},
                                  {10, "developer"},
                                  {11, "fuserOil"},
                                  {12, "solidWax"},
                                  {13, "ribbonWax"},
                                  {14, "wasteWax"},
                                  {15, "fuser"},
                                  {16, "coronaWire"},
                                  {17, "fuserOilWick"},
                                  {18, "cleanerUnit"},
                                  {19, "fuserCleaningPad"},
                                  {20, "transferUnit"},
                                  {21, "tonerCartridge"},
                                  {22, "fuserOiler"},
                                  {23, "water"},
                                  {24, "wasteWater"},
                                  {25, "glueWaterAdditive"},
                                  {26, "wastePaper"},
                                  {27, "bindingSupply"},
                                  {28, "bandingSupply"},
                                  {29, "stitchingWire"},
                                  {30, "shrinkWrap"},
                                  {31, "paperWrap"},
                                  {32, "staples"},
                                  {33, "inserts"},
                                  {34, "covers"},
                                  {35, "matteToner"},
                                  {36, "matteInk"}};
// One table for the three unit lists: their numbers never disagree, and printers send one list's units in another's
// column.
constexpr Name kUnit[] = {{1, "other"},
                          {2, "unknown"},
                          {3, "tenThousandthsOfInches"},
                          {4, "micrometers"},
                          {5, "characters"},
                          {6, "lines"},
                          {7, "impressions"},
                          {8, "sheets"},
                          {9, "dotRow"},
                          {11, "hours"},
                          {12, "thousandthsOfOunces"},
                          {13, "tenthsOfGrams"},
                          {14, "hundrethsOfFluidOunces"},
                          {15, "tenthsOfMilliliters"},
                          {16, "feet"},
                          {17, "meters"},
                          {18, "items"},
                          {19, "percent"}};
constexpr Name kMarkTech[] = {{1, "other"},
                              {2, "unknown"},
                              {3, "electrophotographicLED"},
                              {4, "electrophotographicLaser"},
                              {5, "electrophotographicOther"},
                              {6, "impactMovingHeadDotMatrix9pin"},
                              {7, "impactMovingHeadDotMatrix24pin"},
                              {8, "impactMovingHeadDotMatrixOther"},
                              {9, "impactMovingHeadFullyFormed"},
                              {10, "impactBand"},
                              {11, "impactOther"},
                              {12, "inkjetAqueous"},
                              {13, "inkjetSolid"},
                              {14, "inkjetOther"},
                              {15, "pen"},
                              {16, "thermalTransfer"},
                              {17, "thermalSensitive"},
                              {18, "thermalDiffusion"},
                              {19, "thermalOther"},
                              {20, "electroerosion"},
                              {21, "electrostatic"},
                              {22, "photographicMicrofiche"},
                              {23, "photographicImagesetter"},
                              {24, "photographicOther"},
                              {25, "ionDeposition"},
                              {26, "eBeam"},
                              {27, "typesetter"}};
constexpr Name kInputType[] = {{1, "other"},
                               {2, "unknown"},
                               {3, "sheetFeedAutoRemovableTray"},
                               {4, "sheetFeedAutoNonRemovableTray"},
                               {5, "sheetFeedManual"},
                               {6, "continuousRoll"},
                               {7, "continuousFanFold"},
                               {8, "sheetFeedPull"}};
constexpr Name kOutputType[] = {
    {1, "other"},   {2, "unknown"},          {3, "removableBin"}, {4, "unRemovableBin"}, {5, "continuousRollDevice"},
    {6, "mailBox"}, {7, "continuousFanFold"}};
constexpr Name kCoverStatus[] = {{1, "other"},       {2, "unknown"},       {3, "coverOpen"},
                                 {4, "coverClosed"}, {5, "interlockOpen"}, {6, "interlockClosed"}};
constexpr Name kAlertSeverity[] = {{1, "other"}, {3, "critical"}, {4, "warning"}, {5, "warningBinaryChangeEvent"}};
constexpr Name kAlertTraining[] = {{1, "other"},
                                   {2, "unknown"},
                                   {3, "untrained"},
                                   {4, "trained"},
                                   {5, "fieldService"},
                                   {6, "management"},
                                   {7, "noInterventionRequired"}};
constexpr Name kAlertGroup[] = {{1, "other"},
                                {2, "unknown"},
                                {3, "hostResourcesMIBStorageTable"},
                                {4, "hostResourcesMIBDeviceTable"},
                                {5, "generalPrinter"},
                                {6, "cover"},
                                {7, "localization"},
                                {8, "input"},
                                {9, "output"},
                                {10, "marker"},
                                {11, "markerSupplies"},
                                {12, "markerColorant"},
                                {13, "mediaPath"},
                                {14, "channel"},
                                {15, "interpreter"},
                                {16, "consoleDisplayBuffer"},
                                {17, "consoleLights"},
                                {18, "alert"},
                                {30, "finDevice"},
                                {31, "finSupply"},
                                {32, "finSupplyMediaInput"},
                                {33, "finAttribute"}};
constexpr Name kAlertCode[] = {{1, "other"},
                               {2, "unknown"},
                               {3, "coverOpen"},
                               {4, "coverClosed"},
                               {5, "interlockOpen"},
                               {6, "interlockClosed"},
                               {7, "configurationChange"},
                               {8, "jam"},
                               {9, "subunitMissing"},
                               {10, "subunitLifeAlmostOver"},
                               {11, "subunitLifeOver"},
                               {12, "subunitAlmostEmpty"},
                               {13, "subunitEmpty"},
                               {14, "subunitAlmostFull"},
                               {15, "subunitFull"},
                               {16, "subunitNearLimit"},
                               {17, "subunitAtLimit"},
                               {18, "subunitOpened"},
                               {19, "subunitClosed"},
                               {20, "subunitTurnedOn"},
                               {21, "subunitTurnedOff"},
                               {22, "subunitOffline"},
                               {23, "subunitPowerSaver"},
                               {24, "subunitWarmingUp"},
                               {25, "subunitAdded"},
                               {26, "subunitRemoved"},
                               {27, "subunitResourceAdded"},
                               {28, "subunitResourceRemoved"},
                               {29, "subunitRecoverableFailure"},
                               {30, "subunitUnrecoverableFailure"},
                               {31, "subunitRecoverableStorageError"},
                               {32, "subunitUnrecoverableStorageError"},
                               {33, "subunitMotorFailure"},
                               {34, "subunitMemoryExhausted"},
                               {35, "subunitUnderTemperature"},
                               {36, "subunitOverTemperature"},
                               {37, "subunitTimingFailure"},
                               {38, "subunitThermistorFailure"},
                               {501, "doorOpen"},
                               {502, "doorClosed"},
                               {503, "powerUp"},
                               {504, "powerDown"},
                               {505, "printerNMSReset"},
                               {506, "printerManualReset"},
                               {507, "printerReadyToPrint"},
                               {801, "inputMediaTrayMissing"},
                               {802, "inputMediaSizeChange"},
                               {803, "inputMediaWeightChange"},
                               {804, "inputMediaTypeChange"},
                               {805, "inputMediaColorChange"},
                               {806, "inputMediaFormPartsChange"},
                               {807, "inputMediaSupplyLow"},
                               {808, "inputMediaSupplyEmpty"},
                               {809, "inputMediaChangeRequest"},
                               {810, "inputManualInputRequest"},
                               {811, "inputTrayPositionFailure"},
                               {812, "inputTrayElevationFailure"},
                               {813, "inputCannotFeedSizeSelected"},
                               {901, "outputMediaTrayMissing"},
                               {902, "outputMediaTrayAlmostFull"},
                               {903, "outputMediaTrayFull"},
                               {904, "outputMailboxSelectFailure"},
                               {1001, "markerFuserUnderTemperature"},
                               {1002, "markerFuserOverTemperature"},
                               {1003, "markerFuserTimingFailure"},
                               {1004, "markerFuserThermistorFailure"},
                               {1005, "markerAdjustingPrintQuality"},
                               {1101, "markerTonerEmpty"},
                               {1102, "markerInkEmpty"},
                               {1103, "markerPrintRibbonEmpty"},
                               {1104, "markerTonerAlmostEmpty"},
                               {1105, "markerInkAlmostEmpty"},
                               {1106, "markerPrintRibbonAlmostEmpty"},
                               {1107, "markerWasteTonerReceptacleAlmostFull"},
                               {1108, "markerWasteInkReceptacleAlmostFull"},
                               {1109, "markerWasteTonerReceptacleFull"},
                               {1110, "markerWasteInkReceptacleFull"},
                               {1111, "markerOpcLifeAlmostOver"},
                               {1112, "markerOpcLifeOver"},
                               {1113, "markerDeveloperAlmostEmpty"},
                               {1114, "markerDeveloperEmpty"},
                               {1115, "markerTonerCartridgeMissing"},
                               {1301, "mediaPathMediaTrayMissing"},
                               {1302, "mediaPathMediaTrayAlmostFull"},
                               {1303, "mediaPathMediaTrayFull"},
                               {1304, "mediaPathCannotDuplexMediaSelected"},
                               {1501, "interpreterMemoryIncrease"},
                               {1502, "interpreterMemoryDecrease"},
                               {1503, "interpreterCartridgeAdded"},
                               {1504, "interpreterCartridgeDeleted"},
                               {1505, "interpreterResourceAdded"},
                               {1506, "interpreterResourceDeleted"},
                               {1507, "interpreterResourceUnavailable"},
                               {1509, "interpreterComplexPageEncountered"},
                               {1801, "alertRemovalOfBinaryChangeEntry"}};

constexpr Name kColorantRole[] = {{1, "other"}, {3, "process"}, {4, "spot"}};
constexpr Name kFinisherType[] = {{1, "other"},         {2, "unknown"},  {3, "stitcher"},          {4, "folder"},
                                  {5, "binder"},        {6, "trimmer"},  {7, "dieCutter"},         {8, "puncher"},
                                  {9, "perforater"},    {10, "slitter"}, {11, "separationCutter"}, {12, "imprinter"},
                                  {13, "wrapper"},      {14, "bander"},  {15, "makeEnvelope"},     {16, "stacker"},
                                  {17, "sheetRotator"}, {18, "inserter"}};
constexpr Name kPresentOnOff[] = {{1, "other"}, {3, "on"}, {4, "off"}, {5, "notPresent"}};

// Finisher alerts (IANA-PRINTER-MIB 30203..31838): 30000 + 100 * device + the generic subunit code 3..38.
constexpr std::string_view kFinisher[] = {"stapler",      "stitcher", "folder",     "binder",       "trimmer",
                                          "dieCutter",    "puncher",  "perforater", "slitter",      "separationCutter",
                                          "imprinter",    "wrapper",  "bander",     "makeEnvelope", "stacker",
                                          "sheetRotator", "inserter"};
constexpr std::int32_t kFirstFinisher = 30200;

std::span<const Name> list_of(MibEnum list) {
  switch (list) {
    case MibEnum::hrDeviceStatus: return kHrDeviceStatus;
    case MibEnum::hrPrinterStatus: return kHrPrinterStatus;
    case MibEnum::prtMarkerSuppliesClass: return kSuppliesClass;
    case MibEnum::prtMarkerSuppliesType: return kSuppliesType;
    case MibEnum::prtMarkerSuppliesSupplyUnit:
    case MibEnum::prtMarkerCounterUnit:
    case MibEnum::prtInputCapacityUnit: return kUnit;
    case MibEnum::prtMarkerMarkTech: return kMarkTech;
    case MibEnum::prtInputType: return kInputType;
    case MibEnum::prtOutputType: return kOutputType;
    case MibEnum::prtCoverStatus: return kCoverStatus;
    case MibEnum::prtAlertSeverityLevel: return kAlertSeverity;
    case MibEnum::prtAlertTrainingLevel: return kAlertTraining;
    case MibEnum::prtAlertGroup: return kAlertGroup;
    case MibEnum::prtAlertCode: return kAlertCode;
    case MibEnum::prtMarkerColorantRole: return kColorantRole;
    case MibEnum::finDeviceType: return kFinisherType;
    case MibEnum::finDevicePresentOnOff: return kPresentOnOff;
  }
  return {};
}

std::string_view word_of(std::span<const Name> list, std::int32_t number) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Name& name) { return name.number == number; });
  return at == list.end() ? std::string_view{} : at->word;
}

// "stapler" + generic "subunitEmpty" (13) = "staplerEmpty"; "stapler" + "jam" (8) = "staplerJam".
std::string finisher_alert(std::int32_t number) {
  if (number < kFirstFinisher || number >= kFirstFinisher + 100 * static_cast<std::int32_t>(std::size(kFinisher)))
    return "";
  const std::int32_t device = (number - kFirstFinisher) / 100;
  const std::int32_t generic = number % 100;
  if (generic < 3) return "";
  std::string tail(word_of(kAlertCode, generic));
  if (tail.empty()) return "";
  constexpr std::string_view subunit = "subunit";
  if (tail.starts_with(subunit)) tail.erase(0, subunit.size());
  tail[0] = static_cast<char>(tail[0] >= 'a' && tail[0] <= 'z' ? tail[0] - 'a' + 'A' : tail[0]);
  return std::string(kFinisher[device]) + tail;
}

std::optional<std::int32_t> whole_number(std::string_view text) {
  std::int32_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

constexpr std::string_view kInvalid = "invalid(";

std::optional<std::int32_t> finisher_number(std::string_view name) {
  for (std::int32_t number = kFirstFinisher;
       number < kFirstFinisher + 100 * static_cast<std::int32_t>(std::size(kFinisher)); ++number) {
    if (!name.empty() && finisher_alert(number) == name) return number;
  }
  return std::nullopt;
}

constexpr std::string_view kDetectedErrors[] = {"lowPaper",
                                                "noPaper",
                                                "lowToner",
                                                "noToner",
                                                "doorOpen",
                                                "jammed",
                                                "offline",
                                                "serviceRequested",
                                                "inputTrayMissing",
                                                "outputTrayMissing",
                                                "markerSupplyMissing",
                                                "outputNearFull",
                                                "outputFull",
                                                "inputTrayEmpty",
                                                "overduePreventMaint"};

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return 0;
}

}  // namespace

std::optional<std::string> word_of(MibEnum list, std::int32_t number) {
  const std::string_view word = word_of(list_of(list), number);
  if (!word.empty()) return std::string(word);
  if (list != MibEnum::prtAlertCode) return std::nullopt;
  std::string finisher = finisher_alert(number);
  return finisher.empty() ? std::nullopt : std::optional(std::move(finisher));
}

std::string name_of(MibEnum list, std::int32_t number) {
  return word_of(list, number).value_or(std::string(kInvalid) + std::to_string(number) + ")");
}

std::optional<std::int32_t> number_of(MibEnum list, std::string_view name) {
  const std::span<const Name> names = list_of(list);
  const auto at = std::find_if(names.begin(), names.end(), [&](const Name& row) { return row.word == name; });
  if (at != names.end()) return at->number;
  if (name.starts_with(kInvalid) && name.ends_with(')')) {
    return whole_number(name.substr(kInvalid.size(), name.size() - kInvalid.size() - 1));
  }
  return list == MibEnum::prtAlertCode ? finisher_number(name) : std::nullopt;
}

std::vector<std::string> detected_errors(std::string_view hex) {
  std::vector<std::string> errors;
  for (std::size_t bit = 0; bit < std::size(kDetectedErrors) && bit / 4 < hex.size(); ++bit) {
    if ((hex_digit(hex[bit / 4]) & (8 >> (bit % 4))) != 0) errors.emplace_back(kDetectedErrors[bit]);
  }
  return errors;
}

}  // namespace platen
