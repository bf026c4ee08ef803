// One device at one moment: a pure function of what it is and of its sysUpTime, so that a test can predict every value.
//
//   Units    ticks are 1/100 s since the device started, as sysUpTime.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "tests/zoo/model.h"

namespace platen::zoo {

// What tells one device of a model from the next.
struct Who {
  std::uint32_t number = 0;  // in the fleet, from 0
  IpAddress address;
  std::string serial, name;
  std::array<std::string, 2> macs;  // six octets each
};
[[nodiscard]] Who who_is(const Model& model, std::uint32_t number, IpAddress address);

// A repeatable number below `limit`, different for each `salt`.
[[nodiscard]] std::uint64_t chance(std::uint64_t number, std::string_view salt, std::uint64_t limit);

struct ActiveAlert {
  std::uint32_t index;
  std::int32_t severity, training, group, group_index, code;
  std::string text;     // UTF-8
  std::uint32_t since;  // ticks
};

struct Moment {
  std::uint32_t ticks = 0;
  Pages pages;
  std::vector<std::int64_t> supplies, trays, bins;  // levels as on the wire; bins: room left
  std::vector<std::int32_t> covers;                 // prtCoverStatus
  std::vector<ActiveAlert> alerts;                  // by index
  std::int32_t device_status = 2, printer_status = 3;
  std::uint16_t errors = 0;          // hrPrinterDetectedErrorState: bit 15 is lowPaper
  std::vector<std::string> console;  // UTF-8, one a line
};
[[nodiscard]] Moment moment_of(const Model& model, const Who& who, std::uint32_t ticks);

// prtAlertIndex of what can be wrong with a part (counted from 0); the tables leave gaps where all is well.
enum class Fault : std::uint32_t { supply = 10, tray = 40, cover = 60 };
[[nodiscard]] inline std::uint32_t alert_index(Fault fault, std::size_t part) {
  return static_cast<std::uint32_t>(fault) + static_cast<std::uint32_t>(part);
}

[[nodiscard]] std::string filled(std::string_view pattern, const Model& model,
                                 const Who& who);  // {serial} and the like
[[nodiscard]] std::string error_octets(const Model& model, const Moment& now);

struct Scene {
  const Model& model;
  const Who& who;
  const Moment& now;
};

}  // namespace platen::zoo
