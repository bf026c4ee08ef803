#include "base/reading/names.h"

#include <doctest/doctest.h>

#include <limits>

using namespace platen;

TEST_CASE("numbers of the MIBs are words and come back") {
  struct Row {
    MibEnum list;
    std::int32_t number;
    const char* name;
  };
  const Row rows[] = {
      {MibEnum::prtMarkerSuppliesClass, 4, "receptacleThatIsFilled"},
      {MibEnum::prtMarkerSuppliesType, 21, "tonerCartridge"},
      {MibEnum::prtMarkerSuppliesSupplyUnit, 13, "tenthsOfGrams"},
      {MibEnum::prtMarkerCounterUnit, 7, "impressions"},
      {MibEnum::prtInputCapacityUnit, 8, "sheets"},
      {MibEnum::hrPrinterStatus, 5, "warmup"},
      {MibEnum::prtAlertSeverityLevel, 5, "warningBinaryChangeEvent"},
      {MibEnum::prtAlertSeverityLevel, 0, "invalid(0)"},
      {MibEnum::prtAlertGroup, -7, "invalid(-7)"},
      {MibEnum::prtAlertCode, 808, "inputMediaSupplyEmpty"},
      {MibEnum::prtAlertCode, 30213, "staplerEmpty"},
      {MibEnum::prtAlertCode, 30208, "staplerJam"},
      {MibEnum::prtAlertCode, 31803, "inserterCoverOpen"},
      {MibEnum::prtAlertCode, 31903, "invalid(31903)"},
      {MibEnum::prtAlertCode, 30239, "invalid(30239)"},
      {MibEnum::prtAlertCode, 30200, "invalid(30200)"},
      {MibEnum::prtAlertCode, std::numeric_limits<std::int32_t>::min(), "invalid(-2147483648)"},
      {MibEnum::prtAlertCode, std::numeric_limits<std::int32_t>::max(), "invalid(2147483647)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(name_of(row.list, row.number) == row.name);
    CHECK(number_of(row.list, row.name) == row.number);
  }
  CHECK_FALSE(number_of(MibEnum::prtAlertGroup, "invalid(x)"));
  CHECK_FALSE(number_of(MibEnum::prtAlertGroup, "Cover"));
  CHECK_FALSE(word_of(MibEnum::prtAlertCode, 0));
}

TEST_CASE("detected errors: bit 0 is the most significant bit of the first octet (RFC 2790)") {
  using Words = std::vector<std::string>;
  struct Row {
    const char* hex;
    Words want;
  };
  const Row rows[] = {
      {"", {}},
      {"00", {}},
      {"20", {"lowToner"}},
      {"2000", {"lowToner"}},
      {"0100", {"serviceRequested"}},
      {"C0", {"lowPaper", "noPaper"}},
      {"0002", {"overduePreventMaint"}},
      {"0001", {}},  // bit 15 has no name
      {"ffff00",
       {"lowPaper", "noPaper", "lowToner", "noToner", "doorOpen", "jammed", "offline", "serviceRequested",
        "inputTrayMissing", "outputTrayMissing", "markerSupplyMissing", "outputNearFull", "outputFull",
        "inputTrayEmpty", "overduePreventMaint"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.hex);
    CHECK(detected_errors(row.hex) == row.want);
  }
}
