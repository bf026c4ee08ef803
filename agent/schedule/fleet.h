// The printers that the agent knows: where they are, what opens them, how they want to be asked, when they were read.
//
//   Rules    One printer, one entry, found by identity (base/reading/same_printer.h) and kept under its address. A
//            machine that moved takes its entry along; another machine at a known address begins a new one and inherits
//            nothing. One serial with two network cards at two addresses is in doubt until the first address was asked
//            again: silence there means that it moved (with a new card), an answer that there are two of them.
//            Who has not answered for 30 days is forgotten; a sweep finds it again.
//   Memory   Below 2 kB a printer: its rows are packed (known_rows.h), and nothing else of a reading is kept.
//   Time     monotonic, as an argument.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/schedule/known_rows.h"
#include "agent/schedule/timetable.h"
#include "base/reading/reading.h"
#include "base/reading/same_printer.h"
#include "snmp/mib/pdu.h"
#include "snmp/printer/read_plan.h"

namespace platen::schedule {

struct Printer {
  std::size_t credential = 0;  // index in the configuration's list
  snmp::Tolerance tolerance;
  KnownRows rows;                                   // of the last full read
  std::optional<MonotonicTime> whole_at;            // when each of them was asked for
  Likeness likeness;                                // at the last full read
  std::optional<MonotonicTime> full_at, status_at;  // last tries; a full read counts as both
  MonotonicTime likeness_at{}, answered_at{};
  bool silent = false;                      // did not answer the last try
  std::optional<MonotonicTime> doubted_at;  // since when it may be the twin of a printer at another address
};

// What opened a printer: what is worth remembering over a restart.
struct Winner {
  snmp::Peer peer;
  std::size_t credential = 0;
};

struct Intervals {
  std::chrono::milliseconds supplies{}, status{};  // of full reads, and of the small ones
};

class Fleet {
 public:
  explicit Fleet(std::string_view agent_id);

  enum class News { first_seen, same, moved, replaced, in_doubt };
  // After a full read that found a printer. `rows` are packed here; `whole`: each was asked for. in_doubt: nobody can say yet whose reading this is,
  // so it may not leave; both addresses are due for a full read at once. What has a twin is known by
  // find(peer)->likeness.duplicate_serial afterwards, and its readings say so (kDuplicateSerial).
  News read_in_full(const snmp::Peer& peer, std::size_t credential, const snmp::Tolerance& tolerance,
                    const snmp::VarBinds& rows, const Reading& reading, MonotonicTime now, bool whole = true);
  // After a status read: may this reading leave as the known printer's? When not, a full read is due at once.
  [[nodiscard]] bool read_status(const snmp::Peer& peer, std::size_t credential, const snmp::Tolerance& tolerance,
                                 const Reading& reading, MonotonicTime now);
  void did_not_answer(const snmp::Peer& peer, Reading::Kind kind, MonotonicTime now);
  void forget(const snmp::Peer& peer);
  void read_soon(const snmp::Peer& peer);  // in full, when it is known
  [[nodiscard]] std::vector<Winner> winners() const;
  // At start: who was known before. Each is due for a full read at once.
  void remember(std::span<const Winner> winners, MonotonicTime now);

  // Who is due, those that answered last time first, then the longest overdue; at most `most`.
  [[nodiscard]] std::vector<snmp::Peer> due(Reading::Kind kind, const Intervals& intervals, MonotonicTime now,
                                            std::size_t most) const;
  [[nodiscard]] MonotonicTime next_due(const Intervals& intervals) const;  // MonotonicTime::max() when nobody is known
  [[nodiscard]] const Printer* find(const snmp::Peer& peer) const;
  void each(const std::function<void(const snmp::Peer&, const Printer&)>& told) const {
    for (const auto& [peer, printer] : printers_) told(peer, printer);
  }
  [[nodiscard]] std::size_t size() const { return printers_.size(); }
  [[nodiscard]] std::size_t silent() const;
  // Answered its last try: a sweep need not look for it.
  [[nodiscard]] bool well_known(const snmp::Peer& peer) const;

  void keep_only(const std::function<bool(const snmp::Peer&)>& wanted);
  // `now_at[old]`: the index in the new list of credentials; printers that lost theirs are forgotten.
  void renumber_credentials(std::span<const std::optional<std::size_t>> now_at);
  void forget_the_lost(MonotonicTime now);

 private:
  using Entries = std::map<snmp::Peer, Printer>;
  using Entry = Entries::value_type;
  [[nodiscard]] News news_of(const snmp::Peer& peer, Likeness& seen, MonotonicTime now);
  [[nodiscard]] bool in_doubt(const snmp::Peer& peer, Printer& namesake, Likeness& seen, MonotonicTime now);
  [[nodiscard]] MonotonicTime due_at(const Entry& entry, Reading::Kind kind, const Intervals& intervals) const;
  std::uint64_t seed_;
  KnownRows::Shelf shelf_;
  Entries printers_;
};

}  // namespace platen::schedule
