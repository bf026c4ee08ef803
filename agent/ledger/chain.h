// The hash chain of a ledger: an edited, swapped or missing record does not fit its neighbours.
//
//   hash(0) = SHA-256(epoch)     hash(n) = SHA-256(hash(n-1) ‖ n as 8 octets, big-endian ‖ kind ‖ 0x00 ‖ octets)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platen::ledger {

[[nodiscard]] std::string chain_start(std::string_view epoch);  // 32 octets, as link()
[[nodiscard]] std::string chain_link(std::string_view before, std::uint64_t seq, std::string_view kind,
                                     std::string_view octets);

}  // namespace platen::ledger
