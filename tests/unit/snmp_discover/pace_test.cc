#include "snmp/discover/pace.h"

#include <doctest/doctest.h>

#include <map>

#include "snmp/discover/on_link.h"
#include "snmp/discover/sweep.h"

using namespace platen;
using namespace platen::snmp;

namespace {

// A port that only remembers what was sent, and where nobody answers.
class DeafPort final : public DatagramPort {
 public:
  std::size_t send(std::span<const OutDatagram> out) override {
    const std::size_t taken = std::min(out.size(), takes_at_once);
    for (const OutDatagram& datagram : out.first(taken)) ++sent[datagram.to.address];
    total += taken;
    return taken;
  }
  std::span<const InDatagram> receive() override { return {}; }
  void wait(std::chrono::milliseconds, bool) override {}
  std::size_t receive_buffer() const override { return 1U << 20U; }
  std::uint64_t dropped() const override { return 0; }

  std::size_t takes_at_once = 1000, total = 0;
  std::map<IpAddress, int> sent;
};

std::vector<IpAddress> addresses(std::uint32_t from, std::uint32_t count) {
  std::vector<IpAddress> all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(IpAddress::v4(from + i));
  return all;
}

std::vector<Question> one_question() {
  const Oid name{1, 3, 6, 1, 2, 1, 1, 2, 0};
  return {{SweepTemplate::get(Credential{}, std::span(&name, 1)).value(), Version::v2c}};
}

constexpr std::uint32_t k10 = 10U << 24U;

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

TEST_CASE("this machine's routes can be read") {
  const OnLink mine = OnLink::of_this_machine();
  CHECK_FALSE(mine.holds(IpAddress::parse("127.0.0.1").value()));
}

TEST_CASE("routed addresses are asked at 20,000 a second, neighbours at 170, and both at once") {
  struct Row {
    const char* name;
    bool neighbours;
    std::size_t least, most;  // after one second
  };
  for (const Row& row : {Row{"routed", false, 19'000, 20'100}, Row{"neighbours", true, 160, 185}}) {
    CAPTURE(row.name);
    DeafPort port;
    const auto targets = addresses(k10, 60'000);
    MonotonicTime now{};
    Sweep sweep(port, targets, 161, one_question(), {std::chrono::milliseconds(2000), 0},
                OnLink({{k10, 8, row.neighbours}}), now);
    for (int ms = 0; ms < 1000; ++ms) {
      now += std::chrono::milliseconds(1);
      sweep.pump(now, [](const Sweep::Heard&) {});
    }
    CHECK(port.total >= row.least);
    CHECK(port.total <= row.most);
    CHECK(sweep.asked() == port.total);
    CHECK_FALSE(sweep.finished(now));
  }
}

TEST_CASE("each silent address is asked once a round; settled ones no more; then it ends") {
  DeafPort port;
  port.takes_at_once = 3;  // a full socket buffer loses nothing
  const auto targets = addresses(k10, 500);
  MonotonicTime now{};
  const Patience patience{std::chrono::milliseconds(1000), 2};
  Sweep sweep(port, targets, 161, one_question(), patience, OnLink({}), now);
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

TEST_CASE("a token bucket never holds more than its burst") {
  TokenBucket bucket(100, 5, MonotonicTime{});
  bucket.refill(MonotonicTime{} + std::chrono::hours(1));
  for (int i = 0; i < 5; ++i) {
    CHECK(bucket.has(1));
    bucket.take(1);
  }
  CHECK_FALSE(bucket.has(1));
  bucket.refill(MonotonicTime{} + std::chrono::hours(1) + std::chrono::milliseconds(10));
  CHECK(bucket.has(1));
}
