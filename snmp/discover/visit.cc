#include "snmp/discover/visit.h"

#include <algorithm>

#include "base/text.h"
#include "snmp/engine/pace.h"
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
  if (candidates_.empty()) return end(outcome_of(Outcome::Is::no_access, why_no_credential()));
  start_known();
}

void Visit::start_known() {
  const Version version = candidates_[at_]->credential.version;
  if (kind_ == Reading::Kind::status) {
    plan_ = status_read(version, tolerance_, known_->rows);
  } else if (known_->rows.empty()) {
    plan_ = full_read(version, tolerance_, house_->profiles, peer_.address);
  } else {
    const Depth depth = reread_ ? Depth::restarted : depth_for(known_->rows, known_->age);
    plan_ = learned_read(version, tolerance_, house_->profiles, known_->rows, depth, peer_.address);
  }
  ask();
}

Patience Visit::patience() const {
  Patience patience = at_most_two_tries(house_->patience);
  // A login that meets silence waits behind the others for its second try: it never delays the next.
  if (stage_ == Stage::opening && is_user() && !is_second_try()) patience.retries = 0;
  if (slowest_.count() > 0) patience.timeout = std::min(patience.timeout, kPace.wait_after(slowest_));
  return patience;
}

void Visit::ask() {
  auto question = plan_->next();
  if (!question) return plan_done();
  send(std::move(*question), patience());
}

void Visit::send(Ask question, const Patience& patience) {
  // The candidate travels with the callback: the engine wants the credential as long as the ask.
  auto candidate = candidates_[at_];
  const Credential& credential = candidate->credential;
  house_->engine.ask(peer_, credential, std::move(question), patience,
                     [self = shared_from_this(), candidate = std::move(candidate)](const Answer& answer) {
                       if (!self->closed_) self->take(answer);
                     });
}

bool Visit::is_user() const { return candidates_[at_]->credential.version == Version::v3; }

bool Visit::is_second_try() const {
  return std::find(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(at_), candidates_[at_]) !=
         candidates_.begin() + static_cast<std::ptrdiff_t>(at_);
}

// True when the turn has gone to another candidate.
bool Visit::refused(const Answer& answer) {
  const bool unreachable = answer.is == Answer::Is::unreachable;
  if (stage_ == Stage::opening && (is_user() || unreachable)) {
    refusal_ = unreachable ? why_unreachable() : why_refused(candidates_[at_]->credential, answer);
    if (answer.is == Answer::Is::timeout && !is_second_try()) candidates_.push_back(candidates_[at_]);
    ++at_;
    next_candidate();
    return true;
  }
  if (stage_ != Stage::read || known_ == nullptr || heard_ || unanswered_ || unreachable) return false;
  if (answer.is == Answer::Is::report) refusal_ = why_refused(candidates_[at_]->credential, answer);
  unanswered_ = answer;
  at_ = answer.is == Answer::Is::report ? 1 : 0;
  stage_ = Stage::proving;
  prove();
  return true;
}

void Visit::prove() {
  static const Oid sys_up_time{1, 3, 6, 1, 2, 1, 1, 3, 0};
  if (at_ < candidates_.size()) return send({PduType::get, {sys_up_time}, 0, 0}, {house_->patience.timeout, 0});
  at_ = 0;
  stage_ = Stage::read;
  read_done(false);
}

void Visit::take_proof(const Answer& answer) {
  if (answer.is != Answer::Is::response) {
    if (answer.is == Answer::Is::report) refusal_ = why_refused(candidates_[at_]->credential, answer);
    ++at_;
    return prove();
  }
  stage_ = Stage::read;
  heard_ = true;
  if (at_ > 0 || unanswered_->is == Answer::Is::report) return start_known();
  plan_->take(*unanswered_);  // not the credential: the question was too large for it
  ask();
}

void Visit::take(const Answer& answer) {
  last_ = answer.is;
  if (answer.is == Answer::Is::response) {
    ++answers_;
    if (!answer.engine_id.empty()) engine_id_ = answer.engine_id;
  }
  if (answer.is == Answer::Is::response || answer.is == Answer::Is::report)
    slowest_ = std::max(slowest_, answer.round_trip);
  if (stage_ == Stage::proving) return take_proof(answer);
  const bool opens = answer.error_status != kAuthorizationError || !is_user() || stage_ != Stage::opening;
  if (answer.is == Answer::Is::response && opens) {
    if (!read_at_ && stage_ == Stage::read) read_at_ = house_->clock.wall();
    if (stage_ == Stage::opening) {
      stage_ = Stage::gate;
      house_->on_opened(*this);
    }
    heard_ = true;
  } else {
    last_text_ = answer.text;
    if (refused(answer)) return;
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
    case Stage::proving: return;
    case Stage::read: return read_done(false);
  }
}

void Visit::gate_done() {
  first_rows_ = plan_->rows();
  const Gate found = gate(first_rows_);
  if (!found.is_printer && !found.reads_on && (plan_->complete() || found.proven)) {
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
  if (!usable) {
    Answer last;
    last.is = last_;
    last.text = last_text_;
    const bool complete = plan_->complete() && !timed_out;
    Outcome outcome =
        complete && kind_ == Reading::Kind::full
            ? outcome_of(Outcome::Is::not_a_printer, why_not_a_printer(gate(rows)))
            : outcome_of(Outcome::Is::failed, refusal_ && !heard_ ? *refusal_ : why_failed(last, timed_out, answers_));
    outcome.rows = plan_->take_rows();
    return end(std::move(outcome));
  }
  Outcome outcome = outcome_of(Outcome::Is::printer, {});
  const WallTime at = read_at_.value_or(house_->clock.wall());
  outcome.reading = decode(rows, peer_.address, at, kind_, house_->profiles);
  constexpr std::size_t shortest = 5, longest = 32;  // RFC 3411 §5
  if (engine_id_.size() >= shortest && engine_id_.size() <= longest)
    outcome.reading->identity.engine_id = to_hex(engine_id_);
  outcome.reading->complete = outcome.reading->complete && plan_->complete();
  auto& flags = outcome.reading->flags;
  flags.insert(flags.end(), flags_.begin(), flags_.end());
  flags.insert(flags.end(), plan_->flags().begin(), plan_->flags().end());
  if (timed_out) flags.emplace_back("too-slow");
  outcome.tolerance = plan_->tolerance();
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
  end(outcome_of(Outcome::Is::failed, why_failed(last, true, answers_)));
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
