// Those at both ends of a channel, for tests: they keep what they are told, and wait for it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "transport/command/channel.h"
#include "transport/egress/door.h"

namespace platen::channel {

class Notebook {
 public:
  void note(const std::function<void()>& what) {
    const std::lock_guard guard(mutex_);
    what();
    changed_.notify_all();
  }
  bool wait(const std::function<bool()>& holds, std::chrono::seconds patience = std::chrono::seconds(30)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, holds);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

struct Agent final : Taker, Notebook {
  void offer(std::string octets) override {
    note([&] { offered.push_back(std::move(octets)); });
    if (on_offer) on_offer();
  }
  void look_now() override {
    note([&] { ++looks; });
  }
  bool has(std::size_t count) {
    return wait([&] { return offered.size() >= count; });
  }
  std::vector<std::string> offered;
  int looks = 0;
  std::function<void()> on_offer;
};

inline std::shared_ptr<const egress::Door> local_door() {
  return std::make_shared<const egress::Door>(egress::Settings{.routes = {}, .allowed = {"localhost", "127.0.0.1"}});
}

// Runs a channel on a thread of its own, and keeps what it says about itself.
template <class Channel>
class Running : public Notebook {
 public:
  explicit Running(std::unique_ptr<Channel> channel) : channel_(std::move(channel)) {
    channel_->on_change([this](const State& state) {
      note([&] {
        states.push_back(state);
        connected_ = state.connected;
      });
    });
    thread_ = std::jthread([this](const std::stop_token& stop) { channel_->run(stop); });
  }
  bool connects() {
    if (wait([&] { return connected_; })) return true;
    MESSAGE(channel_->state().last_error);
    return false;
  }
  bool loses() {
    return wait([&] { return !connected_ && !states.empty(); });
  }
  bool said(std::string_view words) const {  // within wait()
    return std::any_of(states.begin(), states.end(),
                       [&](const State& each) { return each.last_error.find(words) != std::string::npos; });
  }
  Channel* operator->() { return channel_.get(); }
  void stop() { thread_ = {}; }
  std::vector<State> states;

 private:
  std::unique_ptr<Channel> channel_;
  bool connected_ = false;
  std::jthread thread_;
};

}  // namespace platen::channel
