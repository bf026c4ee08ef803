// One written target as a block of addresses. Private to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "snmp/mib/targets.h"

namespace platen::snmp {

// IPv4 addresses from `first` to `last`, both meant, in host order; or the IPv6 addresses that share `six`'s prefix.
struct Block {
  std::uint32_t first = 0, last = 0;
  std::optional<IpAddress> six = std::nullopt;
  int prefix = 128;  // of six; without a scope it stands for every interface

  [[nodiscard]] bool holds(const IpAddress& address) const;
};

[[nodiscard]] Expected<Block> parse_block(std::string_view target, Use use, const TargetOptions& options);
// Multicast, broadcast, "this network" and, unless it is allowed, loopback may never be asked, whoever names them.
[[nodiscard]] bool may_be_asked(const IpAddress& address, const TargetOptions& options);

}  // namespace platen::snmp
