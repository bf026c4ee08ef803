// The agent's day: sweep for printers, read them in full, read their status, each when it is due. Decides only:
// collecting and keeping are ports, time comes from a clock, nothing here waits.
//
//   Rules    Known printers come before a sweep that is under way, but take turns with it, so that neither starves the
//   other.
//            A sweep asks in parts of 4,096 addresses and leaves out printers that answered their last read.
//            What a printer said is kept as soon as it is sure who said it. Of devices that are no printers only a count
//            remains. A status reading that may come from another machine than the last full one is dropped and a full
//            read made.
//   Threads  One: step() and change() are called from the same thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "agent/schedule/fleet.h"
#include "base/clock.h"
#include "base/expected.h"
#include "snmp/discover/scanner.h"

namespace platen::schedule {

// A known printer, and how to ask it.
struct Call {
  snmp::Peer peer;
  std::size_t credential = 0;
  snmp::Tolerance tolerance;
  snmp::VarBinds rows;                                               // of its last full read
  std::chrono::milliseconds age = std::chrono::milliseconds::max();  // since each of them was asked for
};

class Collector {
 public:
  using OnOutcome = std::function<void(snmp::Outcome&&)>;
  virtual ~Collector() = default;
  // Both tell each outcome as soon as it is known and come back when all are, or soon after `stop` without the rest.
  virtual void sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token stop) = 0;
  virtual void read(std::span<const Call> printers, Reading::Kind kind, const OnOutcome& told,
                    std::stop_token stop) = 0;
};

class Keeper {
 public:
  virtual ~Keeper() = default;
  // Returns once the reading would survive a power cut. Never waits for the network.
  [[nodiscard]] virtual Expected<void> keep(const Reading& reading) = 0;
};

struct Targets {
  std::vector<IpAddress> addresses;
  bool complete = true;                                // false: a name could not be resolved just now
  std::function<bool(const IpAddress&)> allowed = {};  // where known printers may stay; none: among `addresses` only
};

struct Plan {
  std::uint16_t port = 161;
  std::chrono::milliseconds sweep{};
  Intervals intervals;
  std::size_t batch = 128;  // known printers handed to the collector at once
  // Asked at the start of each sweep, and again while they are being looked up: never waits, nothing means "not yet".
  std::function<std::optional<Targets>()> targets;
};

struct Sweep {
  std::size_t addresses = 0, printers = 0, not_printers = 0, no_access = 0, no_snmp = 0, failed = 0;
  WallTime began{};
  std::optional<WallTime> ended;  // nothing while it is under way
};

struct Tally {
  std::uint64_t full = 0, status = 0;  // readings kept
  std::uint64_t unanswered = 0, doubtful = 0, not_kept = 0;
  std::optional<Sweep> sweep;  // the last one, or the one under way
  std::string keeper_error;    // why the last reading could not be kept; "" when it was
};

class Rounds {
 public:
  Rounds(std::string_view agent_id, Plan plan, Collector& collector, Keeper& keeper, const Clock& clock);

  // Does the one thing that is most due, if any. Returns when to come again: now or earlier when more is due already.
  MonotonicTime step(const std::stop_token& stop);
  // A new configuration: `credentials` says where each old one stands in the new list. Sweeps anew when `sweep_now`.
  void change(Plan plan, std::span<const std::optional<std::size_t>> credentials, bool sweep_now);

  void read_soon(const IpAddress& address) { fleet_.read_soon({address, plan_.port}); }
  // A sweep beside the timetable, as soon as none is under way: of everything, or of those targets that `only` holds. The
  // number of it; sweeps_done() reaches that when it is over.
  std::uint64_t sweep_soon(std::function<bool(const IpAddress&)> only = {});
  [[nodiscard]] std::uint64_t sweeps_done() const { return extra_done_; }
  // Of the sweep under way: how many of how many addresses were asked.
  [[nodiscard]] std::pair<std::size_t, std::size_t> sweep_progress() const { return {asked_, to_ask_.size()}; }
  void remember(std::span<const Winner> winners) { fleet_.remember(winners, clock_.monotonic()); }

  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] const Fleet& fleet() const { return fleet_; }

 private:
  [[nodiscard]] MonotonicTime sweep_due() const;
  [[nodiscard]] bool sweeping() const { return tally_.sweep && !tally_.sweep->ended; }
  void begin_sweep();
  void end_sweep();
  void sweep_on(const std::stop_token& stop);
  bool read_on(Reading::Kind kind, const std::stop_token& stop);
  void take(snmp::Outcome&& outcome, Reading::Kind kind);
  void take_printer(snmp::Outcome&& outcome, Reading::Kind kind);
  void keep(const snmp::Peer& peer, Reading& reading, Reading::Kind kind);

  std::uint64_t seed_;
  Plan plan_;
  Collector& collector_;
  Keeper& keeper_;
  const Clock& clock_;
  Fleet fleet_;
  Tally tally_;
  std::optional<MonotonicTime> swept_at_;
  struct Extra {
    std::uint64_t number = 0;
    std::function<bool(const IpAddress&)> only;
  };
  std::deque<Extra> extra_;  // the first may be under way
  std::uint64_t extra_asked_ = 0, extra_done_ = 0;
  bool extra_under_way_ = false;
  std::vector<IpAddress> to_ask_;  // of the sweep under way
  std::size_t asked_ = 0;
  bool sweeps_turn_ = false;
};

}  // namespace platen::schedule
