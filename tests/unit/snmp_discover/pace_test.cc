// How fast: token buckets, subnets, neighbours, losses.
#include "snmp/engine/pace.h"

#include <doctest/doctest.h>

#include "deaf_port.h"
#include "snmp/discover/on_link.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

std::vector<Question> one_question() {
  const Oid name{1, 3, 6, 1, 2, 1, 1, 2, 0};
  return {{SweepTemplate::get(Credential{}, std::span(&name, 1)).value(), Version::v2c}};
}

constexpr std::uint32_t k10 = 10U << 24U;

void pump(Sweep& sweep, MonotonicTime& now, int milliseconds) {
  for (int ms = 0; ms < milliseconds; ++ms) {
    now += std::chrono::milliseconds(1);
    sweep.pump(now, [](const Sweep::Heard&) {});
  }
}

}  // namespace

TEST_CASE("neighbours: the longest prefix decides") {
  const OnLink on_link({{0, 0, false}, {k10, 8, true}, {k10 | 1U << 16U, 16, false}});
  const auto holds = [&](const char* text) { return on_link.holds(IpAddress::parse(text).value()); };
  CHECK(holds("10.0.0.7"));
  CHECK(holds("10.2.0.7"));
  CHECK_FALSE(holds("10.1.0.7"));
  CHECK_FALSE(holds("192.0.2.7"));
  CHECK_FALSE(holds("127.0.0.1"));
  CHECK_FALSE(holds("2001:db8::7"));
  CHECK_FALSE(OnLink({}).holds(IpAddress::v4(k10)));
}

TEST_CASE("this machine's routes and the size of its neighbour table can be read") {
  const OnLink mine = OnLink::of_this_machine();
  CHECK_FALSE(mine.holds(IpAddress::parse("127.0.0.1").value()));
  CHECK(mine.asks_a_second() > 0);
}

