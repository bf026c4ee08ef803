#include "snmp/discover/scanner.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "snmp/discover/crew.h"
#include "snmp/discover/life.h"
#include "snmp/discover/questions.h"

namespace platen::snmp {
namespace {

constexpr std::chrono::milliseconds kNap{20};

class Scan {
 public:
  Scan(Crew& crew, Engine& engine, DatagramPort& port, std::span<const IpAddress> targets, const ScanOptions& options)
      : crew_(crew),
        engine_(engine),
        port_(port),
        targets_(targets),
        options_(options),
        questions_(questions_of(options.credentials)),
        sweep_(port, engine.traffic(), targets, options.port, questions_.all, options.patience,
               OnLink::of_this_machine(), crew.now()) {
    crew_.house()->on_end = [this](Visit& visit, std::unique_ptr<Outcome> outcome) {
      ended(visit, std::move(outcome));
    };
    crew_.house()->on_opened = [this](Visit& visit) { sweep_.settle(visit.target()); };
    crew_.progress.addresses = targets.size();
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const MonotonicTime now = crew_.now();
      sweep_.pump(now, [this](const Sweep::Heard& heard) { take(heard); });
      crew_.begin_waiting();
      if (engine_.pending() > 0) engine_.step(std::chrono::milliseconds(0));
      crew_.expire_overdue();
      crew_.progress.asked = sweep_.asked();
      crew_.report_progress(sweep_.counts());
      const bool swept = sweep_.finished(now);
      if (swept && crew_.idle()) break;
      wait(swept);
    }
    if (!stop.stop_requested()) settle_the_rest();
    crew_.report_progress(sweep_.counts(), true);
  }

 private:
  // Two sockets and one thread: while both have something to do, neither may be waited for longer than a moment.
  void wait(bool swept) {
    if (swept) {
      engine_.step(kNap);
      return;
    }
    const bool reading = engine_.pending() > 0;
    const auto until = std::clamp(sweep_.due(crew_.now()) - crew_.now(), std::chrono::milliseconds(0), kNap);
    if (!reading) return port_.wait(std::chrono::duration_cast<std::chrono::milliseconds>(until), false);
    engine_.step(std::min(std::chrono::milliseconds(1), std::chrono::duration_cast<std::chrono::milliseconds>(until)));
  }

  void take(const Sweep::Heard& heard) {
    if (sweep_.settled(heard.target)) return;  // its outcome may have been told: a late answer is no new device
    auto& visit = visits_[heard.target];
    if (!visit) {
      visit = std::make_shared<Visit>(crew_.house(), heard.from, heard.target);
      ++crew_.progress.alive;
    }
    if (!heard.engine_id.empty()) visit->is_engine(heard.engine_id);
    if (!heard.question && !sweep_.heard_anything(heard.target)) {
      sweep_.settle(heard.target);
      return finish(*visit, Outcome::Is::unreachable, why_unreachable());
    }
    if (!heard.question || visit->busy || candidates_for(*visit).empty()) return;
    enlist(visit);
  }

  void enlist(const std::shared_ptr<Visit>& visit) {
    if (!queued_.insert(visit->target()).second) return;
    crew_.queue(visit, [this](Visit& self) {
      queued_.erase(self.target());
      self.open_with(candidates_for(self));
    });
  }

  [[nodiscard]] Visit::Candidates candidates_for(const Visit& visit) const {
    Visit::Candidates fit = questions_.speaking_for(sweep_, visit.target(), visit.peer().address);
    std::erase_if(fit, [&](const auto& candidate) { return visit.tried(*candidate); });
    return fit;
  }

  void ended(Visit& visit, std::unique_ptr<Outcome> outcome) {
    crew_.ended(visit);
    if (!outcome) {
      if (!candidates_for(visit).empty()) enlist(visits_.at(visit.target()));  // heard in the meantime
      return;
    }
    sweep_.settle(visit.target());
    visits_.erase(visit.target());
    crew_.tell(std::move(*outcome));
  }

  void finish(Visit& visit, Outcome::Is is, Reason reason) {
    visit.close();
    Outcome outcome;
    outcome.peer = visit.peer();
    outcome.is = is;
    outcome.code = reason.code;
    outcome.reason = std::move(reason.text);
    visits_.erase(visit.target());
    crew_.tell(std::move(outcome));
  }

