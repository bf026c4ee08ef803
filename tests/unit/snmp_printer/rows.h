// Devices for tests, written as .snmprec rows without the 1.3.6.1 in front.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "snmp/mib/snmprec.h"
#include "snmp/printer/decode.h"

namespace platen::snmp {

inline VarBinds rows_of(std::string_view text) {
  std::string full;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) full += "1.3.6.1." + std::string(text.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  const auto rows = parse_snmprec(full);
  REQUIRE_MESSAGE(rows, (rows ? "" : rows.error().text));
  return *rows;
}

inline Reading decoded(std::string_view text, const Profiles& profiles = Profiles{}) {
  const auto address = IpAddress::parse("192.0.2.7").value();
  return decode(rows_of(text), address, WallTime{std::chrono::milliseconds{1'700'000'000'000}}, Reading::Kind::full,
                profiles);
}

// The counter of this source; nullptr: there is none.
inline const CounterPoint* from(const Reading& reading, std::string_view source) {
  for (const CounterPoint& point : reading.counters) {
    if (point.evidence.source == source) return &point;
  }
  return nullptr;
}

inline bool flagged(const Reading& reading, std::string_view flag) {
  return std::find(reading.flags.begin(), reading.flags.end(), flag) != reading.flags.end();
}

}  // namespace platen::snmp
