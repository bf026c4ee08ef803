#include "agent/host/notice.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace platen::host {
namespace {

constexpr const char* program = "platen-agent";

// "/var/lib/platen-agent/" → "var-lib-platen-agent".
std::string name_of(const std::string& folder) {
  std::error_code ignored;
  std::string name = std::filesystem::absolute(folder, ignored).lexically_normal().string();
  std::replace(name.begin(), name.end(), '/', '-');
  name.erase(0, name.find_first_not_of('-'));
  name.erase(name.find_last_not_of('-') + 1);
  return name;
}

}  // namespace

std::vector<std::string> notice_files(const std::string& folder) {
  std::vector<std::string> found;
  const auto add = [&](const std::string& place) {
    std::string file = place + "/" + name_of(folder) + ".status.json";
    if (std::find(found.begin(), found.end(), file) == found.end()) found.push_back(std::move(file));
  };
  if (const char* ours = std::getenv("RUNTIME_DIRECTORY"); ours != nullptr && ours[0] == '/')
    add(std::string(ours).substr(0, std::string(ours).find(':')));
  if (const char* user = std::getenv("XDG_RUNTIME_DIR"); user != nullptr && user[0] == '/')
    add(std::string(user) + "/" + program);
  add(std::string("/run/") + program);
  return found;
}

}  // namespace platen::host
