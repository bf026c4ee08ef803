#include "base/command/version.h"

#include <nlohmann/json.hpp>

#include "base/command/build_info.h"

namespace platen::command {

const Build& build() {
  static constexpr Build here{PLATEN_VERSION, build_info::commit, build_info::date, build_info::tls_library,
                              build_info::compiler};
  return here;
}

std::string version_text(std::string_view program) {
  struct Row {
    std::string_view name, value;
  };
  std::string out = std::string(program) + " " + std::string(build().version) + "\n";
  for (const Row& row :
       {Row{"commit   ", build().commit}, Row{"built    ", build().date}, Row{"TLS      ", build().tls_library},
        Row{"compiler ", build().compiler}, Row{"licence  ", "Apache-2.0"}}) {
    if (!row.value.empty()) out += "  " + std::string(row.name) + std::string(row.value) + "\n";
  }
  return out;
}

std::string version_json(std::string_view program) {
  nlohmann::ordered_json out = {{"schema", "platen.version/1"}, {"program", program}, {"version", build().version}};
  if (!build().commit.empty()) out["commit"] = build().commit;
  if (!build().date.empty()) out["build_date"] = build().date;
  if (!build().tls_library.empty()) out["tls_library"] = build().tls_library;
  out["compiler"] = build().compiler;
  out["licence"] = "Apache-2.0";
  return out.dump() + "\n";
}

}  // namespace platen::command
