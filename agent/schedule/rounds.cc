#include "agent/schedule/rounds.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/log.h"

namespace platen::schedule {
namespace {

constexpr std::size_t part_of_sweep = 4096;
constexpr std::chrono::milliseconds look_again{100};  // for targets that are being looked up

}  // namespace

Rounds::Rounds(std::string_view agent_id, Plan plan, Collector& collector, Keeper& keeper, const Clock& clock)
    : seed_(stable_hash("sweep", stable_hash(agent_id))),
      plan_(std::move(plan)),
      collector_(collector),
      keeper_(keeper),
      clock_(clock),
      fleet_(agent_id) {}

MonotonicTime Rounds::sweep_due() const { return next_due({seed_, plan_.sweep}, swept_at_); }

MonotonicTime Rounds::step(const std::stop_token& stop) {
  const MonotonicTime now = clock_.monotonic();
  if (!sweeping() && (!extra_.empty() || sweep_due() <= now)) begin_sweep();
  const bool reads_turn = !sweeping() || !sweeps_turn_;
  if (reads_turn && (read_on(Reading::Kind::full, stop) || read_on(Reading::Kind::status, stop))) {
    sweeps_turn_ = true;
    return now;
  }
  if (sweeping()) sweep_on(stop);
  sweeps_turn_ = false;
  if (sweeping()) return now;
  const MonotonicTime sweep = sweep_due();
  return std::min(sweep <= now || !extra_.empty() ? now + look_again : sweep, fleet_.next_due(plan_.intervals));
}

void Rounds::change(Plan plan, std::span<const std::optional<std::size_t>> credentials, bool sweep_now) {
  plan_ = std::move(plan);
  fleet_.renumber_credentials(credentials);
  fleet_.keep_only([this](const snmp::Peer& peer) { return peer.port == plan_.port; });
  if (!sweep_now) return;
  swept_at_.reset();
  if (sweeping()) end_sweep();
}

std::uint64_t Rounds::sweep_soon(std::function<bool(const IpAddress&)> only) {
  extra_.push_back({++extra_asked_, std::move(only)});
  return extra_asked_;
}

void Rounds::end_sweep() {
  to_ask_ = {};
  tally_.sweep->ended = clock_.wall();
  if (!std::exchange(extra_under_way_, false)) return;
  extra_done_ = extra_.front().number;
  extra_.pop_front();
}

void Rounds::begin_sweep() {
  auto found = plan_.targets();
  if (!found) return;
  Targets& targets = *found;
  const MonotonicTime now = clock_.monotonic();
  extra_under_way_ = !extra_.empty();
  const bool in_part = extra_under_way_ && extra_.front().only;
  if (!in_part) swept_at_ = now;
  tally_.sweep = Sweep{.addresses = targets.addresses.size(), .began = clock_.wall(), .ended = std::nullopt};
  fleet_.forget_the_lost(now);
  if (targets.complete) {
    const std::unordered_set<IpAddress> wanted(targets.addresses.begin(), targets.addresses.end());
    fleet_.keep_only([&](const snmp::Peer& peer) {
      return targets.allowed ? targets.allowed(peer.address) : wanted.contains(peer.address);
    });
  }
  if (in_part) {
    std::erase_if(targets.addresses, [&](const IpAddress& address) { return !extra_.front().only(address); });
    tally_.sweep->addresses = targets.addresses.size();
  }
  std::erase_if(targets.addresses, [&](const IpAddress& address) { return fleet_.well_known({address, plan_.port}); });
  to_ask_ = std::move(targets.addresses);
  asked_ = 0;
  log::info("sweep.begin", {{"addresses", tally_.sweep->addresses}, {"to_ask", to_ask_.size()}});
}

void Rounds::sweep_on(const std::stop_token& stop) {
  const auto part = std::span<const IpAddress>(to_ask_).subspan(asked_);
  const auto now_asked = part.first(std::min(part.size(), part_of_sweep));
  if (!now_asked.empty()) {
    collector_.sweep(
        now_asked, [this](snmp::Outcome&& outcome) { take(std::move(outcome), Reading::Kind::full); }, stop);
  }
  if (stop.stop_requested()) return;  // this part is asked again
  asked_ += now_asked.size();
  if (asked_ < to_ask_.size()) return;
  end_sweep();
  const Sweep& sweep = *tally_.sweep;
  log::info("sweep.done", {{"addresses", sweep.addresses},
                           {"new_printers", sweep.printers},
                           {"known_printers", fleet_.size()},
                           {"not_printers", sweep.not_printers},
                           {"no_access", sweep.no_access},
                           {"no_snmp", sweep.no_snmp},
                           {"failed", sweep.failed}});
}

bool Rounds::read_on(Reading::Kind kind, const std::stop_token& stop) {
  const std::vector<snmp::Peer> due = fleet_.due(kind, plan_.intervals, clock_.monotonic(), plan_.batch);
  if (due.empty() || stop.stop_requested()) return false;
  const MonotonicTime began = clock_.monotonic();
  std::vector<Call> calls;
  for (const snmp::Peer& peer : due) {
    const Printer& printer = *fleet_.find(peer);
    calls.push_back({peer, printer.credential, printer.tolerance, printer.rows.unpack()});
    if (printer.whole_at) calls.back().age = began - *printer.whole_at;
  }
  collector_.read(
      calls, kind, [this, kind](snmp::Outcome&& outcome) { take(std::move(outcome), kind); }, stop);
  for (const snmp::Peer& peer : due) {
    const Printer* printer = stop.stop_requested() ? nullptr : fleet_.find(peer);
    if (printer != nullptr && printer->status_at < began)
      fleet_.did_not_answer(peer, kind, began);  // told of by nobody
  }
  return true;
}

void Rounds::take(snmp::Outcome&& outcome, Reading::Kind kind) {
  using Is = snmp::Outcome::Is;
  const bool known = fleet_.find(outcome.peer) != nullptr;
  if (outcome.is == Is::printer && outcome.reading) return take_printer(std::move(outcome), kind);
  if (outcome.is == Is::not_a_printer) {
    fleet_.forget(outcome.peer);
  } else if (known) {
    fleet_.did_not_answer(outcome.peer, kind, clock_.monotonic());
    ++tally_.unanswered;
    log::debug("read.failed", {{"address", outcome.peer.address.text()}, {"code", outcome.code}});
  }
  if (known || !sweeping()) return;
  Sweep& sweep = *tally_.sweep;
  switch (outcome.is) {
    case Is::not_a_printer: ++sweep.not_printers; break;
    case Is::no_access: ++sweep.no_access; break;
    case Is::unreachable: ++sweep.no_snmp; break;
    case Is::printer:
    case Is::failed: ++sweep.failed; break;
    case Is::silent: break;
  }
}

void Rounds::take_printer(snmp::Outcome&& outcome, Reading::Kind kind) {
  const MonotonicTime now = clock_.monotonic();
  Reading& reading = *outcome.reading;
  if (kind == Reading::Kind::status) {
    if (fleet_.read_status(outcome.peer, outcome.credential.value_or(0), outcome.tolerance, reading, now))
      return keep(outcome.peer, reading, kind);
    ++tally_.doubtful;
    return log::info("reading.doubtful", {{"address", outcome.peer.address.text()}, {"next", "full read"}});
  }
  const Fleet::News news = fleet_.read_in_full(outcome.peer, outcome.credential.value_or(0), outcome.tolerance,
                                               outcome.rows, reading, now, outcome.whole);
  if (news == Fleet::News::in_doubt) {
    ++tally_.doubtful;
  } else {
    keep(outcome.peer, reading, kind);
  }
  if (news == Fleet::News::same) return;
  if (sweeping() && news != Fleet::News::in_doubt) ++tally_.sweep->printers;
  constexpr std::string_view names[] = {"printer.found", "printer.same", "printer.moved", "printer.replaced",
                                        "printer.in-doubt"};
  log::info(names[static_cast<std::size_t>(news)], {{"address", outcome.peer.address.text()},
                                                    {"model", reading.identity.model.value_or("")},
                                                    {"serial", reading.identity.serial.value_or("")}});
}

void Rounds::keep(const snmp::Peer& peer, Reading& reading, Reading::Kind kind) {
  const Printer* printer = fleet_.find(peer);
  if (printer != nullptr && printer->likeness.duplicate_serial) reading.flags.emplace_back(kDuplicateSerial);
  const Expected<void> kept = keeper_.keep(reading);
  if (kept) {
    ++(kind == Reading::Kind::full ? tally_.full : tally_.status);
    return tally_.keeper_error.clear();
  }
  ++tally_.not_kept;
  if (tally_.keeper_error.empty()) log::error("reading.lost", {{"why", kept.error().text}});
  tally_.keeper_error = kept.error().text;
}

}  // namespace platen::schedule
