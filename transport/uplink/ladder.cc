#include "transport/uplink/ladder.h"

#include <algorithm>

namespace platen::uplink {
namespace {

constexpr int most_failures = 2;

}  // namespace

Ladder::Step Ladder::choose(MonotonicTime now) const {
  if (rung_ == Rung::grpc) return {Rung::grpc, false};
  return now >= climb_at_ ? Step{Rung::grpc, post_has_worked_} : Step{Rung::post, false};
}

void Ladder::step_down(MonotonicTime now) {
  rung_ = Rung::post;
  failures_ = 0;
  climb_at_ = now + wait_;
  wait_ = std::min(wait_ * 2, longest_);
}

void Ladder::welcomed(Rung rung) {
  failures_ = 0;
  if (rung == Rung::post) {
    post_has_worked_ = true;
  } else {
    rung_ = Rung::grpc;
    wait_ = first_;
    post_has_worked_ = false;
  }
}

void Ladder::ended(Step step, End how, MonotonicTime now) {
  if (how == End::served) return;
  if (step.rung == Rung::grpc) {
    if (how == End::barred || step.probe) step_down(now);
    return;
  }
  if (++failures_ < most_failures) return;
  rung_ = Rung::grpc;  // HTTP/1.1 does not get through either: HTTP/2 is no worse
  post_has_worked_ = false;
}

}  // namespace platen::uplink
