#include "snmp/printer/read_plan.h"

#include <algorithm>
#include <iterator>

#include "snmp/printer/machine.h"

namespace platen::snmp {
namespace {

using Shape = Subtree::Shape;

constexpr std::size_t kMostRows = 10'000;

}  // namespace

std::unique_ptr<ReadPlan> full_read(Version version, const Tolerance& tolerance, const Profiles& profiles,
                                    const std::optional<IpAddress>& address) {
  auto plan = std::make_unique<Machine>(version, tolerance);
  plan->watch_for_restarts();
  plan->read_in_full(profiles, address);
  return plan;
}

std::unique_ptr<ReadPlan> learned_read(Version version, const Tolerance& tolerance, const Profiles& profiles,
                                       const VarBinds& known, Depth depth, const std::optional<IpAddress>& address) {
  auto plan = std::make_unique<Machine>(version, tolerance);
  plan->watch_for_restarts();
  plan->read_in_full(profiles, address);
  if (version != Version::v1 || depth != Depth::restarted) plan->recall_all(known, depth);
  return plan;
}

std::unique_ptr<ReadPlan> status_read(Version version, const Tolerance& tolerance, const VarBinds& known) {
  auto plan = std::make_unique<Machine>(version, tolerance);
  plan->watch_for_restarts();
  for (const Oid& column : status_read_columns())
    plan->harvest().add(Subtree{"", Shape::column, column, 0, 0, subtree_of(column)->index_parts}, kMostRowsOfColumn);
  plan->harvest().add(alert_table(), kMostRowsOfTable);
  plan->recall_these(known, alert_table().root);
  return plan;
}

std::unique_ptr<ReadPlan> first_rows(Version version, const Tolerance& tolerance, std::vector<Oid> roots) {
  auto plan = std::make_unique<Machine>(version, tolerance);
  plan->harvest().add_roots(std::move(roots), Shape::scalar, 1);
  plan->without_bulk();
  return plan;
}

std::unique_ptr<ReadPlan> walk(Version version, const Tolerance& tolerance, std::vector<Oid> roots) {
  auto plan = std::make_unique<Machine>(version, tolerance);
  plan->harvest().add_roots(std::move(roots), Shape::table, kMostRows);
  return plan;
}

}  // namespace platen::snmp
