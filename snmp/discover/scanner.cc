#include "snmp/discover/scanner.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "snmp/discover/on_link.h"
#include "snmp/discover/pace.h"
#include "snmp/discover/sweep.h"
#include "snmp/discover/visit.h"

namespace platen::snmp {
namespace {

using Candidate = Visit::Candidate;
using Candidates = Visit::Candidates;

constexpr std::chrono::milliseconds kNap{20};

EngineCounts sum(const EngineCounts& a, const EngineCounts& b) {
  return {a.sent + b.sent,
          a.sent_octets + b.sent_octets,
          a.received + b.received,
          a.received_octets + b.received_octets,
          a.unsolicited + b.unsolicited,
          a.dropped_by_kernel + b.dropped_by_kernel};
}

EngineCounts difference(const EngineCounts& a, const EngineCounts& b) {
  return {a.sent - b.sent,
          a.sent_octets - b.sent_octets,
          a.received - b.received,
          a.received_octets - b.received_octets,
          a.unsolicited - b.unsolicited,
          a.dropped_by_kernel - b.dropped_by_kernel};
}

// What both ways of working share: visits under way, those that wait for their turn, deadlines, progress.
class Crew {
 public:
  Crew(Engine& engine, const Profiles& profiles, const Clock& clock, const ScanOptions& options,
       const Scanner::OnOutcome& on_outcome, const Scanner::OnProgress& on_progress)
      : engine_(engine),
        clock_(clock),
        options_(options),
        on_outcome_(on_outcome),
        on_progress_(on_progress),
        house_(std::make_shared<Visit::House>(Visit::House{engine, profiles, clock, options.patience, {}, {}})),
        before_(engine.counts()) {}
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() {
    for (const auto& [visit, began] : under_way_) visit->close();
  }

  [[nodiscard]] const std::shared_ptr<Visit::House>& house() const { return house_; }
  [[nodiscard]] MonotonicTime now() const { return clock_.monotonic(); }

  // Begins now or when one of those before has ended.
  void queue(std::shared_ptr<Visit> visit, std::function<void(Visit&)> begin) {
    waiting_.push_back({std::move(visit), std::move(begin)});
  }
  void begin_waiting() {
    while (!waiting_.empty() && progress.reading < std::max<std::size_t>(options_.reads_at_once, 1)) {
      auto [visit, begin] = std::move(waiting_.front());
      waiting_.pop_front();
      visit->began = now();
      visit->busy = true;
      ++progress.reading;
      under_way_.emplace_back(visit, visit->began);
      begin(*visit);
    }
  }
  void ended(Visit& visit) {
    if (!visit.busy) return;
    visit.busy = false;
    --progress.reading;
  }
  void tell(Outcome&& outcome) {
    progress.printers += outcome.is == Outcome::Is::printer ? 1U : 0U;
    on_outcome_(std::move(outcome));
  }
  void expire_overdue() {
    while (!under_way_.empty()) {
      const auto [visit, began] = under_way_.front();
      const bool over = !visit->busy || visit->closed() || visit->began != began;
      if (!over && now() < began + kPace.device) return;
      under_way_.pop_front();
      if (!over) visit->expire();
    }
  }
  void report_progress(const EngineCounts& sweep, bool last = false) {
    const MonotonicTime at = now();
    if (!last && at < reported_ + kPace.progress) return;
    reported_ = at;
    progress.wire = sum(difference(engine_.counts(), before_), sweep);
    if (on_progress_) on_progress_(progress);
  }
  [[nodiscard]] bool idle() const { return waiting_.empty() && progress.reading == 0; }

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
  std::deque<Waiting> waiting_;
  std::deque<std::pair<std::shared_ptr<Visit>, MonotonicTime>> under_way_;  // in the order in which they began
  MonotonicTime reported_{};
};

// ---- what a sweep asks, and which credential an answer speaks for ----

struct Questions {
  std::vector<Question> all;
  std::vector<std::shared_ptr<const Candidate>> opens;     // of each question; nullptr for v3 discovery
  std::vector<std::shared_ptr<const Candidate>> in_order;  // every candidate, as tried
  std::vector<std::shared_ptr<const Candidate>> users;
};

const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};

Questions questions_of(const std::vector<Credential>& credentials) {
  Questions questions;
  const auto add = [&](std::shared_ptr<const Candidate> candidate, bool last_round) {
    const Credential& credential = candidate->credential;
    if (auto datagram = SweepTemplate::get(credential, std::span(&kSysObjectId, 1))) {
      questions.all.push_back({std::move(*datagram), credential.version, last_round});
      questions.opens.push_back(std::move(candidate));
    }
  };
  const auto is_user = [](const Credential& credential) { return credential.version == Version::v3; };
  if (std::any_of(credentials.begin(), credentials.end(), is_user)) {
    if (auto datagram = SweepTemplate::discovery()) {
      questions.all.push_back({std::move(*datagram), Version::v3, false});
      questions.opens.push_back(nullptr);
    }
  }
  Candidates fallbacks;
  for (std::size_t i = 0; i < credentials.size(); ++i) {
    auto candidate = std::make_shared<const Candidate>(Candidate{i, credentials[i], false});
    questions.in_order.push_back(candidate);
    if (is_user(credentials[i])) {
      questions.users.push_back(std::move(candidate));
      continue;
    }
    add(std::move(candidate), false);
    Credential as_v1 = credentials[i];
    as_v1.version = Version::v1;
    const bool asked_anyway = std::find(credentials.begin(), credentials.end(), as_v1) != credentials.end();
    if (!asked_anyway) fallbacks.push_back(std::make_shared<const Candidate>(Candidate{i, std::move(as_v1), true}));
  }
  for (auto& fallback : fallbacks) {
    questions.in_order.push_back(fallback);
    add(std::move(fallback), true);
  }
  return questions;
}

// ---- a scan ----

class Scan {
 public:
  Scan(Crew& crew, Engine& engine, DatagramPort& port, std::span<const IpAddress> targets, const ScanOptions& options)
      : crew_(crew),
        engine_(engine),
        port_(port),
        targets_(targets),
        options_(options),
        questions_(questions_of(options.credentials)),
        sweep_(port, targets, options.port, questions_.all, options.patience, OnLink::of_this_machine(), crew.now()) {
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
      engine_.step(std::chrono::milliseconds(0));
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
    if (!heard.question && sweep_.heard(heard.target) == 0) {
      sweep_.settle(heard.target);
      return finish(*visit, Outcome::Is::unreachable, why_unreachable());
    }
    if (!heard.question || visit->busy) return;
    enlist(visit);
  }

