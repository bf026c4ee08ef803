#include "agent/tasks/policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <vector>

#include "agent/host/files.h"
#include "agent/tasks/task.h"
#include "base/text.h"
#include "base/toml.h"

namespace platen::tasks {
namespace {

constexpr std::size_t most_octets = 65'536;
constexpr std::array<std::string_view, 3> harmless = {"scan", "read_now", "cancel"};

Policy all_but_harmless(Policy policy, std::string trouble) {
  const auto known = kinds();
  policy.forbidden = {known.begin(), known.end()};
  for (const std::string_view kind : harmless) policy.forbidden.erase(policy.forbidden.find(kind));
  policy.trouble = fmt::format("{}; until that is mended only {} are done", trouble, fmt::join(harmless, ", "));
  return policy;
}

// "" or what is wrong.
std::string take(const toml::table& table, std::set<std::string, std::less<>>& forbidden) {
  for (const auto& [key, value] : table) {
    if (key.str() != "forbid") return fmt::format("unknown key \"{}\"; the only one is forbid", key.str());
  }
  const toml::array* list = table.get_as<toml::array>("forbid");
  if (table.contains("forbid") && list == nullptr) return "forbid must be a list of kinds, like [\"set_config\"]";
  if (list == nullptr) return "";
  const auto known = kinds();
  for (const toml::node& node : *list) {
    const auto kind = node.value_exact<std::string>();
    if (!kind) return "forbid must be a list of kinds, like [\"set_config\"]";
    if (std::find(known.begin(), known.end(), *kind) == known.end()) {
      const std::string near = nearest(*kind, known);
      return fmt::format("there is no kind \"{}\"{}; the kinds are {}", for_terminal(*kind),
                         near.empty() ? "" : fmt::format(" (\"{}\"?)", near), fmt::join(known, ", "));
    }
    forbidden.insert(*kind);
  }
  return "";
}

}  // namespace

std::string policy_file(const std::string& settings_file) {
  return (std::filesystem::path(settings_file).parent_path() / "tasks-policy.toml").string();
}

Policy policy_of(const Expected<std::string>& text, const std::string& file) {
  Policy policy{.file = file, .forbidden = {}, .trouble = {}};
  if (!text && text.error().code == Code::not_found) return policy;
  if (!text) return all_but_harmless(std::move(policy), text.error().text);
  const auto table = parse_toml(*text, file);
  if (!table)
    return all_but_harmless(std::move(policy), fmt::format("{}:{}: {}", file, table.error().line, table.error().what));
  const std::string fault = take(*table, policy.forbidden);
  return fault.empty() ? policy : all_but_harmless(std::move(policy), fmt::format("{}: {}", file, fault));
}

Policy read_policy(const std::string& file) {
  auto text = host::read_file(file, most_octets).map([](host::File&& read) { return std::move(read.octets); });
  std::error_code ignored;
  if (!text && std::filesystem::is_symlink(file, ignored))  // it leads nowhere, but somebody meant something by it
    return policy_of(fail(Code::unavailable, file + " is a link that cannot be followed"), file);
  return policy_of(text, file);
}

}  // namespace platen::tasks
