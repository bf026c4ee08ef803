#include "agent/support/way_out.h"

#include <algorithm>
#include <array>

namespace platen::support {
namespace {

struct Words {
  std::string_view start, text;
};
// By the start of the stable code; the first that fits.
constexpr auto kWaysOut = std::to_array<Words>({
    {"snmp.v3.unknown-user", "Compare the user name with the device's page, or make the user there."},
    {"snmp.v3.wrong-auth", "Compare authentication protocol and pass phrase with the device's page."},
    {"snmp.v3.wrong-priv", "Compare privacy protocol and pass phrase with the device's page."},
    {"snmp.v3.unsupported-level",
     "Give or leave out authentication or privacy, as the device's page says of this user."},
    {"snmp.v3.not-authorized", "Ask with privacy if the device's page wants it; give the user the right to read all."},
    {"snmp.v3.time-window", "Restart the device or its network card; look for two devices with one address."},
    {"snmp.v3.",
     "Compare user, protocols and pass phrases with the device's page, then give them with --v3-credential FILE."},
    {"snmp.silent",
     "Is it switched on, is SNMP enabled and UDP {port} let through? Another community: --community NAME."},
    {"snmp.alive-silent",
     "Is SNMP enabled on the device, may this host ask it, and is UDP {port} let through? Another community: "
     "--community NAME."},
    {"snmp.wrong-community", "Another community: --community NAME; or an SNMPv3 user: --v3-credential FILE."},
    {"snmp.no-credential", "Give a credential whose scope holds this address."},
    {"snmp.send-failed",
     "Look at this machine: is its network up, has it a route to that address, does a firewall forbid it?"},
    {"snmp.bad-answer", "Something else may use UDP {port} there; ask the port on which the device speaks SNMP."},
    {"snmp.", "Is SNMP enabled on the device, and does it allow this host?"},
    {"not-printer", "`platen record` writes down what it says, if you think that it is a printer."},
});

// docs/scan-json.md, "Flags": those that make a reading incomplete.
constexpr auto kGaps = std::to_array<Words>({
    {"walk-capped", "a table came to no end"},
    {"walk-repeated", "a table came round to rows that had been read"},
    {"wrong-type", "values were of another type than their standard gives them"},
    {"empty-answer", "an answer was empty"},
    {"too-big", "an answer would not fit into one datagram"},
    {"error-", "the device answered with an error"},
    {"send-failed", "a question could not be sent"},
    {"restarted-in-mid-read", "the device started again while it was read"},
    {"restart-not-ruled-out", "the device did not tell its uptime at the end"},
});
constexpr auto kImpatience = std::to_array<std::string_view>({"silent", "no-answer", "too-slow"});

bool any_starts(std::span<const std::string> flags, std::string_view start) {
  return std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) { return flag.starts_with(start); });
}

}  // namespace

std::string way_out_of(std::string_view code, std::uint16_t number) {
  constexpr std::string_view port = "{port}";
  const auto* way =
      std::find_if(kWaysOut.begin(), kWaysOut.end(), [&](const Words& one) { return code.starts_with(one.start); });
  if (way == kWaysOut.end()) return "";
  std::string text(way->text);
  if (const auto at = text.find(port); at != std::string::npos) text.replace(at, port.size(), std::to_string(number));
  return text;
}

std::string way_out_of_gaps(std::span<const std::string> flags) {
  const bool impatient =
      std::any_of(kImpatience.begin(), kImpatience.end(), [&](std::string_view one) { return any_starts(flags, one); });
  std::string why;
  for (const Words& gap : kGaps) {
    if (any_starts(flags, gap.start)) why += (why.empty() ? "" : ", ") + std::string(gap.text);
  }
  if (why.empty() && !impatient) why = "docs/scan-json.md says what the flags mean";
  std::string out = why.empty() ? "" : "The numbers that came are shown; " + why + ".";
  if (impatient) out += std::string(out.empty() ? "" : " ") + "Try again with a longer --timeout.";
  return out;
}

}  // namespace platen::support
