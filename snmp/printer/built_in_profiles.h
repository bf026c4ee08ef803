// snmp/profiles/*.toml as they were at build time (CMake writes the source). Private to this room.
#pragma once

#include <span>
#include <string_view>

namespace platen::snmp {

struct BuiltInProfile {
  std::string_view file_name;
  std::string_view toml;
};

[[nodiscard]] std::span<const BuiltInProfile> built_in_profiles();

}  // namespace platen::snmp
