// A fleet that lost its broker comes back slowly enough, whatever the outage.
#include "transport/command/pause.h"

#include <doctest/doctest.h>

#include "tests/unit/transport_command/herd.h"

using namespace platen::channel;

TEST_CASE("at most 2 % of a fleet come back within a second") {
  for (const int outage : {0, 1, 30, 60, 100, 119, 121, 180, 600, 3'600}) {
    for (const unsigned seed : {1U, 2U, 3U}) {
      CAPTURE(outage);
      CHECK(busiest_second(5'000, std::chrono::seconds(outage), seed) <= 100);
    }
  }
}

TEST_CASE("the bounds of a wait") {
  using std::chrono::seconds;
  CHECK(pause_before(seconds(120), seconds(180), 0, 0) == seconds(0));
  CHECK(pause_before(seconds(120), seconds(180), 0, 0.5) == seconds(60));
  CHECK(pause_before(seconds(120), seconds(180), 1, 0) == seconds(60));
  CHECK(pause_before(seconds(120), seconds(180), 90, 0.5) == seconds(120));
  CHECK(pause_before(seconds(1), seconds(5), 3, 0) == seconds(0));  // never negative
  CHECK(pause_before(seconds(5), seconds(2), 3, 0.5) == seconds(2));
}
