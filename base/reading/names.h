// Numbers of the printer MIBs as words, and back. Tables only.
//
//   Source   RFC 3805 and IANA-PRINTER-MIB (prt*), RFC 3806 and IANA-FINISHER-MIB (fin*), RFC 2790 (hr*).
//   Shapes   Names keep the MIB's spelling: "supplyThatIsConsumed". A number no list holds is named "invalid(1234)",
//   and
//            number_of reads that back: printers send such numbers, and a record must not lose them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

enum class MibEnum {
  hrDeviceStatus,
  hrPrinterStatus,
  prtMarkerSuppliesClass,
  prtMarkerSuppliesType,
  prtMarkerSuppliesSupplyUnit,
  prtMarkerCounterUnit,
  prtMarkerMarkTech,
  prtInputType,
  prtInputCapacityUnit,
  prtOutputType,
  prtCoverStatus,
  prtAlertSeverityLevel,
  prtAlertTrainingLevel,
  prtAlertGroup,
  prtAlertCode,
  prtMarkerColorantRole,
  finDeviceType,
  finDevicePresentOnOff,
};

[[nodiscard]] std::optional<std::string> word_of(MibEnum list, std::int32_t number);  // nullopt: no list holds it
[[nodiscard]] std::string name_of(MibEnum list, std::int32_t number);
[[nodiscard]] std::optional<std::int32_t> number_of(MibEnum list, std::string_view name);

// hrPrinterDetectedErrorState (RFC 2790, RFC 3805): bit 0 is the most significant bit of the first octet.
// `hex` as in Status::detected_error_octets; the answer in bit order: {"lowToner", "serviceRequested"}.
[[nodiscard]] std::vector<std::string> detected_errors(std::string_view hex);

}  // namespace platen
