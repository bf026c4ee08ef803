// The printers that a reading may be of, as match_printer() wants them.
#pragma once

#include <vector>

#include "base/sqlite/sqlite.h"
#include "cloud/store/printer_identity.h"

namespace platen::cloud {

// Arguments: serial, mac, place of the reading's keys.
inline constexpr const char* candidates_sql =
    "SELECT number, serial_key, mac_key, model_key, place FROM printers WHERE serial_key <> '' AND serial_key = ?1 "
    "UNION SELECT number, serial_key, mac_key, model_key, place FROM printers WHERE mac_key <> '' AND mac_key = ?2 "
    "UNION SELECT number, serial_key, mac_key, model_key, place FROM printers WHERE place <> '' AND place = ?3 "
    "ORDER BY 1 DESC";

[[nodiscard]] inline std::vector<KnownPrinter> candidates_of(sqlite::Query& query) {
  std::vector<KnownPrinter> found;
  while (query.next()) found.push_back({query.integer(0), query.text(1), query.text(2), query.text(3), query.text(4)});
  return found;
}

}  // namespace platen::cloud
