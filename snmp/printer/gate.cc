#include <algorithm>
#include <span>

#include "snmp/printer/brands.h"
#include "snmp/printer/decode.h"
#include "snmp/printer/identity.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {
namespace {

// The groups of the Printer MIB that only something with paper and markers fills …
constexpr std::uint32_t kOfPrinting[] = {10, 11, 12};
// … and those that some small printers stop at, but that scanners (whose feeder is a tray) and queues fill, too. Channels
// and interpreters (14, 15) are left out: a print server in front of a printer has those.
constexpr std::uint32_t kGeneral[] = {5, 6, 7, 8, 9, 16, 18};
// 43.3 and 43.4 are assigned to nothing (RFC 3805 §6): a row there is made up for the asking.
constexpr std::uint32_t kUnassigned = 3;

bool fills(const Rows& rows, std::span<const std::uint32_t> groups) {
  static const Oid printer_mib = mib2({43});
  return std::any_of(groups.begin(), groups.end(),
                     [&](std::uint32_t group) { return rows.any_under(printer_mib + group); });
}

std::ptrdiff_t print_queues(const Rows& rows) {
  static const Oid types = mib2({25, 3, 2, 1, 2});
  static const Oid printer = mib2({25, 3, 1, 5});
  const auto found = rows.under(types);
  return std::count_if(found.begin(), found.end(), [&](const VarBind& row) {
    return row.value.object() != nullptr && *row.value.object() == printer;
  });
}

std::string words_of(const Value* value) {
  return value == nullptr || value->bytes() == nullptr ? "" : lower(*value->bytes());
}

std::string description_in(const Rows& rows) { return words_of(rows.at(mib2({1, 1, 0}))); }

bool has_serial(const Rows& rows) {
  const auto found = rows.under(mib2({43, 5, 1, 1, 17}));
  return std::any_of(found.begin(), found.end(), [](const VarBind& row) { return !words_of(&row.value).empty(); });
}

bool holds(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

// What calls itself something else. Only asked of devices that fill general groups alone.
struct Other {
  std::string_view word, code, reason;
};
constexpr Other kOthers[] = {
    {"scanner", "not-printer.scanner", "network scanner: nothing that prints"},
    {"scan server", "not-printer.scanner", "network scanner: nothing that prints"},
    {"scanjet", "not-printer.scanner", "network scanner: nothing that prints"},
    {"digital sender", "not-printer.scanner", "network scanner: nothing that prints"},
    {"fax server", "not-printer.fax-server", "fax server: nothing that prints"},
    {"faxserver", "not-printer.fax-server", "fax server: nothing that prints"},
};

Gate print_server(const std::string& description) {
  const bool windows = holds(description, "windows");
  return {false, "not-printer.print-server",
          std::string(windows ? "Windows print server" : "print server") + ": print queues, no markers"};
}

Gate gate_of_general(const Rows& rows) {
  const std::string description = description_in(rows);
  const auto queues = print_queues(rows);
  if (queues > 1 || (queues > 0 && holds(description, "windows"))) return print_server(description);
  const bool unnamed = !has_serial(rows) && !rows.any_under(mib2({25, 3, 2, 1, 3}));
  if (holds(description, "print server") && unnamed) {
    Gate found = print_server(description);
    found.reads_on = true;
    return found;
  }
  const std::string all = self_description(rows);  // sysDescr may name the network card alone
  if (holds(all, "print")) return {true, "", ""};
  for (const Other& other : kOthers) {
    if (holds(all, other.word)) return {false, other.code, std::string(other.reason)};
  }
  return {true, "", ""};
}

}  // namespace

Gate gate(const VarBinds& varbinds) {
  const Rows rows(varbinds);
  if (rows.any_under(mib2({43}) + kUnassigned)) {
    return {false, "not-printer.answers-all", "it answers to names that no MIB has: a honeypot or a broken agent",
            true};
  }
  if (fills(rows, kOfPrinting)) return {true, "", ""};
  if (fills(rows, kGeneral)) return gate_of_general(rows);
  if (print_queues(rows) > 0) return print_server(description_in(rows));
  return {false, "not-printer.no-printer-mib", "no Printer MIB"};
}

// The character sets stand here too: some small Brothers answer nothing else of the Printer MIB.
const std::vector<Oid>& gate_names() {
  static const std::vector<Oid> names = {
      mib2({1, 1}),           mib2({1, 2}),         mib2({25, 3, 2, 1, 2}), mib2({43}) + kUnassigned, mib2({43, 5}),
      mib2({43, 7, 1, 1, 4}), mib2({43, 10, 2, 1}), mib2({43, 11, 1, 1}),   mib2({43, 16, 5, 1, 2})};
  return names;
}

const std::vector<Oid>& gate_subtrees() {
  static const std::vector<Oid> roots = {mib2({25, 3, 2, 1, 2}), mib2({25, 3, 2, 1, 3}), mib2({43, 5, 1, 1, 17})};
  return roots;
}

}  // namespace platen::snmp
