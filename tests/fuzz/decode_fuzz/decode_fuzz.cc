// Any octets as what a device answered: decoding always ends in a reading that is valid JSON and reads back as itself.
//
//   Input    records: one octet (which object, which type), one octet (index), one octet (length), then the value's
//   octets.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/reading/json.h"
#include "base/text.h"
#include "snmp/printer/decode.h"

namespace {

using namespace platen;
using namespace platen::snmp;

// Columns and scalars where decoding looks, so that the fuzzer need not find them.
constexpr std::array kNames = {"1.3.6.1.2.1.1.1",
                               "1.3.6.1.2.1.1.2",
                               "1.3.6.1.2.1.2.2.1.6",
                               "1.3.6.1.2.1.2.2.1.8",
                               "1.3.6.1.2.1.25.3.2.1.2",
                               "1.3.6.1.2.1.25.3.2.1.3",
                               "1.3.6.1.2.1.25.3.5.1.2",
                               "1.3.6.1.2.1.43.5.1.1.2",
                               "1.3.6.1.2.1.43.5.1.1.17",
                               "1.3.6.1.2.1.43.7.1.1.4.1",
                               "1.3.6.1.2.1.43.8.2.1.10.1",
                               "1.3.6.1.2.1.43.10.2.1.4.1",
                               "1.3.6.1.2.1.43.11.1.1.3.1",
                               "1.3.6.1.2.1.43.11.1.1.6.1",
                               "1.3.6.1.2.1.43.11.1.1.8.1",
                               "1.3.6.1.2.1.43.11.1.1.9.1",
                               "1.3.6.1.2.1.43.12.1.1.4.1",
                               "1.3.6.1.2.1.43.16.5.1.2.1",
                               "1.3.6.1.2.1.43.18.1.1.7.1",
                               "1.3.6.1.2.1.43.18.1.1.8.1",
                               "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10",
                               "1.3.6.1.4.1.2435.2.3.9.1.1.7",
                               "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3",
                               "1.3.6.1.4.1.11.2.3.9.4.2.1.1.16.1.9",
                               "1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.2.6",
                               "1.3.6.1.4.1.2385.1.1.19.2.1.3.1.4",
                               "1.3.6.1.4.1.2385.1.1.19.2.1.4.1.4",
                               "1.3.6.1.4.1.1347.42.3.1.2.1.1.1",
                               "1.3.6.1.4.1.367.3.2.1.2.19.5.1.2",
                               "1.3.6.1.4.1.367.3.2.1.2.19.5.1.9",
                               "1.3.6.1.2.1.43.5.1.1.10",
                               "1.3.6.1.2.1.43.7.1.1.2.1",
                               "1.3.6.1.2.1.43.18.1.1.5.1",
                               "1.3.6.1.2.1.43.30.1.1.2.1",
                               "1.3.6.1.2.1.43.30.1.1.6.1",
                               "1.3.6.1.2.1.43.31.1.1.8.1",
                               "1.3.6.1.2.1.43.32.1.1.10.1",
                               "1.3.6.1.4.1.2699.1.3.1.2.1.1.2",
                               "1.3.6.1.4.1.2699.1.3.1.8.1.1.4.1.3",
                               "1.3.6.1.4.1.2699.1.3.1.10.1.1.5.1.3"};

Value value_from(unsigned type, const std::string& octets) {
  std::uint64_t number = 0;
  for (const char c : octets.substr(0, 8)) number = number << 8U | static_cast<unsigned char>(c);
  switch (type) {
    case 0: return Value::octets(octets);
    case 1: return Value::integer(static_cast<std::int32_t>(number));
    case 2: return Value::counter64(number);
    case 3: return Value::integer(static_cast<std::int64_t>(number & 0xFFFFFFFFU), Type::counter32);
    case 4: {
      Oid oid{1, 3, 6, 1};
      for (const char c : octets.substr(0, 100)) oid = oid + static_cast<unsigned char>(c);
      return Value::oid(oid);
    }
    case 5: return Value::exception(Type::no_such_instance);
    default: return Value{};
  }
}

VarBinds rows_from(const std::uint8_t* data, std::size_t size) {
  VarBinds rows;
  for (std::size_t at = 0; at + 3 <= size;) {
    const unsigned choice = data[at];
    const std::size_t length = std::min<std::size_t>(data[at + 2], size - at - 3);
    const std::string octets(reinterpret_cast<const char*>(data + at + 3), length);
    rows.push_back({Oid::parse(kNames[choice % kNames.size()]).value() + data[at + 1],
                    value_from(choice / kNames.size(), octets)});
    at += 3 + length;
  }
  return rows;
}

void check(const VarBinds& rows, const Profiles& profiles) {
  static_cast<void>(gate(rows));
  const Reading reading = decode(rows, IpAddress::v4(0xC0000207U), WallTime{}, Reading::Kind::full, profiles);
  const std::string json = to_json(reading);
  const auto back = reading_from_json(json);
  if (!is_utf8(json) || !back || *back != reading || to_json(*back) != json) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Profiles profiles = Profiles::built_in();
  VarBinds rows = rows_from(data, size);
  check(rows, profiles);  // as they come: decode() may be told nonsense about the order
  std::stable_sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  rows.erase(std::unique(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name == b.name; }),
             rows.end());
  check(rows, profiles);
  return 0;
}
