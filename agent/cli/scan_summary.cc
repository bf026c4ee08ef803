#include "agent/cli/scan_summary.h"

#include <nlohmann/json.hpp>

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string name_of(const snmp::SubnetUse& use) { return use.network.text() + "/" + std::to_string(use.prefix); }

}  // namespace

std::string summary_json(const ScanSummary& summary) {
  const snmp::EngineCounts& wire = summary.counts.wire;
  Json out = {{"schema", "platen.scan-summary/1"},
              {"addresses", summary.counts.addresses},
              {"asked", summary.counts.asked},
              {"alive", summary.counts.alive},
              {"printers", summary.counts.printers},
              {"sent", wire.sent},
              {"sent_octets", wire.sent_octets},
              {"received", wire.received},
              {"received_octets", wire.received_octets},
              {"unsolicited", wire.unsolicited},
              {"dropped_by_kernel", wire.dropped_by_kernel}};
  out["codes"] = Json::object();
  for (const auto& [code, number] : summary.codes) out["codes"][code] = number;
  out["subnets"] = Json::array();
  for (const snmp::SubnetUse& use : summary.counts.subnets) {
    out["subnets"].push_back({{"subnet", name_of(use)},
                              {"budget", use.budget},
                              {"sent", use.sent},
                              {"sent_octets", use.sent_octets},
                              {"received", use.received},
                              {"received_octets", use.received_octets}});
  }
  return out.dump() + "\n";
}

std::string summary_text(const ScanSummary& summary) {
  const auto cells = [](std::string name, const auto& use, std::string budget) {
    return command::Cells{std::move(name),
                          std::to_string(use.sent),
                          std::to_string(use.sent_octets),
                          std::to_string(use.received),
                          std::to_string(use.received_octets),
                          std::move(budget)};
  };
  std::vector<command::Cells> rows;
  for (const snmp::SubnetUse& use : summary.counts.subnets)
    rows.push_back(cells(name_of(use), use, std::to_string(static_cast<std::uint64_t>(use.budget))));
  rows.push_back(cells("all", summary.counts.wire, ""));
  std::string out = command::table_text({{"subnet"},
                                         {"sent", true},
                                         {"sent_octets", true},
                                         {"received", true},
                                         {"received_octets", true},
                                         {"budget_per_s", true}},
                                        rows, {});
  rows.clear();
  for (const auto& [code, number] : summary.codes) rows.push_back({code, std::to_string(number)});
  if (!rows.empty()) out += "\n" + command::table_text({{"code"}, {"devices", true}}, rows, {});
  return out;
}

}  // namespace platen::cli
