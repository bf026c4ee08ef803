#include "cloud/ingest/workers.h"

#include <utility>

namespace platen::cloud {

Workers::Workers(unsigned count) {
  for (; count > 0; --count) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  {
    const std::lock_guard guard(mutex_);
    over_ = true;
  }
  condition_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::hand_in(std::function<void()> job) {
  {
    const std::lock_guard guard(mutex_);
    jobs_.push_back(std::move(job));
  }
  condition_.notify_one();
}

void Workers::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [&] { return over_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
  }
}

}  // namespace platen::cloud
