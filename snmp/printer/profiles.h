// Vendor profiles: data that says which vendor OIDs mean what on which models. Loaded and validated once at start.
//
//   Source   snmp/profiles/*.toml; format in docs/profiles.md.
//   Errors   Code::invalid with file, line and reason; one bad profile is refused alone and never stops the standard
//   read.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/reading/reading.h"
#include "snmp/mib/varbind.h"

namespace platen::snmp {

class Profile;  // profile.h, known to this room only

class Profiles {
 public:
  Profiles();  // none: the standard MIBs alone
  ~Profiles();
  Profiles(Profiles&&) noexcept;
  Profiles& operator=(Profiles&&) noexcept;

  // The profiles compiled into the program (snmp/profiles/*.toml at build time): always there, always valid (a test
  // says so).
  [[nodiscard]] static Profiles built_in();
  // Adds those of a folder, a profile of the same name replaces the built-in one. What was refused is returned, the
  // rest is loaded.
  std::vector<Error> add_folder(const std::string& folder);
  Expected<void> add(std::string_view file_name, std::string_view toml);

  [[nodiscard]] const Profile* match(const VarBinds& rows) const;  // nullptr: none
  [[nodiscard]] const Profile* find(std::string_view name) const;  // nullptr: none
  // Vendor subtrees worth reading, sorted, none inside another. An empty sysObjectID (the device tells none): all there
  // are.
  [[nodiscard]] std::vector<Oid> roots_for(const Oid& sys_object_id) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  [[nodiscard]] static Profiles parse_built_in();

  std::vector<std::shared_ptr<const Profile>> profiles_;
};

}  // namespace platen::snmp
