// A few threads that do jobs in the order they come. Whoever hands a job in has at most one waiting, which bounds the
// queue.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace platen::cloud {

class Workers {
 public:
  explicit Workers(unsigned count);
  ~Workers();  // does what waits, then ends
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  void hand_in(std::function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable condition_;
  std::deque<std::function<void()>> jobs_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace platen::cloud
