#include "snmp/printer/profile_fit.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "snmp/printer/brands.h"
#include "snmp/printer/identity.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {
namespace {

const Oid kEnterprises{1, 3, 6, 1, 4, 1};

std::optional<std::uint32_t> enterprise_of(const Oid& name) {
  const auto tail = name.after(kEnterprises);
  return tail.empty() ? std::nullopt : std::optional(tail[0]);
}

std::set<std::uint32_t> enterprises_in(const VarBinds& rows) {
  std::set<std::uint32_t> found;
  const auto below = [](const VarBind& row, const Oid& key) { return row.name < key; };
  auto row = std::lower_bound(rows.begin(), rows.end(), kEnterprises, below);
  for (auto enterprise = row == rows.end() ? std::nullopt : enterprise_of(row->name);
       enterprise && found.insert(*enterprise).second;) {
    if (*enterprise == std::numeric_limits<std::uint32_t>::max()) break;
    row = std::lower_bound(row, rows.end(), kEnterprises + (*enterprise + 1), below);
    enterprise = row == rows.end() ? std::nullopt : enterprise_of(row->name);
  }
  return found;
}

bool names_model(const Profile& profile, const std::string& text) {
  return std::any_of(profile.models.begin(), profile.models.end(),
                     [&](const std::string& model) { return text.find(lower(model)) != std::string::npos; });
}

// Most profiles are out after this one look.
bool has_root_in(const Profile& profile, const std::set<std::uint32_t>& enterprises) {
  return std::any_of(profile.roots.begin(), profile.roots.end(), [&](const Oid& root) {
    const auto enterprise = enterprise_of(root);
    return enterprise && enterprises.contains(*enterprise);
  });
}

// Counters weigh more than what only names the device: a Dell tells its serial at one place, whoever built it.
std::size_t answered(const Profile& profile, const Rows& rows) {
  constexpr std::size_t weight_of_counter = 64;
  std::size_t counters = 0, names = 0;
  for (const auto& oids : profile.identity)
    names += static_cast<std::size_t>(
        std::count_if(oids.begin(), oids.end(), [&](const Oid& oid) { return rows.at(oid) != nullptr; }));
  for (const ScalarCounter& counter : profile.scalars) counters += rows.at(counter.oid) != nullptr ? 1U : 0U;
  for (const PackedCounters& packed : profile.packed) counters += rows.at(packed.oid) != nullptr ? 1U : 0U;
  for (const TableCounters& table : profile.tables) counters += rows.any_under(table.values) ? 1U : 0U;
  return counters * weight_of_counter + names;
}

}  // namespace

bool names_no_maker(const Oid& sys_object_id) {
  constexpr std::uint32_t of_agents[] = {2021, 8072};  // UCD-SNMP and Net-SNMP, as they come
  const auto enterprise = enterprise_of(sys_object_id);
  return !enterprise || std::find(std::begin(of_agents), std::end(of_agents), *enterprise) != std::end(of_agents);
}

bool is_for(const Profile& profile, const Oid& sys_object_id) {
  const auto enterprise = enterprise_of(sys_object_id);
  return enterprise &&
         std::find(profile.enterprises.begin(), profile.enterprises.end(), *enterprise) != profile.enterprises.end();
}

DeviceFacts device_in(const VarBinds& varbinds) {
  const Rows rows(varbinds);
  const Value* object_id = rows.at(mib2({1, 2, 0}));
  return {object_id == nullptr || object_id->object() == nullptr ? Oid{} : *object_id->object(),
          enterprises_in(varbinds), self_description(rows)};
}

Fit fit_of(const Profile& profile, const DeviceFacts& device, const VarBinds& rows) {
  Fit fit;
  fit.right_maker = is_for(profile, device.sys_object_id);
  fit.special = !profile.models.empty();
  fit.right_model = !fit.special || names_model(profile, device.called);
  fit.own = !profile.built_in;
  if (has_root_in(profile, device.enterprises)) fit.answered = answered(profile, Rows(rows));
  return fit;
}

std::size_t Fit::rank() const {
  if (answered == 0 || !right_model) return 0;
  const std::size_t weight = answered + (right_maker ? 10'000'000U : 0U) + (special ? 1'000'000U : 0U);
  return 2 * weight + (own ? 1U : 0U);
}

}  // namespace platen::snmp
