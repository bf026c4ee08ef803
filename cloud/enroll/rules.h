// Who gets a certificate: the decisions, without a database and without a clock.
//
//   Source   docs/enrolment.md. Time is an argument.
//   Effects  none.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace platen::enroll {

inline constexpr std::chrono::hours code_lifetime{24};
inline constexpr std::chrono::days recovery_grace{90};  // after a certificate's end, its key still proves who asks

struct CodeFacts {
  WallTime expires{};
  std::optional<WallTime> used;
  std::string key_hash;  // of the key that it was used with
};
enum class CodeVerdict { fresh, again /* an answer was lost: the same key asks once more */, unknown, used, expired };
[[nodiscard]] CodeVerdict judge_code(const std::optional<CodeFacts>& code, std::string_view key_hash, WallTime now);

// One certificate that was issued.
struct Issued {
  std::string fingerprint, from;  // `from`: of the certificate that it replaced; "" for the first
  std::string key_hash;
};
enum class RenewalVerdict {
  fresh,
  again,
  revoked,
  too_old,     // expired longer ago than the grace
  superseded,  // another copy of this identity has gone on from it: an old backup, or a thief
  same_key
};
// `latest`: of that agent; nothing when this registry has issued it none (it was signed by hand, or long ago).
[[nodiscard]] RenewalVerdict judge_renewal(bool revoked, WallTime not_after, const std::optional<Issued>& latest,
                                           const Issued& wanted, std::string_view presented_key_hash, WallTime now);

}  // namespace platen::enroll
