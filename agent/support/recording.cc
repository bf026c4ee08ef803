#include "agent/support/recording.h"

#include <algorithm>
#include <set>

#include "snmp/mib/snmprec.h"
#include "snmp/printer/read_plan.h"

namespace platen::support {
namespace {

// What a profile could need: the standard MIBs of a printer, the PWG's, and the subtrees of its maker and of whoever
// else answered for it (a Dell may be built by Lexmark).
std::vector<snmp::Oid> roots_of(const snmp::VarBinds& rows) {
  using snmp::Oid;
  std::vector<Oid> roots = {Oid{1, 3, 6, 1, 2, 1, 1},  Oid{1, 3, 6, 1, 2, 1, 2},  Oid{1, 3, 6, 1, 2, 1, 4, 20},
                            Oid{1, 3, 6, 1, 2, 1, 25}, Oid{1, 3, 6, 1, 2, 1, 43}, Oid{1, 3, 6, 1, 4, 1, 2699}};
  static const Oid enterprises = {1, 3, 6, 1, 4, 1}, sys_object_id = {1, 3, 6, 1, 2, 1, 1, 2, 0};
  std::set<std::uint32_t> makers;
  for (const snmp::VarBind& row : rows) {
    const Oid* told = row.name == sys_object_id ? row.value.object() : nullptr;
    const auto maker = (told == nullptr ? row.name : *told).after(enterprises);
    if (!maker.empty() && maker[0] != 2699) makers.insert(maker[0]);
  }
  for (const std::uint32_t maker : makers) roots.push_back(enterprises + maker);
  std::sort(roots.begin(), roots.end());
  return roots;
}

}  // namespace

std::optional<Recording> record(snmp::Engine& engine, const snmp::Outcome& device, const snmp::ScanOptions& options,
                                const std::function<void(std::size_t rows)>& told, const std::stop_token& stop) {
  snmp::Credential credential = options.credentials.at(*device.credential);
  credential.version = device.version;
  const auto plan = snmp::walk(device.version, device.tolerance, roots_of(device.rows));
  while (auto ask = plan->next()) {
    std::optional<snmp::Answer> answer;
    engine.ask(device.peer, credential, *ask, options.patience, [&](const snmp::Answer& got) { answer = got; });
    while (!answer && !stop.stop_requested()) engine.step(std::chrono::milliseconds{100});
    if (!answer) return std::nullopt;
    plan->take(*answer);
    told(plan->rows().size());
  }
  return Recording{plan->rows(), plan->flags(), plan->complete()};
}

std::string recording_text(const snmp::Outcome& device, const snmp::VarBinds& rows, bool scrubbed) {
  const std::string what =
      device.reading && device.reading->identity.model ? *device.reading->identity.model : "device";
  std::string line = "# platen record, " + what + (scrubbed ? ", personal values scrubbed" : ", personal values kept");
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return line + "\n" + snmp::to_snmprec(rows);
}

}  // namespace platen::support
