// Which rung the next try stands on: HTTP/2 wherever it gets through, HTTP/1.1 where only that does. Pure.
//
//   Down     at once, when a try on HTTP/2 shows that something on the way hinders it; not for reasons that HTTP/1.1 would
//            share (name, route, proxy, certificate, a refusal by the cloud).
//   Up       after `first`, doubled each time up to `longest`; a try that fails costs one dial.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace platen::uplink {

enum class Rung { grpc, post };

class Ladder {
 public:
  Ladder(std::chrono::milliseconds first, std::chrono::milliseconds longest)
      : first_(first), longest_(longest), wait_(first) {}

  enum class End {
    served,  // the cloud had welcomed us
    barred,  // HTTP/2 is hindered, or HTTP/1.1 is
    other
  };
  struct Step {
    Rung rung = Rung::grpc;
    bool probe = false;  // HTTP/2 while HTTP/1.1 works
  };
  [[nodiscard]] Step choose(MonotonicTime now) const;
  // To be told how each try ended.
  void ended(Step step, End how, MonotonicTime now);
  void welcomed(Rung rung);
  // When a stream on HTTP/1.1 is to be given up for a try of HTTP/2; max(): never.
  [[nodiscard]] MonotonicTime climb_at() const { return rung_ == Rung::post ? climb_at_ : MonotonicTime::max(); }

 private:
  void step_down(MonotonicTime now);

  const std::chrono::milliseconds first_, longest_;
  std::chrono::milliseconds wait_;
  Rung rung_ = Rung::grpc;
  MonotonicTime climb_at_ = MonotonicTime::max();
  int failures_ = 0;  // on HTTP/1.1, in a row
  bool post_has_worked_ = false;
};

}  // namespace platen::uplink
