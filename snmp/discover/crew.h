// What a scan and a read of known printers share: visits under way, those that wait for their turn, deadlines, progress.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "snmp/discover/scanner.h"
#include "snmp/discover/visit.h"

namespace platen::snmp {

class Crew {
 public:
  Crew(Engine& engine, const Profiles& profiles, const Clock& clock, const ScanOptions& options,
       const Scanner::OnOutcome& on_outcome, const Scanner::OnProgress& on_progress);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  [[nodiscard]] const std::shared_ptr<Visit::House>& house() const { return house_; }
  [[nodiscard]] MonotonicTime now() const { return clock_.monotonic(); }
  [[nodiscard]] bool idle() const { return waiting_.empty() && progress.reading == 0; }

  // Begins when begin_waiting() finds room among ScanOptions::reads_at_once.
  void queue(std::shared_ptr<Visit> visit, std::function<void(Visit&)> begin);
  void begin_waiting();
  void ended(Visit& visit);
  void tell(Outcome&& outcome);
  void expire_overdue();
  void report_progress(const EngineCounts& sweep, bool last = false);

  ScanProgress progress;

 private:
  struct Waiting {
    std::shared_ptr<Visit> visit;
    std::function<void(Visit&)> begin;
  };
  Engine& engine_;
  const Clock& clock_;
  const ScanOptions& options_;
  const Scanner::OnOutcome& on_outcome_;
  const Scanner::OnProgress& on_progress_;
  std::shared_ptr<Visit::House> house_;
  EngineCounts before_;
  std::vector<SubnetUse> used_before_;
  std::deque<Waiting> waiting_;
  std::deque<std::pair<std::shared_ptr<Visit>, MonotonicTime>> under_way_;  // in the order in which they began
  MonotonicTime reported_{};
};

}  // namespace platen::snmp
