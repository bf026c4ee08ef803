// The meters of every printer as the agent last read them: what happened to a counter since, and who is due at the site's
// midnight.
//
//   Rules    A printer is known by its serial, else its MAC, else its address. Flags tell what happened to a counter
//            (docs/scan-json.md); the value itself is never touched. A meter read is a complete full read. With an
//            interval of whole days it is due once in each such stretch of calendar days of the site, soon after
//            midnight: each printer in its own second of the first ten minutes, by a hash of agent and printer. Who does
//            not answer then is asked again after 5, 10, 20, 40, 60, 60 … minutes. Another interval is the time between
//            two reads. A step of the clock costs one read at most; when the clock stands still or goes back, a read is
//            due after the interval and two hours more.
//   Memory   About 1 kB a printer: 64 counters at most. Printers that were silent for 90 days are forgotten.
//   Time     both clocks, as arguments.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/meter/leap.h"
#include "base/zone/zone.h"

namespace platen::schedule {

// One printer, as it is kept over a restart. Times by this host's clock.
struct MeterMemory {
  std::string address, serial, model;  // as last read; "" when not said
  meter::Who who;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;  // hash of a meter's key and its count, by hash
  std::optional<WallTime> total_at, answered_at;                // a life count was read; anything was
  std::optional<Day> read_on;                                   // the last meter read, in the site's calendar
  std::string trouble, trouble_text;                            // why the last try failed; "" when it did not
};

struct Moment {
  WallTime wall{};
  MonotonicTime now{};
  bool wall_trusted = true;
};

class MeterWatch {
 public:
  MeterWatch(std::string_view agent_id, Zone zone, std::chrono::milliseconds interval);
  void configure(Zone zone, std::chrono::milliseconds interval);

  struct Seen {
    std::vector<std::string> flags;  // for the reading to carry
    bool meter_read = false;         // the first of the day
  };
  // A reading that is about to be kept.
  Seen took(const Reading& reading, const Moment& moment);
  void failed(const std::string& address, std::string_view code, std::string_view text, const Moment& moment);
  // Addresses whose meters are to be read now. Each is named once, and again at its next try.
  [[nodiscard]] std::vector<std::string> due(const Moment& moment);

  [[nodiscard]] std::vector<MeterMemory> memories() const;
  void remember(std::vector<MeterMemory> memories, const Moment& moment);  // at start
  [[nodiscard]] const Zone& zone() const { return zone_; }

 private:
  struct Entry {
    MeterMemory memory;
    MonotonicTime answered_at{};  // at the earliest when this agent started
    std::optional<MonotonicTime> read_at, tried_at;
    unsigned tries = 0;
  };
  [[nodiscard]] bool is_due(const std::string& key, const Entry& entry, const Moment& moment, Day today) const;

  std::uint64_t seed_;
  Zone zone_;
  std::chrono::milliseconds interval_;
  std::map<std::string, Entry> printers_;
};

}  // namespace platen::schedule
