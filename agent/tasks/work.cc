// The desk's other half: what waits becomes a claim, a claim a job, a job a result in the ledger.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/tasks/desk.h"
#include "base/log.h"

namespace platen::tasks {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t sent_at_once = 16;
constexpr std::chrono::milliseconds told_at_most_every = 1s, pruned_every = 1h;

}  // namespace

void Desk::tick(bool between) {
  std::unique_lock hold(mutex_);
  try {
    trouble_.clear();
    send_results();
    const auto at = now();
    if (at) {
      settle(*at);
      watch_epoch(*at);
      drop_expired(*at);
      if (!running_) claim_next(*at);
      if (running_ && !running_->job) begin(*at);
    }
    if (running_ && running_->job) run(hold, between);
    send_results();
  } catch (const sqlite::Fault& fault) {
    const std::string why = to_error(fault, "the book of tasks").text;
    if (std::exchange(trouble_, why) != why) log::error("tasks.trouble", {{"why", why}});
  }
}

// Another epoch: nobody can say what was begun in the one before.
void Desk::watch_epoch(WallTime now) {
  const std::string epoch = journal_.acknowledged().epoch;
  if (epoch.empty() || epoch == book_->epoch()) return;
  if (!book_->epoch().empty()) {
    log::warn("tasks.memory-ends", {{"why", "the ledger goes on in another epoch"}, {"epoch", epoch}});
    book_->mistrust();
    book_->settle(now + future_tolerance);
  }
  book_->go_with(epoch);
}

void Desk::send_results() {
  while (!answers_.empty()) {
    if (!journal_.append(wire::task_result_kind, wire::encode_task_result(answers_.front()))) return;
    answers_.pop_front();
  }
  for (const wire::TaskResult& result : book_->unsent(sent_at_once)) {
    const auto kept = journal_.append(wire::task_result_kind, wire::encode_task_result(result));
    if (!kept) {
      trouble_ = kept.error().text;
      return;
    }
    book_->sent(result.task_id);
    states_.erase(result.task_id);
  }
}

void Desk::drop_expired(WallTime now) {
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    std::erase_if(each->names, [&](const Book::Name& name) {
      if (now < name.not_after) return false;
      end_now(name, Outcome::expired, "its turn did not come before its end", now);
      return true;
    });
    each = each->names.empty() ? waiting_.erase(each) : std::next(each);
  }
  if (pruned_ && clock_.monotonic() - *pruned_ < pruned_every) return;
  pruned_ = clock_.monotonic();
  book_->prune(now);
}

// Says in the ledger that it begins. What comes of that is seen in begin().
void Desk::claim_next(WallTime now) {
  const auto next =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) { return each.task.not_before <= now; });
  if (next == waiting_.end()) return;
  const auto claim = journal_.append(
      wire::task_begun_kind,
      wire::encode_task_state({.task_id = next->names.front().task_id, .stage = wire::TaskState::Stage::running}));
  if (!claim) {
    trouble_ = claim.error().text;
    return;
  }
  Running running;
  running.what = std::move(*next);
  running.claim = *claim;
  running.began = now;
  running_ = std::move(running);
  waiting_.erase(next);
}

// Once the cloud has acknowledged the claim. Everything that could have changed meanwhile is asked again.
void Desk::begin(WallTime now) {
  Waiting& what = running_->what;
  const Place acknowledged = journal_.acknowledged();
  if (running_->cancel) return running_.reset();
  std::erase_if(what.names, [&](const Book::Name& name) {
    const bool forgotten = what.task.issued < *book_->remembers_since(), late = now >= name.not_after;
    if (forgotten)
      end_now(name, Outcome::refused, "the memory of tasks ended before it was begun; issue it again", now);
    else if (late)
      end_now(name, Outcome::expired, "its turn did not come before its end", now);
    return forgotten || late;
  });
  if (what.names.empty()) return running_.reset();
  if (acknowledged.epoch.empty()) return;
  if (acknowledged.epoch != running_->claim.epoch) return running_.reset();  // it is taken from the list again
  if (acknowledged.seq < running_->claim.seq) return;
  const Policy policy = read_policy(setup_.policy_file);
  if (policy.forbids(kind_of(what.task.order))) {
    for (const Book::Name& name : what.names)
      end_now(name, Outcome::forbidden, "the site's policy forbids it: " + policy.file, now);
    return running_.reset();
  }
  book_->begin(what.names, now);
  running_->began = now;
  log::info("task.begin",
            {{"task", what.task.id}, {"kind", kind_of(what.task.order)}, {"asked_by", what.names.size()}});
  for (const Book::Name& name : what.names) tell({.task_id = name.task_id, .stage = wire::TaskState::Stage::running});
  running_->job = hands_.begin(what.task);
}

void Desk::run(std::unique_lock<std::mutex>& hold, bool between) {
  Job& job = *running_->job;
  const bool cancel = running_->cancel;
  hold.unlock();
  if (cancel) job.cancel();
  const auto ending = job.step(between);
  const Progress progress = job.progress();
  hold.lock();
  if (ending) return end(*ending, now().value_or(running_->began));
  if (progress == running_->told || clock_.monotonic() - running_->told_at < told_at_most_every) return;
  running_->told = progress;
  running_->told_at = clock_.monotonic();
  for (const Book::Name& name : running_->what.names)
    tell({.task_id = name.task_id,
          .stage = wire::TaskState::Stage::running,
          .done = progress.done,
          .of = progress.of,
          .text = progress.text});
}

void Desk::end(const Ending& ending, WallTime now) {
  const Running over = std::move(*running_);
  running_.reset();
  for (const Book::Name& name : over.what.names) {
    book_->finish(name, {.task_id = name.task_id,
                         .outcome = ending.outcome,
                         .text = ending.text.substr(0, wire::most_task_text),
                         .began = over.began,
                         .ended = now,
                         .output = ending.output.substr(0, wire::most_task_output)});
    log::info("task.over", {{"task", name.task_id},
                            {"kind", name.kind},
                            {"outcome", wire::name_of(ending.outcome)},
                            {"text", ending.text}});
  }
}

}  // namespace platen::tasks
