#include "transport/uplink/backoff.h"

#include <doctest/doctest.h>

using platen::uplink::backoff;
using namespace std::chrono_literals;

TEST_CASE("the bound doubles with each failure up to the longest; jitter takes any part of it") {
  struct Row {
    std::chrono::milliseconds first, longest;
    unsigned failures;
    double chance;
    std::chrono::milliseconds wait;
  };
  const Row rows[] = {
      {1s, 120s, 0, 0.0, 0ms},         {1s, 120s, 0, 0.5, 500ms},
      {1s, 120s, 1, 0.5, 1s},          {1s, 120s, 6, 0.5, 32s},
      {1s, 120s, 7, 0.5, 60s},         {1s, 120s, 4'000'000'000, 0.5, 60s},
      {10s, 5s, 3, 0.5, 2500ms},       {0ms, 5s, 9, 0.9, 0ms},
      {1s, 120s, 20, 0.999, 119880ms}, {1ms, std::chrono::milliseconds::max(), 70, 0.0, 0ms},
  };
  for (const Row& row : rows) {
    CAPTURE(row.failures);
    CHECK(backoff(row.first, row.longest, row.failures, row.chance) == row.wait);
  }
}
