// Why a device could not be read: a stable code for programs, a plain sentence for people (docs/scan-json.md lists
// them).
#pragma once

#include <string>
#include <string_view>

#include "snmp/discover/life.h"
#include "snmp/mib/credential.h"
#include "snmp/mib/pdu.h"
#include "snmp/printer/decode.h"

namespace platen::snmp {

struct Reason {
  std::string_view code;
  std::string text;
};

[[nodiscard]] Reason why_silent();
[[nodiscard]] Reason why_unreachable();
[[nodiscard]] Reason why_alive_but_silent(Life sign);
[[nodiscard]] Reason why_wrong_community();                        // SNMP is spoken, but no community is accepted
[[nodiscard]] Reason why_no_credential();                          // none may be offered there
inline constexpr std::int32_t kAuthorizationError = 16;            // error-status (RFC 3416 §3)
[[nodiscard]] std::string_view counter_of(Answer::Report report);  // "usmStatsUnknownUserNames"
[[nodiscard]] Reason why_refused(const Credential& credential, const Answer& answer);  // the login was not accepted
[[nodiscard]] Reason why_not_a_printer(const Gate& gate);
// It stopped in mid-read, after so many answers.
[[nodiscard]] Reason why_failed(const Answer& last, bool timed_out, std::size_t answers);
[[nodiscard]] Reason why_print_port();
[[nodiscard]] Reason why_not_sent(std::string_view failure);
[[nodiscard]] Reason why_no_socket(const Error& error);

}  // namespace platen::snmp