  void enlist(const std::shared_ptr<Visit>& visit) {
    if (!queued_.insert(visit->target()).second) return;
    crew_.queue(visit, [this](Visit& self) {
      queued_.erase(self.target());
      self.open_with(candidates_for(self));
    });
  }

  // Those that have a reason to work and were not tried: communities that were answered, users where SNMPv3 is spoken.
  Candidates candidates_for(const Visit& visit) const {
    const std::uint32_t heard = sweep_.heard(visit.target());
    Candidates fit;
    for (const auto& candidate : questions_.in_order) {
      const bool user = candidate->credential.version == Version::v3;
      for (std::size_t q = 0; q < questions_.opens.size(); ++q) {
        const bool speaks_for = user ? questions_.opens[q] == nullptr : questions_.opens[q] == candidate;
        if (speaks_for && (heard & 1U << q) != 0 && !visit.tried(*candidate)) fit.push_back(candidate);
      }
    }
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
      finish(*visit, Outcome::Is::no_access, visit->refusal());
    }
    if (!options_.report_silent) return;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (sweep_.settled(i)) continue;
      Outcome outcome;
      outcome.peer = {targets_[i], options_.port};
      const Reason reason = why_silent();
      outcome.code = reason.code;
      outcome.reason = reason.text;
      crew_.tell(std::move(outcome));
    }
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

}  // namespace

ScanProgress Scanner::scan(std::span<const IpAddress> targets, const ScanOptions& options, const OnOutcome& on_outcome,
                           const OnProgress& on_progress, const std::stop_token& stop) {
  Crew crew(engine_, profiles_, clock_, options, on_outcome, on_progress);
  std::unique_ptr<DatagramPort> own;
  DatagramPort* port = sweep_port_;
  if (port == nullptr) {
    auto opened = open_batched_port();
    if (!opened) opened = open_plain_port();
    if (!opened) {
      for (const IpAddress& target : targets) {
        Outcome outcome;
        outcome.peer = {target, options.port};
        outcome.is = Outcome::Is::failed;
        const Reason reason = why_no_socket(opened.error());
        outcome.code = reason.code;
        outcome.reason = reason.text;
        on_outcome(std::move(outcome));
      }
      return crew.progress;
    }
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
      const auto same = std::find(options.credentials.begin(), options.credentials.end(), known.credential);
      std::optional<std::size_t> index;
      if (same != options.credentials.end()) index = static_cast<std::size_t>(same - options.credentials.begin());
      Candidates candidates{std::make_shared<const Candidate>(Candidate{index, known.credential, false})};
      if (known.credential.version == Version::v2c) {
        Credential as_v1 = known.credential;
        as_v1.version = Version::v1;
        candidates.push_back(std::make_shared<const Candidate>(Candidate{index, std::move(as_v1), true}));
        if (known.tolerance.v1_only) std::swap(candidates[0], candidates[1]);
      }
      visit.read_known(std::move(candidates), kind, known);
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
