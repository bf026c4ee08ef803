// A job on a thread of its own, for what blocks: it sends and waits without keeping the printers waiting.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "agent/tasks/desk.h"

namespace platen::agent {

class Errand final : public tasks::Job {
 public:
  using Tell = std::function<void(tasks::Progress)>;
  // `work` comes back soon after `stop`; `wake` is called when it is over, on its thread.
  using Work = std::function<tasks::Ending(const std::stop_token& stop, const Tell& tell)>;
  Errand(Work work, std::function<void()> wake);
  std::optional<tasks::Ending> step(bool between) override;
  [[nodiscard]] tasks::Progress progress() const override;
  void cancel() override { thread_.request_stop(); }

 private:
  mutable std::mutex mutex_;
  std::optional<tasks::Ending> ending_;
  tasks::Progress progress_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace platen::agent
