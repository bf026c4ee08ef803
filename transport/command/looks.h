// "Look at the list now", however often it is said: once a second at most.
#pragma once

#include "base/clock.h"
#include "transport/command/channel.h"

namespace platen::channel {

class Looks {
 public:
  explicit Looks(Taker& taker) : taker_(taker) {}
  void ask() { asked_ = true; }
  // When to be called again.
  MonotonicTime tend(MonotonicTime now) {
    if (!asked_) return MonotonicTime::max();
    if (now < next_) return next_;
    asked_ = false;
    next_ = now + std::chrono::seconds(1);
    taker_.look_now();
    return MonotonicTime::max();
  }

 private:
  Taker& taker_;
  bool asked_ = false;
  MonotonicTime next_ = MonotonicTime::min();
};

}  // namespace platen::channel
