// Levels that the printer's own words contradict: what the panel and the alerts say goes before a percentage.
//
//   Source   RFC 3805 prtAlertTable (group 11, markerSupplies; PrtAlertCodeTC), prtConsoleDisplayBufferText,
//            hrPrinterDetectedErrorState. Sensors estimate by counting pages; who says "replace" has looked.
//   Rules    The level stays as it was sent. A flag says which supply is contradicted and by what:
//            "alert-outranks-level supply 1.3", "console-outranks-level supply 1.3",
//            "error-state-outranks-level" (noToner, while every toner has some).
//   Shapes   Panel texts are looked at in seven languages; one that names no supply that is known says nothing here.
//            Private to this room.
#pragma once

#include "base/reading/reading.h"

namespace platen::snmp {

void flag_outranked_levels(Reading& reading);

}  // namespace platen::snmp