TEST_CASE("the pace in all, to one subnet, and to neighbours of a small and a large table") {
  struct Row {
    const char* name;
    std::uint32_t addresses;
    bool neighbours;
    double table;
    std::size_t least, most;
    std::size_t send_buffer = 8U << 20U;
  };
  const Row rows[] = {
      {"routed, 235 subnets", 60'000, false, 1024, 34'000, 35'400},
      {"one subnet", 256, false, 1024, 256, 256},
      {"neighbours", 60'000, true, 1024, 160, 185},
      {"neighbours, gc_thresh3 4096", 60'000, true, 4096, 660, 700},
      {"neighbours, a small send buffer", 60'000, true, 1024, 65, 85, 212'992},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    DeafPort port;
    port.out_octets = row.send_buffer;
    Traffic traffic;
    const auto targets = addresses(k10, row.addresses);
    MonotonicTime now{std::chrono::hours(1)};
    Sweep sweep(port, traffic, targets, 161, one_question(), {std::chrono::milliseconds(2000), 0},
                OnLink({{k10, 8, row.neighbours}}, row.table), now);
    pump(sweep, now, 1000);
    CHECK(port.total >= row.least);
    CHECK(port.total <= row.most);
    CHECK(sweep.asked() == port.total);
    CHECK_FALSE(sweep.finished(now));
  }
}

TEST_CASE("one subnet never gets more than its budget, and the use of each is counted") {
  DeafPort port;
  Traffic traffic;
  traffic.allow(100);
  auto targets = addresses(k10, 200);
  const auto elsewhere = addresses(k10 + (5U << 8U), 200);
  targets.insert(targets.end(), elsewhere.begin(), elsewhere.end());
  MonotonicTime now{std::chrono::hours(1)};
  Sweep sweep(port, traffic, targets, 161, one_question(), {std::chrono::milliseconds(2000), 0}, OnLink({}), now);
  pump(sweep, now, 1000);
  const auto uses = traffic.uses();
  REQUIRE(uses.size() == 2);
  for (const SubnetUse& use : uses) {
    CHECK(use.prefix == 24);
    CHECK(use.budget == 100);
    CHECK(use.sent >= 99);
    CHECK(use.sent <= 102);
    CHECK(use.sent_octets == use.sent * one_question()[0].datagram.size());
    CHECK(use.received == 0);
  }
  CHECK(uses[1].network == elsewhere[0]);
  CHECK(used_since(uses, traffic.uses()).empty());
}

TEST_CASE("subnets take turns, whatever the order of the targets") {
  DeafPort port;
  port.keeps_datagrams = true;
  Traffic traffic;
  const auto targets = addresses(k10, 1024);
  MonotonicTime now{std::chrono::hours(1)};
  Sweep sweep(port, traffic, targets, 161, one_question(), {std::chrono::milliseconds(2000), 0}, OnLink({}), now);
  pump(sweep, now, 10);
  REQUIRE(port.datagrams.size() > 8);
  for (std::uint32_t i = 0; i < 8; ++i)
    CHECK(port.datagrams[i].to.address == IpAddress::v4(k10 + (i % 4 << 8U) + i / 4));
}

TEST_CASE("answers lost by the kernel halve the pace for a while") {
  DeafPort port;
  Traffic traffic;
  const auto targets = addresses(k10, 1'000'000);
  MonotonicTime now{std::chrono::hours(1)};
  Sweep sweep(port, traffic, targets, 161, one_question(), {std::chrono::milliseconds(2000), 0}, OnLink({}), now);
  pump(sweep, now, 500);
  const std::size_t before = port.total;
  port.lost = 3;
  port.arrive({IpAddress::v4(1), 9}, {});  // a drop is told of with the next datagram
  pump(sweep, now, 500);
  CHECK(before > 17'000);
  CHECK(port.total - before > 8'000);
  CHECK(port.total - before < 10'000);
  CHECK(sweep.counts().dropped_by_kernel == 3);
}

TEST_CASE("as many answers as the receive buffer holds while nobody looks: a sweep provokes no more") {
  struct Row {
    const char* name;
    std::size_t buffer;
    int one_answers_in;                   // 0: nobody does
    std::size_t first_most, least, most;  // datagrams in the first 5 ms, in the second after the first one
  };
  const Row rows[] = {
      {"Debian's default, all silent", 212'992, 0, 150, 34'000, 35'500},
      {"Debian's default, 2 % answer", 212'992, 50, 150, 34'000, 35'500},
      {"Debian's default, half of them answer", 212'992, 2, 150, 9'000, 11'500},
      {"Debian's default, all answer", 212'992, 1, 150, 5'000, 5'600},
      {"twice as much, all answer", 425'984, 1, 320, 10'000, 11'200},
      {"a large buffer, all answer", 8U << 20U, 1, 600, 34'000, 35'500},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    DeafPort port;
    port.in_octets = row.buffer;
    Traffic traffic;
    const auto targets = addresses(k10, 100'000);
    MonotonicTime now{std::chrono::hours(1)};
    Sweep sweep(port, traffic, targets, 161, one_question(), {std::chrono::milliseconds(2000), 0}, OnLink({}), now);
    std::size_t asked = 0;
    const auto run = [&](int milliseconds) {
      const std::size_t before = port.total;
      for (int ms = 0; ms < milliseconds; ++ms) {
        for (; row.one_answers_in > 0 && asked < port.total; ++asked) {
          if (asked % static_cast<std::size_t>(row.one_answers_in) == 0) port.arrive({IpAddress::v4(1), 9}, {});
        }
        pump(sweep, now, 1);
      }
      return port.total - before;
    };
    CHECK(run(5) <= row.first_most);
    run(995);
    const std::size_t steady = run(1000);
    CHECK(steady >= row.least);
    CHECK(steady <= row.most);
  }
}

TEST_CASE("each silent address is asked once a round; settled ones no more; then it ends") {
  DeafPort port;
  port.takes_at_once = 3;  // a full socket buffer loses nothing
  Traffic traffic;
  const auto targets = addresses(k10, 500);
  MonotonicTime now{};
  const Patience patience{std::chrono::milliseconds(1000), 2};
  Sweep sweep(port, traffic, targets, 161, one_question(), patience, OnLink({}), now);
  sweep.settle(7);
  sweep.settle(7);
  int turns = 0;
  while (!sweep.finished(now) && ++turns < 100'000) {
    sweep.pump(now, [](const Sweep::Heard&) {});
    const MonotonicTime due = sweep.due(now);
    CHECK(due >= now);
    now = std::max(due, now + std::chrono::milliseconds(1));
  }
  CHECK(turns < 100'000);
  CHECK(port.sent.size() == 499);
  CHECK_FALSE(port.sent.contains(targets[7]));
  for (const auto& [address, times] : port.sent) CHECK(times == 3);
  CHECK(now - MonotonicTime{} >= std::chrono::milliseconds(2000));
  CHECK(now - MonotonicTime{} < std::chrono::milliseconds(2500));
}

TEST_CASE("a token bucket never holds more than its burst, and pays back what it gave too much") {
  TokenBucket bucket(100, 5);
  const MonotonicTime start{std::chrono::hours(1)};
  bucket.refill(start);
  for (int i = 0; i < 5; ++i) {
    CHECK(bucket.has_one());
    bucket.take(1);
  }
  CHECK_FALSE(bucket.has_one());
  bucket.refill(start + std::chrono::milliseconds(10));
  CHECK(bucket.has_one());
  bucket.take(3);
  bucket.refill(start + std::chrono::milliseconds(30));
  CHECK_FALSE(bucket.has_one());
  bucket.refill(start + std::chrono::milliseconds(40));
  CHECK(bucket.has_one());
}
