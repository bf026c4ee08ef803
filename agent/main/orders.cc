#include "agent/main/orders.h"

#include <utility>

namespace platen::agent {

// Numbers mean something within their epoch only: when that ended in between, nobody can say which one it is.
Expected<tasks::Place> LedgerJournal::append(std::string_view kind, const std::string& octets) {
  const std::string before = ledger_.position().epoch;
  const ledger::Draft draft{.kind = std::string(kind), .octets = octets};
  const auto seq = ledger_.append(std::span(&draft, 1));
  if (!seq) return fail(seq.error());
  if (ledger_.position().epoch != before) return fail(Code::conflict, "the ledger has begun a new epoch");
  return tasks::Place{before, *seq};
}

tasks::Place LedgerJournal::acknowledged() {
  const ledger::Position position = ledger_.position();
  return {position.epoch, position.acknowledged};
}

std::shared_ptr<tasks::Desk> Orders::desk() const {
  const std::lock_guard hold(mutex_);
  return desk_;
}

void Orders::give(std::shared_ptr<tasks::Desk> desk) {
  const std::lock_guard hold(mutex_);
  desk_ = std::move(desk);
  if (desk_ && cloud_) desk_->heard(*cloud_);
}

tasks::Desk::Offered Orders::offer(std::string_view signed_task) {
  const auto to = desk();
  return to ? to->offer(signed_task) : tasks::Desk::Offered{tasks::Desk::Said::later};
}

void Orders::look_now() {
  if (const auto to = desk()) to->look_now();
}

std::vector<std::string> Orders::have() {
  const auto to = desk();
  return to ? to->have() : std::vector<std::string>();
}

bool Orders::wants_list() {
  const auto to = desk();
  return to && to->wants_list();
}

void Orders::heard(const CloudTime& cloud) {
  {
    const std::lock_guard hold(mutex_);
    cloud_ = cloud;
  }
  if (const auto to = desk()) to->heard(cloud);
}

void Orders::take_list(const std::vector<std::string>& signed_tasks) {
  if (const auto to = desk()) to->take_list(signed_tasks);
}

std::optional<wire::TaskState> Orders::next_state() {
  const auto to = desk();
  return to ? to->next_state() : std::nullopt;
}

}  // namespace platen::agent
