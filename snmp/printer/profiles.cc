#include "snmp/printer/profiles.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>

#include "snmp/printer/brands.h"
#include "snmp/printer/built_in_profiles.h"
#include "snmp/printer/octet_text.h"
#include "snmp/printer/profile.h"
#include "snmp/printer/rows.h"

namespace platen::snmp {
namespace {

const Oid kEnterprises{1, 3, 6, 1, 4, 1};

std::optional<std::uint32_t> enterprise_of(const Oid& sys_object_id) {
  const auto tail = sys_object_id.after(kEnterprises);
  return tail.empty() ? std::nullopt : std::optional(tail[0]);
}

bool is_for(const Profile& profile, std::optional<std::uint32_t> enterprise) {
  return enterprise &&
         std::find(profile.enterprises.begin(), profile.enterprises.end(), *enterprise) != profile.enterprises.end();
}

// What the device calls itself, for `models`.
std::string called(const Rows& rows) {
  std::string text;
  const auto add = [&](std::span<const VarBind> found) {
    for (const VarBind& row : found) {
      if (const std::string* bytes = row.value.bytes()) text += octet_text(*bytes, nullptr) + '\n';
    }
  };
  add(rows.under(mib2({1, 1})));
  add(rows.under(mib2({25, 3, 2, 1, 3})));
  return lower(text);
}

bool names_model(const Profile& profile, const std::string& text) {
  return std::any_of(profile.models.begin(), profile.models.end(),
                     [&](const std::string& model) { return text.find(lower(model)) != std::string::npos; });
}

// How much of what the profile asks for was answered.
std::size_t answered(const Profile& profile, const Rows& rows) {
  std::size_t count = 0;
  for (const auto& oids : profile.identity)
    count += static_cast<std::size_t>(
        std::count_if(oids.begin(), oids.end(), [&](const Oid& oid) { return rows.at(oid) != nullptr; }));
  for (const ScalarCounter& counter : profile.scalars) count += rows.at(counter.oid) != nullptr ? 1U : 0U;
  for (const PackedCounters& counters : profile.packed) count += rows.at(counters.oid) != nullptr ? 1U : 0U;
  for (const TableCounters& counters : profile.tables) count += rows.any_under(counters.values) ? 1U : 0U;
  return count;
}

// The enterprises that answered anything: most profiles are out after this one look.
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

bool has_root_in(const Profile& profile, const std::set<std::uint32_t>& enterprises) {
  return std::any_of(profile.roots.begin(), profile.roots.end(), [&](const Oid& root) {
    const auto enterprise = enterprise_of(root);
    return enterprise && enterprises.contains(*enterprise);
  });
}

Expected<std::string> file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file && !file.eof()) return fail(Code::unavailable, path.string() + ": the profile cannot be read");
  return text;
}

}  // namespace

Profiles::Profiles() = default;
Profiles::~Profiles() = default;
Profiles::Profiles(Profiles&&) noexcept = default;
Profiles& Profiles::operator=(Profiles&&) noexcept = default;

Profiles Profiles::built_in() {
  Profiles profiles;
  for (const BuiltInProfile& each : built_in_profiles()) {
    // A test holds every built-in profile to be valid; a broken one would only be missing here.
    static_cast<void>(profiles.add(each.file_name, each.toml));
  }
  return profiles;
}

Expected<void> Profiles::add(std::string_view file_name, std::string_view toml) {
  auto profile = parse_profile(file_name, toml);
  if (!profile) return fail(profile.error());
  std::erase_if(profiles_, [&](const auto& old) { return old->name == profile->name; });
  profiles_.push_back(std::make_unique<Profile>(std::move(*profile)));
  return {};
}

std::vector<Error> Profiles::add_folder(const std::string& folder) {
  std::vector<Error> refused;
  std::error_code fault;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, fault)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (fault)
    refused.push_back({Code::unavailable, folder + ": the folder of profiles cannot be read: " + fault.message()});
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const auto text = file_text(path);
    const auto added = text ? add(path.string(), *text) : Expected<void>(fail(text.error()));
    if (!added) refused.push_back(added.error());
  }
  return refused;
}

// Follow what answers, not the name: the profile of sysObjectID's maker when the device answers any of it, else the one
// that it answers most of (a Dell built by Lexmark, a device that told us no sysObjectID). One made for the very model
// goes first.
const Profile* Profiles::match(const VarBinds& varbinds) const {
  const Rows rows(varbinds);
  const Value* object_id = rows.at(mib2({1, 2, 0}));
  const auto enterprise =
      object_id == nullptr || object_id->object() == nullptr ? std::nullopt : enterprise_of(*object_id->object());
  const auto present = enterprises_in(varbinds);
  const Profile* best = nullptr;
  std::size_t best_rank = 0;
  for (const auto& profile : profiles_) {
    const bool special = !profile->models.empty();
    if (!has_root_in(*profile, present) || (special && !names_model(*profile, called(rows)))) continue;
    const std::size_t count = answered(*profile, rows);
    const std::size_t rank =
        count == 0 ? 0 : count + (is_for(*profile, enterprise) ? 10'000U : 0U) + (special ? 1'000U : 0U);
    if (rank > best_rank) best = profile.get(), best_rank = rank;
  }
  return best;
}

// A device that tells no sysObjectID may be anybody's: every maker's subtrees are asked for once.
std::vector<Oid> Profiles::roots_for(const Oid& sys_object_id) const {
  const auto enterprise = enterprise_of(sys_object_id);
  std::set<Oid> all;
  for (const auto& profile : profiles_) {
    if (sys_object_id.empty() || is_for(*profile, enterprise)) all.insert(profile->roots.begin(), profile->roots.end());
  }
  std::vector<Oid> roots;
  for (const Oid& root : all) {
    if (roots.empty() || !root.starts_with(roots.back())) roots.push_back(root);  // none inside another
  }
  return roots;
}

std::vector<std::string> Profiles::names() const {
  std::vector<std::string> names;
  for (const auto& profile : profiles_) names.push_back(profile->name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace platen::snmp
