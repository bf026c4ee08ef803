#include "snmp/printer/ber_size.h"

namespace platen::snmp {
namespace {

constexpr std::size_t kShortValue = 8;

std::size_t octets_of_id(std::uint32_t id) {
  std::size_t octets = 1;
  while (id >= 128) id >>= 7U, ++octets;
  return octets;
}

std::size_t octets_of_name(const Oid& name) {
  std::size_t octets = name.size() < 2 ? 1 : 0;
  for (std::size_t i = 1; i < name.size(); ++i) octets += i == 1 ? 1 : octets_of_id(name[i]);
  return octets;
}

std::size_t octets_of_number(std::int64_t number) {
  std::size_t octets = 1;
  for (; number > 127 || number < -128; number /= 256) ++octets;
  return octets;
}

std::size_t with_header(std::size_t octets) { return octets + (octets < 128 ? 2U : octets < 256 ? 3U : 4U); }

std::size_t octets_of_value(const Value& value) {
  if (const auto number = value.number()) return octets_of_number(*number);
  if (value.bytes() != nullptr) return value.bytes()->size();
  if (value.object() != nullptr) return octets_of_name(*value.object());
  return value.is_exception() ? 0 : kShortValue;
}

}  // namespace

std::size_t octets_of(const VarBind& row) {
  return with_header(with_header(octets_of_name(row.name)) + with_header(octets_of_value(row.value)));
}

std::size_t octets_of(const VarBinds& rows) {
  std::size_t octets = 0;
  for (const VarBind& row : rows) octets += octets_of(row);
  return octets;
}

}  // namespace platen::snmp
