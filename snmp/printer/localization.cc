#include "snmp/printer/localization.h"

namespace platen::snmp {
namespace {

enum Column : std::uint32_t { language = 2, country = 3, character_set = 4 };

Oid column(std::uint32_t which) { return mib2({43, 7, 1, 1, which}); }

// What follows a column's name in the name of the row in force; {} when nothing is there.
std::vector<std::uint32_t> row_in_force(const Rows& rows, const Oid& current) {
  for (const VarBind& row : rows.under(current)) {
    const auto localization = integer_of<std::uint32_t>(&row.value);
    const auto device = row.name.after(current);
    if (!localization || device.size() != 1) continue;
    if (rows.at(column(character_set) + device[0] + *localization) != nullptr) return {device[0], *localization};
  }
  const Oid sets = column(character_set);
  for (const VarBind& row : rows.under(sets)) {
    const auto index = row.name.after(sets);
    if (integer_of<std::int32_t>(&row.value)) return {index.begin(), index.end()};
  }
  return {};
}

std::optional<std::string> code_at(const Rows& rows, const Oid& name) {
  constexpr std::size_t longest = 8;
  const Value* value = rows.at(name);
  if (value == nullptr || value->bytes() == nullptr) return std::nullopt;
  std::string code = octet_text(*value->bytes(), nullptr, longest);
  return code.empty() ? std::nullopt : std::optional(std::move(code));
}

Localization localization(const Rows& rows, const Oid& current) {
  Localization made;
  const auto index = row_in_force(rows, current);
  if (index.empty()) return made;
  made.set = integer_of<std::int32_t>(rows.at(column(character_set) + index));
  if (made.set) made.charset = charset_of(*made.set);
  made.language = code_at(rows, column(language) + index);
  made.country = code_at(rows, column(country) + index);
  return made;
}

}  // namespace

std::optional<std::string> Localization::charset_name() const {
  if (charset != nullptr) return std::string(charset->name);
  return set ? std::optional("mibenum-" + std::to_string(*set)) : std::nullopt;
}

Localization general_localization(const Rows& rows) { return localization(rows, mib2({43, 5, 1, 1, 2})); }

Localization console_localization(const Rows& rows) {
  const Oid current = mib2({43, 5, 1, 1, 10});
  return rows.any_under(current) ? localization(rows, current) : general_localization(rows);
}

}  // namespace platen::snmp
