#include "cloud/enroll/rules.h"

namespace platen::enroll {

CodeVerdict judge_code(const std::optional<CodeFacts>& code, std::string_view key_hash, WallTime now) {
  if (!code) return CodeVerdict::unknown;
  if (now >= code->expires) return CodeVerdict::expired;
  if (!code->used) return CodeVerdict::fresh;
  return code->key_hash == key_hash ? CodeVerdict::again : CodeVerdict::used;
}

RenewalVerdict judge_renewal(bool revoked, WallTime not_after, const std::optional<Issued>& latest,
                             const Issued& wanted, std::string_view presented_key_hash, WallTime now) {
  if (revoked) return RenewalVerdict::revoked;
  if (now > not_after + recovery_grace) return RenewalVerdict::too_old;
  if (wanted.key_hash == presented_key_hash) return RenewalVerdict::same_key;
  if (!latest || latest->fingerprint == wanted.from) return RenewalVerdict::fresh;
  if (latest->from != wanted.from) return RenewalVerdict::superseded;
  // The latest one was made from this one, and perhaps never arrived.
  return latest->key_hash == wanted.key_hash ? RenewalVerdict::again : RenewalVerdict::fresh;
}

}  // namespace platen::enroll
