#include "snmp/printer/profiles.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "snmp/printer/built_in_profiles.h"
#include "snmp/printer/profile.h"
#include "snmp/printer/profile_fit.h"

namespace platen::snmp {
namespace {

// No more than what parse_profile takes, and one octet more that makes it refuse the rest.
Expected<std::string> file_text(const std::filesystem::path& path) {
  constexpr std::size_t enough = (1U << 20U) + 1;
  std::error_code fault;
  if (!std::filesystem::is_regular_file(path, fault))
    return fail(Code::unavailable, path.string() + ": this is no file that can be read");
  std::ifstream file(path, std::ios::binary);
  std::string text(enough, '\0');
  file.read(text.data(), static_cast<std::streamsize>(enough));
  if (file.bad() || !file.is_open()) return fail(Code::unavailable, path.string() + ": the profile cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

Profiles::Profiles() = default;
Profiles::~Profiles() = default;
Profiles::Profiles(Profiles&&) noexcept = default;
Profiles& Profiles::operator=(Profiles&&) noexcept = default;

Profiles Profiles::parse_built_in() {
  Profiles profiles;
  for (const BuiltInProfile& each : built_in_profiles()) {
    auto profile = parse_profile(each.file_name, each.toml, [&](std::string_view name) { return profiles.find(name); });
    if (!profile) continue;  // a test holds every built-in profile to be valid; a broken one would only be missing here
    profile->built_in = true;
    profiles.profiles_.push_back(std::make_shared<const Profile>(std::move(*profile)));
  }
  return profiles;
}

Profiles Profiles::built_in() {
  static const Profiles parsed = parse_built_in();  // once: it is a good part of the time to start
  Profiles shared;
  shared.profiles_ = parsed.profiles_;
  return shared;
}

Expected<void> Profiles::add(std::string_view file_name, std::string_view toml) {
  auto profile = parse_profile(file_name, toml, [this](std::string_view name) { return find(name); });
  if (!profile) return fail(profile.error());
  std::erase_if(profiles_, [&](const auto& old) { return old->name == profile->name; });
  profiles_.push_back(std::make_shared<const Profile>(std::move(*profile)));
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
  const DeviceFacts device = device_in(varbinds);
  const Profile* best = nullptr;
  std::size_t best_rank = 0;
  for (const auto& profile : profiles_) {
    const std::size_t rank = fit_of(*profile, device, varbinds).rank();
    if (rank > best_rank) best = profile.get(), best_rank = rank;
  }
  return best;
}

const Profile* Profiles::find(std::string_view name) const {
  const auto at =
      std::find_if(profiles_.begin(), profiles_.end(), [&](const auto& each) { return each->name == name; });
  return at == profiles_.end() ? nullptr : at->get();
}

// A device that tells no sysObjectID, or that of its software's maker, may be anybody's: every maker's subtrees are
// asked for.
std::vector<Oid> Profiles::roots_for(const Oid& sys_object_id) const {
  const bool anybodys = names_no_maker(sys_object_id);
  std::set<Oid> all;
  for (const auto& profile : profiles_) {
    if (anybodys || is_for(*profile, sys_object_id)) all.insert(profile->roots.begin(), profile->roots.end());
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
