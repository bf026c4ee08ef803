// The tables of the Printer MIB and the Finisher MIB as rows of a Reading. One list of columns a table; the index joins them, never the
// order.
//
//   Source   RFC 3805 §6 (prtMarkerTable …), RFC 3806. Columns of one table may differ in length; rows come in index order, gaps
//   and all. Private to this room.
#pragma once

#include <vector>

#include "base/reading/reading.h"
#include "snmp/printer/octet_text.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {

[[nodiscard]] std::vector<Marker> markers_in(const Rows& rows);
[[nodiscard]] std::vector<Supply> supplies_in(const Rows& rows, const Charset* charset,
                                              std::vector<std::string>& flags);
[[nodiscard]] std::vector<Input> inputs_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<Output> outputs_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<Cover> covers_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<Alert> alerts_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<Colorant> colorants_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<Finisher> finishers_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<FinisherSupply> finisher_supplies_in(const Rows& rows, const Charset* charset);
[[nodiscard]] std::vector<FinisherInput> finisher_inputs_in(const Rows& rows, const Charset* charset);
// prtConsoleDisplayBufferText, line by line; empty lines at the end are not there.
[[nodiscard]] std::vector<std::string> console_in(const Rows& rows, const Charset* charset);
// The only colour that a description names ("Drum Cartridge (Cyan)"), or nullopt: none, or several.
[[nodiscard]] std::optional<std::string> color_named_in(std::string_view description);

}  // namespace platen::snmp
