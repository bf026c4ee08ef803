// Sorted varbinds as a table of tables: exact rows, subtrees, and values as the types that decoding wants.
//
//   Errors   none: what is missing, an exception or of an impossible type is nullopt.  Private to this room.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>

#include "snmp/mib/varbind.h"

namespace platen::snmp {

class Rows {
 public:
  explicit Rows(const VarBinds& rows) : rows_(rows) {}

  [[nodiscard]] const VarBinds& all() const { return rows_; }

  [[nodiscard]] const Value* at(const Oid& name) const {
    const auto row = first_from(name);
    return row != rows_.end() && row->name == name && !row->value.is_exception() ? &row->value : nullptr;
  }

  // Every row below `prefix`, itself included.
  [[nodiscard]] std::span<const VarBind> under(const Oid& prefix) const {
    const auto first = first_from(prefix);
    auto last = first;
    while (last != rows_.end() && last->name.starts_with(prefix)) ++last;
    return {first, last};
  }

  [[nodiscard]] bool any_under(const Oid& prefix) const {
    for (auto row = first_from(prefix); row != rows_.end() && row->name.starts_with(prefix); ++row) {
      if (!row->value.is_exception()) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] VarBinds::const_iterator first_from(const Oid& name) const {
    return std::lower_bound(rows_.begin(), rows_.end(), name,
                            [](const VarBind& row, const Oid& key) { return row.name < key; });
  }
  const VarBinds& rows_;
};

// An object below 1.3.6.1.2.1: mib2({43, 5, 1, 1, 17}) is prtGeneralSerialNumber.
[[nodiscard]] inline Oid mib2(std::initializer_list<std::uint32_t> tail) {
  return Oid{1, 3, 6, 1, 2, 1} + std::span<const std::uint32_t>(tail.begin(), tail.size());
}

template <class Int>
[[nodiscard]] std::optional<Int> integer_of(const Value* value) {
  const auto number = value == nullptr ? std::nullopt : value->number();
  return number && std::in_range<Int>(*number) ? std::optional(static_cast<Int>(*number)) : std::nullopt;
}

}  // namespace platen::snmp
