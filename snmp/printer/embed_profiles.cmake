# cmake -DFILES="a.toml;b.toml" -DOUT=x.cc -P embed_profiles.cmake: the files as string literals.
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND rows "    {\"${name}\", R\"platen_toml(${text})platen_toml\"},\n")
endforeach()
file(WRITE ${OUT} "// Made by embed_profiles.cmake from snmp/profiles; do not edit.
#include \"snmp/printer/built_in_profiles.h\"

namespace platen::snmp {
namespace {
constexpr BuiltInProfile kProfiles[] = {
${rows}};
}  // namespace
std::span<const BuiltInProfile> built_in_profiles() { return kProfiles; }
}  // namespace platen::snmp
")
