// A printer of the fleet as an order names it to its agent: by what its latest reading said, which is what the agent knows it
// by (under the site's privacy policy on both sides).
#pragma once

#include "cloud/store/store.h"
#include "cloud/tasks/task_order.h"

namespace platen::portal {

[[nodiscard]] inline cloud::OrderedPrinter ordered(const cloud::PrinterRow& printer) {
  const Identity& who = printer.latest.identity;
  return {who.serial.value_or(""), who.mac.value_or(""), printer.latest.address};
}

}  // namespace platen::portal
