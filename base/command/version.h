// Which build this is: version, commit, build date, TLS library, licence.
//
//   Source   CMake at configure time: the project's version, git's HEAD (absent in a tarball), SOURCE_DATE_EPOCH or
//   else the
//            commit's date (absent without either).
#pragma once

#include <string>
#include <string_view>

#include "base/command/command.h"

namespace platen::command {

struct Build {
  std::string_view version, commit, date, tls_library, compiler;  // "" when not known
};
[[nodiscard]] const Build& build();

[[nodiscard]] std::string version_text(std::string_view program);  // lines
[[nodiscard]] std::string version_json(std::string_view program);  // one object

}  // namespace platen::command
