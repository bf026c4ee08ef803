#include "agent/tasks/mark.h"

#include <fmt/format.h>

#include <sstream>

#include "agent/host/files.h"

namespace platen::tasks {
namespace {

constexpr std::size_t most_octets = 256;
constexpr unsigned owner_only = 0600;
constexpr std::string_view word = "platen-tasks";

}  // namespace

std::string mark_file(const std::string& state_dir) { return state_dir + "/tasks.mark"; }

std::optional<Mark> read_mark(const std::string& state_dir) {
  const auto file = host::read_file(mark_file(state_dir), most_octets);
  if (!file) return std::nullopt;
  std::istringstream text(file->octets);
  std::string kind;
  int version = 0;
  Mark mark;
  if (!(text >> kind >> version >> mark.lineage >> mark.begun) || kind != word || version != 1) return std::nullopt;
  return mark;
}

Expected<void> write_mark(const std::string& state_dir, const Mark& mark) {
  return host::write_file(mark_file(state_dir), fmt::format("{} 1 {} {}\n", word, mark.lineage, mark.begun), owner_only,
                          host::Existing::replace);
}

}  // namespace platen::tasks
