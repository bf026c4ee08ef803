#include "agent/tasks/audit.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace platen::tasks {

bool Allowance::take(MonotonicTime now) {
  if (left_ == most_) filled_ = now;
  const auto earned = static_cast<std::uint64_t>((now - filled_) / pause_);
  if (earned > 0) {
    left_ = static_cast<unsigned>(std::min<std::uint64_t>(most_, left_ + earned));
    filled_ = now;
  }
  if (left_ == 0) return false;
  --left_;
  return true;
}

void Audit::refused(std::string_view why, std::string_view text, std::string_view task_id, MonotonicTime now) {
  ++counts_[std::string(why)];
  if (!lines_.take(now)) {
    ++unlogged_;
    return;
  }
  log::warn("task.refused",
            {{"why", why}, {"text", text}, {"task", task_id}, {"unlogged", std::exchange(unlogged_, 0)}});
}

std::uint64_t Audit::total() const {
  std::uint64_t sum = 0;
  for (const auto& [why, count] : counts_) sum += count;
  return sum;
}

}  // namespace platen::tasks
