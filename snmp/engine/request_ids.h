// Ids that nobody off the path can guess: a keyed hash (SipHash-2-4) under a key drawn anew in every process.
//
//   Shapes   0x40000000..0x7FFFFFFF: positive, and always four octets in BER, so a datagram can be stamped in place.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "snmp/mib/pdu.h"

namespace platen::snmp {

[[nodiscard]] std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::uint64_t> words);

class RequestIds {
 public:
  RequestIds();  // key from std::random_device
  explicit RequestIds(const std::array<std::uint64_t, 2>& key) : key_(key) {}

  [[nodiscard]] std::uint32_t next();                      // the next of a sequence
  [[nodiscard]] std::uint32_t of(const Peer& peer) const;  // always the same for one peer: a sweep needs no table

 private:
  std::array<std::uint64_t, 2> key_;
  std::uint64_t count_ = 0;
};

}  // namespace platen::snmp
