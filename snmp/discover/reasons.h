// Why a device could not be read: a stable code for programs, a plain sentence for people (docs/scan-json.md lists
// them).
#pragma once

#include <string>
#include <string_view>

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
[[nodiscard]] Reason why_no_community();  // something answers, but to none of the communities
[[nodiscard]] Reason why_refused(const Credential& credential, const Answer& answer);  // the login was not accepted
[[nodiscard]] Reason why_not_a_printer(const Gate& gate);
[[nodiscard]] Reason why_failed(const Answer& last, bool timed_out);  // it stopped in mid-read
[[nodiscard]] Reason why_no_socket(const Error& error);

}  // namespace platen::snmp
