#include "snmp/discover/visit.h"

#include <algorithm>

#include "snmp/discover/pace.h"
#include "snmp/printer/decode.h"

namespace platen::snmp {
namespace {

// What one device is given at first; a read plan makes its own further tries, smaller ones.
Patience at_most_two_tries(const Patience& patience) { return {patience.timeout, std::min(patience.retries, 1)}; }

}  // namespace

bool Visit::tried(const Candidate& candidate) const {
  return std::any_of(candidates_.begin(), candidates_.end(),
                     [&](const auto& other) { return other.get() == &candidate; });
}

void Visit::open_with(const Candidates& candidates) {
  at_ = candidates_.size();
  candidates_.insert(candidates_.end(), candidates.begin(), candidates.end());
  stage_ = Stage::opening;
  next_candidate();
}

void Visit::next_candidate() {
  heard_ = false;
  if (at_ == candidates_.size()) return house_->on_end(*this, nullptr);
  plan_ = first_rows(candidates_[at_]->credential.version, tolerance_, gate_names());
  ask();
}

void Visit::read_known(Candidates candidates, Reading::Kind kind, const Scanner::Known& known) {
  candidates_ = std::move(candidates);
  at_ = 0;
  known_ = &known;
  kind_ = kind;
  tolerance_ = known.tolerance;
  stage_ = Stage::read;
  start_known();
}

void Visit::start_known() {
  const Version version = candidates_[at_]->credential.version;
  if (kind_ == Reading::Kind::status) {
    plan_ = status_read(version, tolerance_, known_->rows);
  } else if (known_->rows.empty() || reread_) {
    plan_ = full_read(version, tolerance_, house_->profiles, peer_.address);
  } else {
    plan_ = learned_read(version, tolerance_, house_->profiles, known_->rows, depth_for(known_->rows, known_->age),
                         peer_.address);
  }
  ask();
}

Patience Visit::patience() const {
  Patience patience = at_most_two_tries(house_->patience);
  if (slowest_.count() > 0) {
    const auto usual = std::chrono::duration_cast<std::chrono::milliseconds>(slowest_ * 8);
    patience.timeout = std::min(patience.timeout, std::max(kPace.floor, usual));
  }
  return patience;
}

void Visit::ask() {
  auto question = plan_->next();
  if (!question) return plan_done();
  // The candidate travels with the callback: the engine wants the credential as long as the ask.
  auto candidate = candidates_[at_];
  const Credential& credential = candidate->credential;
  house_->engine.ask(peer_, credential, std::move(*question), patience(),
                     [self = shared_from_this(), candidate = std::move(candidate)](const Answer& answer) {
                       if (!self->closed_) self->take(answer);
                     });
}

void Visit::take(const Answer& answer) {
  last_ = answer.is;
  if (answer.is == Answer::Is::response) {
    slowest_ = std::max(slowest_, answer.round_trip);
    if (!read_at_ && stage_ == Stage::read) read_at_ = house_->clock.wall();
    if (stage_ == Stage::opening) {
      stage_ = Stage::gate;
      house_->on_opened(*this);
    }
    heard_ = true;
  } else {
    last_text_ = answer.text;
    if (stage_ == Stage::opening &&
        (candidates_[at_]->credential.version == Version::v3 || answer.is == Answer::Is::unreachable)) {
      refusal_ =
          answer.is == Answer::Is::unreachable ? why_unreachable() : why_refused(candidates_[at_]->credential, answer);
      ++at_;
      return next_candidate();
    }
  }
  plan_->take(answer);
  ask();
}

void Visit::plan_done() {
  switch (stage_) {
    case Stage::opening:  // a community that answered the sweep and nothing since
      refusal_ = why_refused(candidates_[at_]->credential, Answer{});
      ++at_;
      return next_candidate();
    case Stage::gate: return gate_done();
    case Stage::read: return read_done(false);
  }
}

void Visit::gate_done() {
  first_rows_ = plan_->rows();
  const Gate found = gate(first_rows_);
  if (!found.is_printer && (plan_->complete() || found.proven)) {
    Outcome outcome = outcome_of(Outcome::Is::not_a_printer, why_not_a_printer(found));
    outcome.rows = std::move(first_rows_);
    return end(std::move(outcome));
  }
  start_read(true);
}

void Visit::start_read(bool bulk) {
  stage_ = Stage::read;
  tolerance_.bulk = tolerance_.bulk && bulk;
  plan_ = full_read(candidates_[at_]->credential.version, tolerance_, house_->profiles, peer_.address);
  ask();
}

bool Visit::restarted() const {
  return std::find(plan_->flags().begin(), plan_->flags().end(), kRestarted) != plan_->flags().end();
}

// Once a visit; a device that goes on restarting keeps the flag and an incomplete reading.
void Visit::read_again() {
  reread_ = true;
  read_at_.reset();
  if (known_ != nullptr) return start_known();
  start_read(true);
}

// Some agents give other texts by GETBULK than by GETNEXT; then GETNEXT is believed.
bool Visit::bulk_lies(const VarBinds& rows) const {
  if (compared_ || !plan_->tolerance().bulk || candidates_[at_]->credential.version == Version::v1) return false;
  static const Oid console{1, 3, 6, 1, 2, 1, 43, 16};
  return std::any_of(first_rows_.begin(), first_rows_.end(), [&](const VarBind& first) {
    if (first.value.bytes() == nullptr || first.name.starts_with(console)) return false;
    const auto same = std::lower_bound(rows.begin(), rows.end(), first.name,
                                       [](const VarBind& row, const Oid& name) { return row.name < name; });
    return same != rows.end() && same->name == first.name && same->value != first.value;
  });
}

void Visit::read_done(bool timed_out) {
  if (!timed_out && !reread_ && restarted()) return read_again();
  const VarBinds& rows = plan_->rows();
  if (!timed_out && kind_ == Reading::Kind::full && bulk_lies(rows)) {
    compared_ = true;
    flags_.emplace_back("getbulk-differs");
    return start_read(false);
  }
  const bool usable = kind_ == Reading::Kind::full ? gate(rows).is_printer : !rows.empty();
  if (!usable && !timed_out && known_ != nullptr && !heard_ && at_ + 1 < candidates_.size()) {
    ++at_;
    return start_known();
  }
  if (!usable) {
    Answer last;
    last.is = last_;
    last.text = last_text_;
    const bool complete = plan_->complete() && !timed_out;
    Outcome outcome = complete && kind_ == Reading::Kind::full
                          ? outcome_of(Outcome::Is::not_a_printer, why_not_a_printer(gate(rows)))
                          : outcome_of(Outcome::Is::failed, why_failed(last, timed_out));
    outcome.rows = plan_->take_rows();
    return end(std::move(outcome));
  }
  Outcome outcome = outcome_of(Outcome::Is::printer, {});
  const WallTime at = read_at_.value_or(house_->clock.wall());
  outcome.reading = decode(rows, peer_.address, at, kind_, house_->profiles);
  outcome.reading->complete = outcome.reading->complete && plan_->complete();
  auto& flags = outcome.reading->flags;
  flags.insert(flags.end(), flags_.begin(), flags_.end());
  flags.insert(flags.end(), plan_->flags().begin(), plan_->flags().end());
  if (timed_out) flags.emplace_back("too-slow");
  outcome.tolerance = plan_->complete() ? plan_->tolerance() : tolerance_;
  outcome.tolerance.v1_only = candidates_[at_]->fallback;
  outcome.whole = plan_->whole() && kind_ == Reading::Kind::full;
  outcome.rows = plan_->take_rows();
  end(std::move(outcome));
}

void Visit::expire() {
  if (closed_) return;
  if (stage_ == Stage::read) return read_done(true);
  Answer last;
  last.is = last_;
  end(outcome_of(Outcome::Is::failed, why_failed(last, true)));
}

Outcome Visit::outcome_of(Outcome::Is is, Reason reason) const {
  Outcome outcome;
  outcome.peer = peer_;
  outcome.is = is;
  outcome.code = reason.code;
  outcome.reason = std::move(reason.text);
  if (at_ < candidates_.size() && (known_ != nullptr || heard_)) {
    outcome.credential = candidates_[at_]->index;
    outcome.version = candidates_[at_]->credential.version;
  }
  outcome.tolerance = tolerance_;
  return outcome;
}

void Visit::end(Outcome outcome) {
  closed_ = true;
  house_->on_end(*this, std::make_unique<Outcome>(std::move(outcome)));
}

}  // namespace platen::snmp
