#include "agent/ledger/aside.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

namespace platen::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_kept = 3;
constexpr std::uintmax_t most_kept_octets = std::uintmax_t{64} << 20U;
constexpr const char* companions[] = {"-wal", ".mark", "-journal", "-shm"};

struct Aside {
  std::uint64_t number = 0;
  std::string path;
};

// "-damaged": not "-damaged-wal", "-damaged.mark" or what else stands beside it.
bool is_reason(std::string_view rest) {
  return rest.size() > 1 && rest[0] == '-' &&
         rest.substr(1).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

// FILE.<state>-<number>-<reason>, by number.
std::vector<Aside> list(const std::string& file, const std::string& state) {
  const fs::path path(file);
  const std::string begin = path.filename().string() + "." + state + "-";
  std::vector<Aside> found;
  std::error_code fault;
  for (fs::directory_iterator each(path.parent_path().empty() ? "." : path.parent_path(), fault), end;
       !fault && each != end; each.increment(fault)) {
    const std::string name = each->path().filename().string();
    if (!name.starts_with(begin)) continue;
    Aside aside{.path = each->path().string()};
    const char* const end_of_name = name.data() + name.size();
    const auto [stopped, wrong] = std::from_chars(name.data() + begin.size(), end_of_name, aside.number);
    if (wrong == std::errc{} && is_reason({stopped, end_of_name})) found.push_back(std::move(aside));
  }
  std::sort(found.begin(), found.end(), [](const Aside& a, const Aside& b) { return a.number < b.number; });
  return found;
}

std::uint64_t newest(const std::string& file) {
  std::uint64_t number = 0;
  for (const char* state : {"aside", "kept"}) {
    const auto found = list(file, state);
    if (!found.empty()) number = std::max(number, found.back().number);
  }
  return number;
}

Expected<void> move(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return {};
  return fail(Code::unavailable, fmt::format("cannot put {} aside: {}", from, std::generic_category().message(errno)));
}

Expected<void> move_companions(const std::string& from, const std::string& to) {
  for (const char* companion : companions) {
    if (auto moved = move(from + companion, to + companion); !moved) return moved;
  }
  return {};
}

void remove_whole(const std::string& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
  for (const char* companion : companions) fs::remove(path + companion, ignored);
}

// The name is taken before the move: what has no file still has a mark and a reason.
Expected<std::string> fresh_name(const std::string& file, std::string_view reason) {
  std::string name = fmt::format("{}.aside-{}-{}", file, newest(file) + 1, reason);
  const int made = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0)
    return fail(Code::unavailable, fmt::format("cannot make {}: {}", name, std::generic_category().message(errno)));
  ::close(made);
  return name;
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// SQLite throws the log of an empty file away.
bool is_gone_or_empty(const std::string& path) {
  std::error_code fault;
  return !is_there(path) || (fs::is_regular_file(path, fault) && fs::file_size(path, fault) == 0);
}

}  // namespace

Expected<std::string> put_aside(const std::string& file, std::string_view reason) {
  auto name = fresh_name(file, reason);
  if (!name) return name;
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) fs::remove(*name, ignored);  // a folder takes no file's name
  if (auto moved = move(file, *name); !moved) return fail(moved.error());
  if (auto moved = move_companions(file, *name); !moved) return fail(moved.error());
  return name;
}

// A new ledger begins with its file: without one, a log or a mark beside it is of the one that was put aside.
Expected<void> finish_putting_aside(const std::string& file) {
  if (!is_gone_or_empty(file) || (!is_there(file + "-wal") && !is_there(file + ".mark"))) return {};
  const auto aside = list(file, "aside");
  if (!aside.empty() && !is_there(aside.back().path + ".mark")) return move_companions(file, aside.back().path);
  return put_aside(file, "damaged").map([](const std::string&) {});
}

std::vector<std::string> files_aside(const std::string& file) {
  std::vector<std::string> paths;
  for (Aside& aside : list(file, "aside")) paths.push_back(std::move(aside.path));
  return paths;
}

void keep_for_a_while(const std::string& file, const std::string& aside) {
  const std::string state = file + ".aside-";
  const std::string kept = file + ".kept-" + aside.substr(std::min(aside.size(), state.size()));
  if (move(aside, kept)) std::ignore = move_companions(aside, kept);
  auto all = list(file, "kept");
  std::reverse(all.begin(), all.end());
  std::uintmax_t octets = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::error_code ignored;
    for (const std::string part : {"", "-wal"}) {
      const auto size = fs::file_size(all[i].path + part, ignored);
      if (!ignored) octets += size;
    }
    if (i >= most_kept || octets > most_kept_octets) remove_whole(all[i].path);
  }
}

std::string reason_of(const std::string& aside) { return aside.substr(aside.rfind('-') + 1); }

}  // namespace platen::ledger
