// Ready-made fleets, and the credentials that open them.
//
//   demo         every model once, and what is no printer; some answer SNMPv3 only, some v1 only, some another
//   community printers     every model, all with v1 and v2c "public" bad-manners  one printer a manner
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/zoo/zoo.h"

namespace platen::zoo {

struct FleetOptions {
  std::string name = "demo";
  IpAddress base = IpAddress::v4(0x7F320001);  // 127.50.0.1
  std::optional<std::uint32_t> count = {};     // the fleet again and again, each time with other identities
  Manners manners = {};                        // of every device
};

// Errors: Code::invalid naming the known fleets, or the address.
[[nodiscard]] Expected<Fleet> make_fleet(const FleetOptions& options);
// One device a recording (*.snmprec), in file name order. Errors: Code::not_found, Code::invalid "file: line N:
// reason".
[[nodiscard]] Expected<Fleet> fleet_of_recordings(const std::string& folder, const FleetOptions& options);
[[nodiscard]] std::vector<std::string_view> fleet_names();
[[nodiscard]] std::span<const std::string_view> bad_manners();  // of that fleet's devices, in their order
// Errors: Code::not_found when no device has the address.
[[nodiscard]] Expected<void> set_manners(Fleet& fleet, IpAddress address, std::string_view manners);

[[nodiscard]] const std::vector<snmp::Credential>& zoo_credentials();
[[nodiscard]] std::string credentials_as_toml();

}  // namespace platen::zoo
