#include "transport/uplink/ladder.h"

#include <doctest/doctest.h>

#include <vector>

using namespace platen;
using namespace platen::uplink;
using namespace std::chrono_literals;

namespace {

using End = Ladder::End;

// What happened, and on which rung the next try stands after it.
struct Try {
  std::chrono::milliseconds after;  // the try before
  bool welcomed;
  End how;
  Rung next;
};

void play(const char* name, const std::vector<Try>& tries) {
  Ladder ladder(1min, 4min);
  MonotonicTime now{};
  for (std::size_t i = 0; i < tries.size(); ++i) {
    CAPTURE(name);
    CAPTURE(i);
    const Try& one = tries[i];
    const Ladder::Step step = ladder.choose(now);
    if (one.welcomed) ladder.welcomed(step.rung);
    ladder.ended(step, one.how, now);
    now += one.after;
    CHECK(ladder.choose(now).rung == one.next);
  }
}

}  // namespace

TEST_CASE("down where HTTP/2 is hindered, and only there; up again by and by") {
  play("what HTTP/1.1 would not better stays on HTTP/2",
       {{1s, false, End::other, Rung::grpc}, {1s, false, End::other, Rung::grpc}});
  play("a stream that had worked is dialled again", {{1s, true, End::served, Rung::grpc}});
  play("hindered, then HTTP/1.1 works; a probe a minute later, the next after two, four, four",
       {{1s, false, End::barred, Rung::post},
        {50s, true, End::served, Rung::post},
        {10s, true, End::served, Rung::grpc},
        {1s, false, End::barred, Rung::post},
        {118s, true, End::served, Rung::post},
        {1s, true, End::served, Rung::grpc},
        {239s, false, End::other, Rung::post},
        {1s, true, End::served, Rung::grpc},
        {239s, false, End::barred, Rung::post},
        {1s, true, End::served, Rung::grpc}});
  play("a probe that succeeds stays, and the waits begin anew", {{1s, false, End::barred, Rung::post},
                                                                 {60s, true, End::served, Rung::grpc},
                                                                 {1h, true, End::served, Rung::grpc},
                                                                 {59s, false, End::barred, Rung::post},
                                                                 {1s, true, End::served, Rung::grpc}});
  play("HTTP/1.1 does not get through either", {{1s, false, End::barred, Rung::post},
                                                {1s, false, End::barred, Rung::post},
                                                {1s, false, End::other, Rung::grpc},
                                                {1s, false, End::barred, Rung::post}});
}

TEST_CASE("a probe is one only while HTTP/1.1 works; a stream on HTTP/1.1 knows when to give way") {
  Ladder ladder(1min, 4min);
  CHECK(ladder.climb_at() == MonotonicTime::max());
  ladder.ended(ladder.choose({}), End::barred, {});
  CHECK(ladder.climb_at() == MonotonicTime{} + 1min);
  CHECK_FALSE(ladder.choose(MonotonicTime{} + 1min).probe);
  ladder.welcomed(Rung::post);
  CHECK(ladder.choose(MonotonicTime{} + 1min).probe);
  CHECK_FALSE(ladder.choose(MonotonicTime{} + 59s).probe);
  ladder.welcomed(Rung::grpc);
  CHECK(ladder.climb_at() == MonotonicTime::max());
}
