#include "agent/cli/evidence.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "snmp/printer/object_names.h"

namespace platen::cli {
namespace {

std::string_view name_of(snmp::Type type) {
  constexpr std::array<std::string_view, 13> names = {
      "INTEGER",   "OCTET STRING", "NULL",      "OBJECT IDENTIFIER", "IpAddress",      "Counter32",   "Gauge32",
      "TimeTicks", "Opaque",       "Counter64", "noSuchObject",      "noSuchInstance", "endOfMibView"};
  return names.at(static_cast<std::size_t>(type));
}

// OID → the rules of the counters that were read there. A packed value is named "OID record 0x00": the OID is what
// counts.
std::map<std::string, std::string> counter_rules(const Reading& reading) {
  std::map<std::string, std::string> out;
  for (const CounterPoint& point : reading.counters) {
    std::string& rules = out[point.evidence.oid.substr(0, point.evidence.oid.find(' '))];
    rules += (rules.empty() ? "" : "; ") + point.evidence.source;
  }
  return out;
}

std::string text_in(const snmp::Value& value) {
  const std::string* bytes = value.bytes();
  return value.type == snmp::Type::octets && bytes != nullptr && is_utf8(*bytes) && for_terminal(*bytes) == *bytes
             ? *bytes
             : "";
}

}  // namespace

std::vector<EvidenceRow> evidence_of(const snmp::VarBinds& rows, const Reading& reading) {
  const auto rules = counter_rules(reading);
  std::vector<EvidenceRow> out;
  for (const snmp::VarBind& row : rows) {
    const snmp::ObjectName object = snmp::object_name(row.name);
    EvidenceRow line{row.name.text(),  object.name,        std::string(name_of(row.value.type)),
                     row.value.text(), text_in(row.value), std::string(object.document)};
    if (const auto rule = rules.find(line.oid); rule != rules.end()) line.rule = rule->second;
    out.push_back(std::move(line));
  }
  return out;
}

const std::vector<command::Column>& evidence_columns() {
  static const std::vector<command::Column> columns = {{"oid"}, {"object"}, {"type"}, {"raw"}, {"rule"}};
  return columns;
}

command::Cells evidence_cells(const EvidenceRow& row) {
  return {row.oid, row.object, row.type, row.text.empty() ? row.raw : "\"" + row.text + "\"", row.rule};
}

std::string evidence_json(const std::string& address, const EvidenceRow& row) {
  nlohmann::ordered_json out = {{"schema", "platen.evidence/1"}, {"address", address}, {"oid", row.oid}};
  const auto said = [&](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  said("object", row.object);
  out["type"] = row.type;
  out["raw"] = row.raw;
  said("text", row.text);
  said("rule", row.rule);
  return out.dump() + "\n";
}

}  // namespace platen::cli
