#include "snmp/discover/crew.h"

#include <algorithm>

namespace platen::snmp {
namespace {

// All but the kernel's counter, which each port has of its own.
EngineCounts counted(const EngineCounts& engine, const EngineCounts& before, const EngineCounts& sweep) {
  return {engine.sent - before.sent + sweep.sent,
          engine.sent_octets - before.sent_octets + sweep.sent_octets,
          engine.received - before.received + sweep.received,
          engine.received_octets - before.received_octets + sweep.received_octets,
          engine.unsolicited - before.unsolicited + sweep.unsolicited,
          engine.dropped_by_kernel - before.dropped_by_kernel + sweep.dropped_by_kernel};
}

}  // namespace

Crew::Crew(Engine& engine, const Profiles& profiles, const Clock& clock, const ScanOptions& options,
           const Scanner::OnOutcome& on_outcome, const Scanner::OnProgress& on_progress)
    : engine_(engine),
      clock_(clock),
      options_(options),
      on_outcome_(on_outcome),
      on_progress_(on_progress),
      house_(std::make_shared<Visit::House>(Visit::House{engine, profiles, clock, options.patience, {}, {}})),
      before_(engine.counts()),
      used_before_(engine.traffic().uses()) {
  engine.traffic().allow(options.subnet_budget);
}

Crew::~Crew() {
  for (const auto& [visit, began] : under_way_) visit->close();
}

void Crew::queue(std::shared_ptr<Visit> visit, std::function<void(Visit&)> begin) {
  waiting_.push_back({std::move(visit), std::move(begin)});
}

// A device has one question in flight: more devices than twice the engine's window would wait for this machine, and
// their time (Pace::device) would run out meanwhile.
void Crew::begin_waiting() {
  const std::size_t most = std::clamp<std::size_t>(options_.reads_at_once, 1, 2 * engine_.window());
  while (!waiting_.empty() && progress.reading < most) {
    auto [visit, begin] = std::move(waiting_.front());
    waiting_.pop_front();
    visit->began = now();
    visit->busy = true;
    ++progress.reading;
    under_way_.emplace_back(visit, visit->began);
    begin(*visit);
  }
}

void Crew::ended(Visit& visit) {
  if (!visit.busy) return;
  visit.busy = false;
  --progress.reading;
}

void Crew::tell(Outcome&& outcome) {
  progress.printers += outcome.is == Outcome::Is::printer ? 1U : 0U;
  on_outcome_(std::move(outcome));
}

void Crew::expire_overdue() {
  while (!under_way_.empty()) {
    const auto [visit, began] = under_way_.front();
    const bool over = !visit->busy || visit->closed() || visit->began != began;
    if (!over && now() < began + kPace.device) return;
    under_way_.pop_front();
    if (!over) visit->expire();
  }
}

void Crew::report_progress(const EngineCounts& sweep, bool last) {
  const MonotonicTime at = now();
  if (!last && at < reported_ + kPace.progress) return;
  reported_ = at;
  progress.wire = counted(engine_.counts(), before_, sweep);
  if (last) progress.subnets = used_since(used_before_, engine_.traffic().uses());
  if (on_progress_) on_progress_(progress);
}

}  // namespace platen::snmp
