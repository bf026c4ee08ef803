#include "agent/schedule/meter_watch.h"

#include <algorithm>
#include <array>

#include "agent/schedule/timetable.h"
#include "base/meter/names.h"
#include "base/reading/same_printer.h"

namespace platen::schedule {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_counts = 64;
constexpr std::chrono::milliseconds spread = 10min, grace = 2h, patience = 90 * 24h;
constexpr std::array<std::chrono::minutes, 5> retries = {5min, 10min, 20min, 40min, 60min};

std::string key_of(const meter::Who& who, const std::string& address) {
  return !who.serial.empty() ? who.serial : !who.macs.empty() ? who.macs.front() : "@" + address;
}

std::uint64_t* count_of(MeterMemory& memory, std::uint64_t hash) {
  auto& counts = memory.counts;
  const auto at = std::lower_bound(counts.begin(), counts.end(), std::pair(hash, std::uint64_t{0}));
  return at != counts.end() && at->first == hash ? &at->second : nullptr;
}

// What was read last of each meter against now; the memory then holds now.
std::vector<std::string> compare(MeterMemory& memory, const Reading& reading, meter::Change change,
                                 const std::optional<WallTime>& before, const std::optional<WallTime>& now) {
  std::vector<std::string> flags;
  if (change == meter::Change::board) flags.emplace_back(meter::code_of(meter::Reason::board_swapped));
  for (const CounterPoint& point : reading.counters) {
    if (!meter::is_meter(point)) continue;
    const std::uint64_t hash = stable_hash(meter::key_of(point));
    std::uint64_t* last = count_of(memory, hash);
    if (last == nullptr) {
      if (memory.counts.size() >= most_counts) continue;
      const auto place = std::pair(hash, point.value);
      memory.counts.insert(std::upper_bound(memory.counts.begin(), memory.counts.end(), place), place);
      continue;
    }
    const auto leap = meter::leap_between({*last, before}, {point.value, now}, meter::Change::none);
    if (leap) flags.push_back(std::string(meter::code_of(leap->reason)) + " " + point.evidence.source);
    *last = point.value;
  }
  return flags;
}

}  // namespace

MeterWatch::MeterWatch(std::string_view agent_id, Zone zone, std::chrono::milliseconds interval)
    : seed_(stable_hash("meters", stable_hash(agent_id))), zone_(std::move(zone)), interval_(interval) {}

void MeterWatch::configure(Zone zone, std::chrono::milliseconds interval) {
  zone_ = std::move(zone);
  interval_ = interval;
}

MeterWatch::Seen MeterWatch::took(const Reading& reading, const Moment& moment) {
  const meter::Who seen = meter::who_of(reading);
  std::string key = key_of(seen, reading.address);
  const bool has_a_twin =
      std::find(reading.flags.begin(), reading.flags.end(), kDuplicateSerial) != reading.flags.end();
  if (has_a_twin && !seen.macs.empty()) key += " " + seen.macs.front();
  if (seen.serial.empty()) {  // a status read may tell nothing of who it is: the last one at this address
    for (const auto& [other, entry] : printers_) {
      if (entry.memory.address == reading.address && change_between(entry.memory.who, seen) == meter::Change::none)
        key = other;
    }
  }
  Entry& entry = printers_[key];
  MeterMemory& memory = entry.memory;
  const meter::Change change = change_between(memory.who, seen);
  if (change == meter::Change::device) memory = {};
  const auto now = moment.wall_trusted ? std::optional(moment.wall) : std::nullopt;
  Seen out{.flags = compare(memory, reading, change, memory.total_at, now), .meter_read = false};
  memory.who = completed(seen, memory.who);
  memory.address = reading.address;
  if (reading.identity.serial) memory.serial = *reading.identity.serial;
  if (reading.identity.model) memory.model = *reading.identity.model;
  memory.answered_at = moment.wall;
  entry.answered_at = moment.now;
  memory.trouble.clear(), memory.trouble_text.clear();
  if (total_of(reading) != nullptr) memory.total_at = moment.wall;
  if (reading.kind == Reading::Kind::full && reading.complete) {
    const Day today = zone_.day_of(moment.wall);
    out.meter_read = memory.read_on != today;
    memory.read_on = today;
    entry.read_at = moment.now;
    entry.tried_at.reset();
    entry.tries = 0;
  }
  return out;
}

void MeterWatch::failed(const std::string& address, std::string_view code, std::string_view text,
                        const Moment& /*moment*/) {
  for (auto& [key, entry] : printers_) {
    if (entry.memory.address != address) continue;
    entry.memory.trouble = code;
    entry.memory.trouble_text = text;
  }
}

bool MeterWatch::is_due(const std::string& key, const Entry& entry, const Moment& moment, Day today) const {
  if (entry.tried_at) {
    const auto wait = retries.at(std::min<std::size_t>(entry.tries, retries.size()) - 1);
    return moment.now - *entry.tried_at >= wait;
  }
  const auto since = entry.read_at ? moment.now - *entry.read_at : std::chrono::milliseconds::max();
  const bool by_days = interval_ % 24h == 0ms;
  if (!by_days) return since >= interval_;
  if (since >= interval_ + grace) return true;
  if (!moment.wall_trusted || !entry.memory.read_on || since < grace) return false;
  const auto days = std::chrono::duration_cast<std::chrono::days>(interval_);
  const bool another = today >= *entry.memory.read_on + days || today < *entry.memory.read_on;
  const std::chrono::milliseconds phase(
      static_cast<std::int64_t>(stable_hash(key, seed_) % static_cast<std::uint64_t>(spread.count())));
  return another && moment.wall - zone_.begin_of(today) >= phase;
}

std::vector<std::string> MeterWatch::due(const Moment& moment) {
  std::erase_if(printers_, [&](const auto& each) { return moment.now - each.second.answered_at > patience; });
  const Day today = zone_.day_of(moment.wall);
  std::vector<std::string> out;
  for (auto& [key, entry] : printers_) {
    if (!is_due(key, entry, moment, today)) continue;
    entry.tried_at = moment.now;
    ++entry.tries;
    out.push_back(entry.memory.address);
  }
  return out;
}

std::vector<MeterMemory> MeterWatch::memories() const {
  std::vector<MeterMemory> out;
  for (const auto& [key, entry] : printers_) out.push_back(entry.memory);
  return out;
}

void MeterWatch::remember(std::vector<MeterMemory> memories, const Moment& moment) {
  for (MeterMemory& memory : memories) {
    Entry& entry = printers_[key_of(memory.who, memory.address)];
    // Read on an earlier day, or nobody knows when: the rules above decide once two hours have passed; a day missed while
    // the agent was down is made up for at once.
    const bool today = memory.read_on && *memory.read_on == zone_.day_of(moment.wall);
    if (today || !moment.wall_trusted) entry.read_at = moment.now;
    entry.answered_at = moment.now;
    entry.memory = std::move(memory);
  }
}

}  // namespace platen::schedule
