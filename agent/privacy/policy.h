// The site's privacy policy, applied to each reading before it is kept: what was taken out was never in the ledger.
//
//   Shapes   A pseudonym is "p-" and 16 hex digits: HMAC-SHA-256 (RFC 2104) of the field's name and the text under the
//            site's key, cut to 64 bits. Equal texts of one field have equal pseudonyms at one site, and no other relation.
//   Errors   none: OpenSSL without SHA-256 ends the program.
//   Effects  none.
#pragma once

#include <array>
#include <map>
#include <string>

#include "agent/privacy/fields.h"
#include "base/expected.h"
#include "base/secret.h"

namespace platen::privacy {

using Policies = std::array<Policy, choices.size()>;  // in the order of `choices`
[[nodiscard]] Policies fallbacks();

// How often a field was sent as it is, under a pseudonym, or held back.
struct Count {
  std::uint64_t sent = 0, pseudonymised = 0, held_back = 0;
  friend bool operator==(const Count&, const Count&) = default;
};
using Counts = std::map<std::string, Count, std::less<>>;  // by the field's name

// Counts only what was held back: the rest has not left yet.
void apply(const Policies& policies, const Secret& site_key, Reading& reading, Counts& counts);

[[nodiscard]] Expected<Secret> new_site_key();  // 256 random bits in hex; Code::unavailable when the host gives none
[[nodiscard]] std::string pseudonym(const Secret& site_key, std::string_view field, std::string_view text);
[[nodiscard]] bool is_pseudonym(std::string_view text);

// Adds what a reading takes along as it leaves.
void count_leaving(const Reading& reading, Counts& counts);

}  // namespace platen::privacy
