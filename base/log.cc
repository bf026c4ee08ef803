#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/text.h"

namespace platen::log {
namespace {

struct Row {
  std::string_view name, journal;  // journald reads "<6>" as the priority of the line (sd-daemon(3))
  spdlog::level::level_enum spd;
};
constexpr std::array<Row, 4> rows = {{{"debug", "<7>", spdlog::level::debug},
                                      {"info", "<6>", spdlog::level::info},
                                      {"warn", "<4>", spdlog::level::warn},
                                      {"error", "<3>", spdlog::level::err}}};

spdlog::logger& logger() {
  static const auto made = [] {
    auto fresh = std::make_shared<spdlog::logger>("platen", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    fresh->set_pattern("%v");
    fresh->flush_on(spdlog::level::debug);
    return fresh;
  }();
  return *made;
}

struct Recent {
  std::mutex mutex;
  std::size_t most = 0, octets = 0;
  std::deque<std::string> lines;
  void add(std::string line) {
    const std::lock_guard hold(mutex);
    if (line.size() > most) return;
    octets += line.size();
    lines.push_back(std::move(line));
    for (; octets > most; lines.pop_front()) octets -= lines.front().size();
  }
};
Recent& recent_lines() {
  static Recent kept;
  return kept;
}

bool journald_reads() {
  static const bool reads = std::getenv("JOURNAL_STREAM") != nullptr;
  return reads;
}

}  // namespace

void event(Level level, std::string_view name, std::initializer_list<Field> fields) {
  const Row& row = rows.at(static_cast<std::size_t>(level));
  if (!logger().should_log(row.spd)) return;
  std::string line(row.name);
  line.append(" ").append(name);
  for (const Field& field : fields) line.append(" ").append(field.key).append("=").append(for_log(field.value));
  const std::string time = to_rfc3339(system_clock().wall()) + ' ';
  logger().log(row.spd, "{}{}", journald_reads() ? std::string(row.journal) : time, line);
  recent_lines().add(time + line);
}

void keep_recent(std::size_t octets) {
  Recent& kept = recent_lines();
  const std::lock_guard hold(kept.mutex);
  kept.most = octets;
}

std::vector<std::string> recent(std::size_t most) {
  Recent& kept = recent_lines();
  const std::lock_guard hold(kept.mutex);
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, kept.lines.size()));
  return {kept.lines.end() - count, kept.lines.end()};
}

void threshold(Level lowest) { logger().set_level(rows.at(static_cast<std::size_t>(lowest)).spd); }

}  // namespace platen::log
