#include "cloud/main/presence.h"

#include <charconv>
#include <cstdio>
#include <optional>

#include "agent/host/files.h"

namespace platen::cloud {
namespace {

constexpr std::chrono::seconds told_again{10}, believed{30};
constexpr std::size_t most_octets = 32U << 20U, most_agents = 100'000;
constexpr unsigned everybody_reads = 0644;
constexpr std::string_view as_of_word = "as-of ";

std::string ms_of(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

std::optional<WallTime> time_of(std::string_view text) {
  std::int64_t ms = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return WallTime(std::chrono::milliseconds(ms));
}

// What stands before `separator`, which goes too.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return out;
}

}  // namespace

std::string_view word_of(const Presence& presence) {
  if (presence.remembered) return presence.online ? "was online" : "was offline";
  return presence.online ? "online" : "offline";
}

std::string presences_text(const Presences& all, WallTime as_of) {
  std::string out = std::string(as_of_word) + ms_of(as_of) + "\n";
  for (const auto& [agent, presence] : all) {
    out += agent + (presence.online ? " online" : " offline") + (presence.remembered ? " remembered " : " live ") +
           ms_of(presence.since) + "\n";
  }
  return out;
}

Presences presences_of(std::string_view text, WallTime now) {
  std::string_view head = cut(text, '\n');
  if (!head.starts_with(as_of_word)) return {};
  const auto as_of = time_of(head.substr(as_of_word.size()));
  if (!as_of || now - *as_of > believed || *as_of - now > believed) return {};
  Presences out;
  while (!text.empty()) {
    std::string_view line = cut(text, '\n');
    const std::string_view agent = cut(line, ' '), state = cut(line, ' '), how = cut(line, ' ');
    const auto since = time_of(line);
    if (since) out[std::string(agent)] = {state == "online", how != "live", *since};
  }
  return out;
}

Presences read_presences(const std::string& file, WallTime now) {
  const auto read = host::read_file(file, most_octets);
  return read ? presences_of(read->octets, now) : Presences();
}

PresenceFile::PresenceFile(std::string path) : path_(std::move(path)) { std::remove(path_.c_str()); }

PresenceFile::~PresenceFile() { std::remove(path_.c_str()); }

void PresenceFile::connected() {
  const std::lock_guard hold(mutex_);
  connected_ = changed_ = true;
}

void PresenceFile::unknown() {
  const std::lock_guard hold(mutex_);
  connected_ = false, changed_ = true;
  all_.clear();
}

void PresenceFile::heard(const std::string& agent, bool online, bool remembered, WallTime now) {
  const std::lock_guard hold(mutex_);
  if (all_.size() >= most_agents && all_.find(agent) == all_.end()) return;
  all_[agent] = {online, remembered, now};
  changed_ = true;
}

Expected<void> PresenceFile::keep(WallTime now) {
  std::string text;
  {
    const std::lock_guard hold(mutex_);
    if (!changed_ && (!connected_ || now - written_ < told_again)) return {};
    changed_ = false;
    written_ = now;
    if (!connected_) return std::remove(path_.c_str()), Expected<void>();
    text = presences_text(all_, now);
  }
  return host::write_file(path_, text, everybody_reads, host::Existing::replace);
}

}  // namespace platen::cloud
