// A variable binding: an OID and the typed value that a device gave it (RFC 3416 §3, RFC 2578 §7.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "snmp/mib/oid.h"

namespace platen::snmp {

enum class Type {
  integer,  // INTEGER, Integer32
  octets,   // OCTET STRING
  null,
  oid,         // OBJECT IDENTIFIER
  ip_address,  // IpAddress: four octets
  counter32,
  gauge32,     // Gauge32, Unsigned32
  time_ticks,  // 1/100 s
  opaque,
  counter64,
  no_such_object,  // the three exceptions of RFC 3416 §3
  no_such_instance,
  end_of_mib_view,
};

struct Value {
  Type type = Type::null;
  std::variant<std::monostate, std::int64_t, std::uint64_t /*Counter64*/, std::string, Oid> data;

  [[nodiscard]] static Value integer(std::int64_t number, Type as = Type::integer) { return {as, number}; }
  [[nodiscard]] static Value counter64(std::uint64_t number) { return {Type::counter64, number}; }
  [[nodiscard]] static Value octets(std::string bytes, Type as = Type::octets) { return {as, std::move(bytes)}; }
  [[nodiscard]] static Value oid(Oid name) { return {Type::oid, std::move(name)}; }
  [[nodiscard]] static Value exception(Type which) { return {which, {}}; }

  [[nodiscard]] bool is_exception() const { return type >= Type::no_such_object; }
  // Any integer type (printers answer INTEGER where the MIB says Counter32); nullopt for others.
  [[nodiscard]] std::optional<std::int64_t> number() const;
  [[nodiscard]] std::optional<std::uint64_t> unsigned_number() const;  // nullopt when negative
  [[nodiscard]] const std::string* bytes() const { return std::get_if<std::string>(&data); }
  [[nodiscard]] const Oid* object() const { return std::get_if<Oid>(&data); }
  [[nodiscard]] std::string text() const;  // as evidence: numbers in decimal, octets in hex, OIDs dotted
  friend bool operator==(const Value&, const Value&) = default;
};

struct VarBind {
  Oid name;
  Value value;
  friend bool operator==(const VarBind&, const VarBind&) = default;
};
using VarBinds = std::vector<VarBind>;

}  // namespace platen::snmp
