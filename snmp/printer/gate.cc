#include <algorithm>

#include "snmp/printer/brands.h"
#include "snmp/printer/decode.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {
namespace {

// The groups of the Printer MIB that only something with paper and markers fills. Channels and interpreters (14, 15)
// are left out: a print server in front of a printer has those.
constexpr std::uint32_t kGroups[] = {5, 6, 7, 8, 9, 10, 11, 12, 16, 18};

bool speaks_printer_mib(const Rows& rows) {
  static const Oid printer_mib = mib2({43});
  if (rows.under(printer_mib).empty()) return false;
  return std::any_of(std::begin(kGroups), std::end(kGroups),
                     [&](std::uint32_t group) { return rows.any_under(printer_mib + group); });
}

bool has_print_queues(const Rows& rows) {
  static const Oid types = mib2({25, 3, 2, 1, 2});
  static const Oid printer = mib2({25, 3, 1, 5});
  const auto found = rows.under(types);
  return std::any_of(found.begin(), found.end(), [&](const VarBind& row) {
    return row.value.object() != nullptr && *row.value.object() == printer;
  });
}

std::string description_in(const Rows& rows) {
  const Value* value = rows.at(mib2({1, 1, 0}));
  return value == nullptr || value->bytes() == nullptr ? "" : lower(*value->bytes());
}

}  // namespace

Gate gate(const VarBinds& varbinds) {
  const Rows rows(varbinds);
  if (speaks_printer_mib(rows)) return {true, ""};
  if (!has_print_queues(rows)) return {false, "no Printer MIB"};
  const bool windows = description_in(rows).find("windows") != std::string::npos;
  return {false, std::string(windows ? "Windows print server" : "print server") + ": print queues, no markers"};
}

// The character sets stand here too: some small Brothers answer nothing else of the Printer MIB.
const std::vector<Oid>& gate_names() {
  static const std::vector<Oid> names = {mib2({1, 1}),         mib2({1, 2}),           mib2({25, 3, 2, 1, 2}),
                                         mib2({43, 5}),        mib2({43, 7, 1, 1, 4}), mib2({43, 10, 2, 1}),
                                         mib2({43, 11, 1, 1}), mib2({43, 16, 5, 1, 2})};
  return names;
}

}  // namespace platen::snmp
