// In which language and character set a printer's texts are. Private to this room.
//
//   Source   RFC 3805: prtGeneralCurrentLocalization is for all texts of the MIB but the panel's, which are in
//            prtConsoleLocalization; each names a row of prtLocalizationTable.
//   Rules    Devices that do not say which row is in force mostly have one: the first.
#pragma once

#include <optional>
#include <string>

#include "snmp/printer/octet_text.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {

struct Localization {
  std::optional<std::int32_t> set;   // prtLocalizationCharacterSet, IANA MIBenum
  const Charset* charset = nullptr;  // nullptr: not said, or a set that we do not know
  std::optional<std::string> language, country;

  [[nodiscard]] std::optional<std::string> charset_name() const;  // "utf-8"; "mibenum-2999" for one we do not know
};

[[nodiscard]] Localization general_localization(const Rows& rows);
[[nodiscard]] Localization console_localization(const Rows& rows);

}  // namespace platen::snmp
