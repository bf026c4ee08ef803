#include "snmp/discover/reasons.h"

#include <algorithm>
#include <array>

namespace platen::snmp {
namespace {

struct Refusal {
  Answer::Report report;
  std::string_view counter;  // RFC 3414 §5
  std::string_view code;
  std::string_view text;
};
constexpr auto kRefusals = std::to_array<Refusal>({
    {Answer::Report::unknown_user, "usmStatsUnknownUserNames", "snmp.v3.unknown-user",
     "the device does not know this user; check the name, or make the user on the device"},
    {Answer::Report::wrong_digest, "usmStatsWrongDigests", "snmp.v3.wrong-auth",
     "the device knows the user but not this authentication pass phrase or algorithm"},
    {Answer::Report::decryption, "usmStatsDecryptionErrors", "snmp.v3.wrong-priv",
     "the device accepts the authentication but not this privacy pass phrase or algorithm"},
    {Answer::Report::unsupported_level, "usmStatsUnsupportedSecLevels", "snmp.v3.unsupported-level",
     "the device does not allow this security level for the user; give or leave out authentication or privacy"},
    {Answer::Report::not_in_time_window, "usmStatsNotInTimeWindows", "snmp.v3.time-window",
     "the device's SNMPv3 clock does not keep still; restart the device or its network card"},
    {Answer::Report::unknown_engine, "usmStatsUnknownEngineIDs", "snmp.v3.unknown-engine",
     "the device denies the engine id it has just given"},
});

const Refusal* refusal_of(Answer::Report report) {
  const auto* row = std::find_if(kRefusals.begin(), kRefusals.end(),
                                 [&](const Refusal& refusal) { return refusal.report == report; });
  return row == kRefusals.end() ? nullptr : row;
}

}  // namespace

std::string_view counter_of(Answer::Report report) {
  const Refusal* row = refusal_of(report);
  return row == nullptr ? "no counter of RFC 3414" : row->counter;
}

Reason why_silent() {
  return {"snmp.silent",
          "no answer at all: nothing there, switched off or filtered, or it is silent to a wrong community"};
}

Reason why_alive_but_silent(Life sign) {
  return {"snmp.alive-silent", "the host is there (" + std::string(text_of(sign)) +
                                   "), but silent to SNMP: it is switched off or filtered, or no community fits"};
}

Reason why_unreachable() {
  return {"snmp.unreachable", "the host is there but nobody listens on the SNMP port; switch SNMP on in the device"};
}

Reason why_wrong_community() {
  return {"snmp.wrong-community", "the device speaks SNMP (it answers SNMPv3 discovery), but accepts no community"};
}

Reason why_no_credential() {
  return {"snmp.no-credential",
          "the device speaks SNMP, but no credential may be shown to it: none has it in its scope"};
}

Reason why_refused(const Credential& credential, const Answer& answer) {
  const std::string who = label_of(credential) + ": ";
  if (answer.is == Answer::Is::report) {
    if (const Refusal* row = refusal_of(answer.report)) return {row->code, who + std::string(row->text)};
    return {"snmp.v3.refused", who + "the device refuses the login without a usual reason"};
  }
  if (credential.version != Version::v3)
    return {"snmp.timeout", who + "answered the first question and no further one"};
  if (answer.is == Answer::Is::response && answer.error_status == kAuthorizationError) {
    const std::string known =
        credential.auth == Auth::none ? "the device knows this user, but it" : "the login is right, but this user";
    return {"snmp.v3.not-authorized",
            who + known +
                " may read nothing at this security level; ask with privacy, or give the user a view on the device"};
  }
  if (answer.is == Answer::Is::bad)
    return {"snmp.v3.wrong-priv", who + "the answer cannot be read with this privacy pass phrase"};
  return {"snmp.v3.no-answer", who + "no answer to the login; the user, a pass phrase or an algorithm may be wrong"};
}

Reason why_not_a_printer(const Gate& gate) { return {gate.code, gate.reason}; }

Reason why_print_port() {
  return {"snmp.print-port", "printers print what they receive on ports 9100 to 9112 and 9999: these are never asked"};
}

Reason why_failed(const Answer& last, bool timed_out, std::size_t answers) {
  const std::string after = answers == 1 ? " after 1 answer" : " after " + std::to_string(answers) + " answers";
  if (timed_out) return {"snmp.too-slow", "the time that one device is given was over" + after};
  switch (last.is) {
    case Answer::Is::unreachable: return {"snmp.unreachable", "the device closed its SNMP port" + after};
    case Answer::Is::send_failed: return why_not_sent(last.text);
    case Answer::Is::report: return {"snmp.refused", "the device refused the login" + after};
    case Answer::Is::bad: return {"snmp.bad-answer", "the device sends answers that cannot be decoded"};
    case Answer::Is::timeout: return {"snmp.timeout", "the device stopped answering" + after};
    case Answer::Is::response: break;
  }
  return {"snmp.nothing-usable", "the device answered but told nothing that makes a reading"};
}

Reason why_not_sent(std::string_view failure) {
  return {"snmp.send-failed", "this machine could not send: " + std::string(failure)};
}

Reason why_no_socket(const Error& error) { return {"snmp.no-socket", error.text}; }

}  // namespace platen::snmp
