#include "agent/tasks/audit.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace std::chrono_literals;

TEST_CASE("an allowance gives so many at once, then one each pause, and saves up no more than that") {
  tasks::Allowance allowance(3, 10s);
  MonotonicTime now(100s);
  const auto taken = [&] {
    int count = 0;
    while (allowance.take(now)) ++count;
    return count;
  };
  CHECK(taken() == 3);
  now += 9s;
  CHECK(taken() == 0);
  now += 1s;
  CHECK(taken() == 1);
  now += 25s;
  CHECK(taken() == 2);
  now += 1h;
  CHECK(taken() == 3);
}

TEST_CASE("everything is counted by its reason") {
  tasks::Audit audit;
  for (int i = 0; i < 1'000; ++i) audit.refused("bad-signature", "", "", MonotonicTime(1s));
  audit.refused("expired", "", "", MonotonicTime(1s));
  CHECK(audit.counts().at("bad-signature") == 1'000);
  CHECK(audit.counts().at("expired") == 1);
  CHECK(audit.total() == 1'001);
}
