// What a ledger says of itself on the wire, without protobuf headers: gaps, and where a salvaged record stood before.
//
//   Source   proto/platen/v1/ledger.proto, uplink.proto.  Errors  decode: Code::corrupt (not this message).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::wire {

inline constexpr std::string_view reading_kind = "reading";
inline constexpr std::string_view gap_kind = "gap";
inline constexpr std::string_view withheld_kind = "withheld";  // its octets are the Gap that says why

struct Gap {
  enum class Reason { unspecified, damaged, restored, cloud_lost, thinned, parked, not_durable };
  Reason reason = Reason::unspecified;
  std::optional<std::uint64_t> records = {};  // how many are missing; nothing: nobody can know
  std::string device = {};                    // "": not of one device
  std::optional<WallTime> from = {}, through = {};
  std::string text = {};
  friend bool operator==(const Gap&, const Gap&) = default;
};
[[nodiscard]] std::string_view name_of(Gap::Reason reason);  // "damaged", "cloud_lost", …
[[nodiscard]] std::string to_text(const Gap& gap);           // one sentence
[[nodiscard]] std::string encode_gap(const Gap& gap);
[[nodiscard]] Expected<Gap> decode_gap(std::string_view octets);

// Where a record stood in a ledger that was given up. `hash` is its link in that ledger's chain (chain.h).
struct Origin {
  std::string epoch;
  std::uint64_t seq = 0;
  std::string hash;
  friend bool operator==(const Origin&, const Origin&) = default;
};
inline constexpr int most_origins = 8;
// A serialised platen.v1.Origins: `origin`, then the `older` ones as far as the wire takes them.
[[nodiscard]] std::string encode_origins(const Origin& origin, std::string_view older);

}  // namespace platen::wire
