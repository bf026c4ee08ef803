// The hash chain of a ledger, kept by the agent and by the cloud: an edited, swapped or missing record does not fit its
// neighbours, and two ledgers that share an epoch part for good at the first record in which they differ.
//
//   hash(0) = SHA-256(epoch)     hash(n) = SHA-256(hash(n-1) ‖ n as 8 octets, big-endian ‖ kind ‖ 0x00 ‖ octets)
//   Effects  none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platen::wire {

[[nodiscard]] std::string chain_start(std::string_view epoch);  // 32 octets, as chain_link()
[[nodiscard]] std::string chain_link(std::string_view before, std::uint64_t seq, std::string_view kind,
                                     std::string_view octets);

}  // namespace platen::wire
