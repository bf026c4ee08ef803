#include "snmp/mib/varbind.h"

#include <limits>

#include "base/text.h"

namespace platen::snmp {

std::optional<std::int64_t> Value::number() const {
  if (const auto* number = std::get_if<std::int64_t>(&data)) return *number;
  const auto* wide = std::get_if<std::uint64_t>(&data);
  if (wide == nullptr || *wide > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  return static_cast<std::int64_t>(*wide);
}

std::optional<std::uint64_t> Value::unsigned_number() const {
  if (const auto* wide = std::get_if<std::uint64_t>(&data)) return *wide;
  const auto* number = std::get_if<std::int64_t>(&data);
  if (number == nullptr || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::string Value::text() const {
  struct Text {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(const std::string& octets) const { return to_hex(octets); }
    std::string operator()(const Oid& oid) const { return oid.text(); }
  };
  return std::visit(Text{}, data);
}

}  // namespace platen::snmp
