#include "agent/cli/nearby.h"

#include <unordered_set>

#include "agent/cli/program.h"
#include "base/command/terminal.h"

namespace platen::cli {

void propose() {
  const auto networks = snmp::own_networks(false);
  std::string list;
  for (const std::string& target : snmp::proposal(networks)) list += " " + target;
  const bool none = list.empty();
  const std::string found = none ? "this machine has no network to propose" : "this machine's own networks are" + list;
  command::print_error(
      kProgram, {Code::invalid, "no target was named, so nothing is asked; " + found},
      none ? "Name the printers' network, such as: platen scan 192.168.1.0/24" : "To scan them: platen scan" + list,
      "usage");
}

Expected<void> add_candidates(Request& request, const command::Arguments& arguments) {
  command::Progress progress(arguments);
  progress.show("asking the own networks for printers");
  const auto found = snmp::find_candidates(request.sources, request.around, system_clock(), {});
  progress.clear();
  if (!found) return fail(found.error());
  std::string text = std::to_string(found->answers) + " answers about printers, " +
                     std::to_string(found->addresses.size()) + " addresses to check";
  if (found->outside > 0) text += ", " + std::to_string(found->outside) + " outside of what may be asked";
  command::print_note(kProgram, arguments, text);
  std::unordered_set<IpAddress> known(request.targets.begin(), request.targets.end());
  std::vector<IpAddress> first;
  for (const IpAddress& address : found->addresses) {
    if (known.insert(address).second) first.push_back(address);
  }
  request.targets.insert(request.targets.begin(), first.begin(), first.end());
  return {};
}

}  // namespace platen::cli