  void settle_the_rest() {
    while (!visits_.empty()) {
      const std::shared_ptr<Visit> visit = visits_.begin()->second;
      sweep_.settle(visit->target());
      finish(*visit, Outcome::Is::no_access, why_not_opened(*visit));
    }
    if (!options_.report_silent) return;
    const std::set<IpAddress> neighbours = resolved_neighbours();
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (sweep_.settled(i)) continue;
      Outcome outcome;
      outcome.peer = {targets_[i], options_.port};
      const std::string_view failure = sweep_.send_failure(i);
      if (!failure.empty()) outcome.is = Outcome::Is::failed;
      const Reason reason = !failure.empty()                   ? why_not_sent(failure)
                            : neighbours.contains(targets_[i]) ? why_alive_but_silent(Life::neighbour)
                                                               : why_silent();
      outcome.code = reason.code;
      outcome.reason = reason.text;
      crew_.tell(std::move(outcome));
    }
  }

  [[nodiscard]] Reason why_not_opened(const Visit& visit) const {
    if (visit.refusal()) return *visit.refusal();
    const auto offered = [&](const auto& candidate) { return candidate->credential.scope.holds(visit.peer().address); };
    return std::any_of(questions_.in_order.begin(), questions_.in_order.end(), offered) ? why_wrong_community()
                                                                                        : why_no_credential();
  }

  Crew& crew_;
  Engine& engine_;
  DatagramPort& port_;
  std::span<const IpAddress> targets_;
  const ScanOptions& options_;
  Questions questions_;
  Sweep sweep_;
  std::unordered_map<std::size_t, std::shared_ptr<Visit>> visits_;
  std::unordered_set<std::size_t> queued_;
};

void refuse_all(std::span<const IpAddress> targets, const ScanOptions& options, const Reason& reason,
                const Scanner::OnOutcome& on_outcome) {
  for (const IpAddress& target : targets) {
    Outcome outcome;
    outcome.peer = {target, options.port};
    outcome.is = Outcome::Is::failed;
    outcome.code = reason.code;
    outcome.reason = reason.text;
    on_outcome(std::move(outcome));
  }
}

}  // namespace

ScanProgress Scanner::scan(std::span<const IpAddress> targets, const ScanOptions& options, const OnOutcome& on_outcome,
                           const OnProgress& on_progress, const std::stop_token& stop) {
  Crew crew(engine_, profiles_, clock_, options, on_outcome, on_progress);
  if (is_print_port(options.port)) return refuse_all(targets, options, why_print_port(), on_outcome), crew.progress;
  std::unique_ptr<DatagramPort> own;
  DatagramPort* port = sweep_port_;
  if (port == nullptr) {
    auto opened = open_batched_port();
    if (!opened) opened = open_plain_port();
    if (!opened) return refuse_all(targets, options, why_no_socket(opened.error()), on_outcome), crew.progress;
    own = std::move(*opened);
    port = own.get();
  }
  Scan scan(crew, engine_, *port, targets, options);
  scan.run(stop);
  return crew.progress;
}

ScanProgress Scanner::read(std::span<const Known> printers, Reading::Kind kind, const ScanOptions& options,
                           const OnOutcome& on_outcome, const OnProgress& on_progress, const std::stop_token& stop) {
  Crew crew(engine_, profiles_, clock_, options, on_outcome, on_progress);
  crew.progress.addresses = crew.progress.asked = printers.size();
  crew.house()->on_opened = [](Visit&) {};
  crew.house()->on_end = [&](Visit& visit, std::unique_ptr<Outcome> outcome) {
    crew.ended(visit);
    if (outcome) crew.tell(std::move(*outcome));
  };
  for (std::size_t i = 0; i < printers.size(); ++i) {
    crew.queue(std::make_shared<Visit>(crew.house(), printers[i].peer, i), [&, i](Visit& visit) {
      const Known& known = printers[i];
      visit.read_known(candidates_again(known.credential, known.tolerance, options.credentials, known.peer.address),
                       kind, known);
    });
  }
  while (!stop.stop_requested() && !crew.idle()) {
    crew.begin_waiting();
    engine_.step(kNap);
    crew.expire_overdue();
    crew.report_progress({});
  }
  crew.report_progress({}, true);
  return crew.progress;
}

}  // namespace platen::snmp
