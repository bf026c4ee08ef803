#include "snmp/discover/reasons.h"

#include <algorithm>
#include <array>

namespace platen::snmp {
namespace {

struct Refusal {
  Answer::Report report;
  std::string_view code;
  std::string_view text;
};
constexpr auto kRefusals = std::to_array<Refusal>({
    {Answer::Report::unknown_user, "snmp.v3.unknown-user",
     "the device does not know this user; check the name, or make the user on the device"},
    {Answer::Report::wrong_digest, "snmp.v3.wrong-auth",
     "the device knows the user but not this authentication pass phrase or algorithm"},
    {Answer::Report::decryption, "snmp.v3.wrong-priv",
     "the device accepts the authentication but not this privacy pass phrase or algorithm"},
    {Answer::Report::unsupported_level, "snmp.v3.unsupported-level",
     "the device does not allow this security level for the user; give or leave out authentication or privacy"},
    {Answer::Report::not_in_time_window, "snmp.v3.time-window",
     "the device's SNMPv3 clock does not keep still; restart the device or its network card"},
    {Answer::Report::unknown_engine, "snmp.v3.unknown-engine", "the device denies the engine id it has just given"},
});

}  // namespace

Reason why_silent() {
  return {"snmp.silent", "no answer: nothing there, switched off, filtered, or none of the credentials fits"};
}

Reason why_unreachable() {
  return {"snmp.unreachable", "the host is there but nobody listens on the SNMP port; switch SNMP on in the device"};
}

Reason why_no_community() { return {"snmp.no-access", "the device answers, but to none of the credentials"}; }

Reason why_refused(const Credential& credential, const Answer& answer) {
  const std::string who = label_of(credential) + ": ";
  if (answer.is == Answer::Is::report) {
    const auto* row = std::find_if(kRefusals.begin(), kRefusals.end(),
                                   [&](const Refusal& refusal) { return refusal.report == answer.report; });
    if (row != kRefusals.end()) return {row->code, who + std::string(row->text)};
    return {"snmp.v3.refused", who + "the device refuses the login without a usual reason"};
  }
  if (credential.version != Version::v3)
    return {"snmp.timeout", who + "answered the first question and no further one"};
  if (answer.is == Answer::Is::bad)
    return {"snmp.v3.wrong-priv", who + "the answer cannot be read with this privacy pass phrase"};
  return {"snmp.v3.no-answer", who + "no answer to the login; the user, a pass phrase or an algorithm may be wrong"};
}

Reason why_not_a_printer(const Gate& gate) { return {gate.code, gate.reason}; }

Reason why_failed(const Answer& last, bool timed_out) {
  if (timed_out) return {"snmp.too-slow", "the device could not be read within the time one device is given"};
  switch (last.is) {
    case Answer::Is::unreachable: return {"snmp.unreachable", "the device closed its SNMP port while it was read"};
    case Answer::Is::send_failed: return {"snmp.send-failed", "this machine could not send: " + last.text};
    case Answer::Is::report: return {"snmp.refused", "the device refused the login while it was read"};
    case Answer::Is::bad: return {"snmp.bad-answer", "the device sends answers that cannot be decoded"};
    case Answer::Is::timeout: return {"snmp.timeout", "the device stopped answering while it was read"};
    case Answer::Is::response: break;
  }
  return {"snmp.nothing-usable", "the device answered but told nothing that makes a reading"};
}

Reason why_no_socket(const Error& error) { return {"snmp.no-socket", error.text}; }

}  // namespace platen::snmp
