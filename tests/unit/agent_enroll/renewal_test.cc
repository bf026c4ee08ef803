#include "agent/enroll/renewal.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace platen::activation;
using namespace std::chrono_literals;

TEST_CASE("a certificate is renewed between two thirds and three quarters of its life") {
  const WallTime from = from_rfc3339("2026-11-21T00:00:00Z").value();
  using std::chrono::days;
  CHECK(renew_at(from, from + days(30), 0) == from + days(20));
  CHECK(renew_at(from, from + days(24), 1) == from + days(18));
  CHECK(renew_at(from, from + 12s, 0) == from + 8s);
}

TEST_CASE("tries that failed come slowly, and never at once") {
  using std::chrono::milliseconds;
  struct Row {
    const char* name;
    milliseconds life;
    unsigned failures;
    bool for_good;
    milliseconds least, most;
  };
  const Row rows[] = {
      {"the first of a month", 720h, 1, false, 30s, 1min},  {"the third", 720h, 3, false, 2min, 4min},
      {"after a day of failures", 720h, 30, false, 3h, 6h}, {"of a minute", 60s, 1, false, 500ms, 1s},
      {"of a minute, again", 60s, 9, false, 2500ms, 5s},    {"the cloud said no", 720h, 1, true, 5h, 6h},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(retry_in(row.life, row.failures, row.for_good, row.for_good ? 1 : 0) == row.least);
    CHECK(retry_in(row.life, row.failures, row.for_good, row.for_good ? 0 : 1) == row.most);
  }
}
