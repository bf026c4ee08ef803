#include "agent/main/errand.h"

#include <utility>

namespace platen::agent {

Errand::Errand(Work work, std::function<void()> wake)
    : thread_([this, work = std::move(work), wake = std::move(wake)](const std::stop_token& stop) {
        tasks::Ending ending = work(stop, [this](tasks::Progress progress) {
          const std::lock_guard hold(mutex_);
          progress_ = std::move(progress);
        });
        if (stop.stop_requested()) ending = {tasks::Outcome::cancelled};
        {
          const std::lock_guard hold(mutex_);
          ending_ = std::move(ending);
        }
        wake();
      }) {}

std::optional<tasks::Ending> Errand::step(bool) {
  const std::lock_guard hold(mutex_);
  return ending_;
}

tasks::Progress Errand::progress() const {
  const std::lock_guard hold(mutex_);
  return progress_;
}

}  // namespace platen::agent
