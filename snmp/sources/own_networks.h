// The networks that this machine stands on.
//
//   Effects  own_networks() asks the operating system (getifaddrs); the rest is pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ip_address.h"

namespace platen::snmp {

struct OwnNetwork {
  std::string interface;    // "eth0"
  std::uint32_t index = 0;  // of the interface
  IpAddress address;        // this machine's
  int prefix = 0;           // length
};

// Of every interface that is up, loopback only when it is wanted. Empty when the system does not tell.
[[nodiscard]] std::vector<OwnNetwork> own_networks(bool with_loopback);
// As a target: "192.168.1.0/24", "fe80::/64".
[[nodiscard]] std::string target_text(const OwnNetwork& network);
// Which targets to propose to somebody who named none: the IPv4 networks of more than one address, each once; of one
// that is too wide to be swept, the /24 around this machine.
[[nodiscard]] std::vector<std::string> proposal(std::span<const OwnNetwork> networks);

}  // namespace platen::snmp
