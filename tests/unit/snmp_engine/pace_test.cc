// How fast the engine asks: subnets in turn, each within its budget; devices that slow down are left alone; and what
// never leaves at all.
#include "fake_port.h"
#include "snmp/engine/traffic.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::test;

namespace {

Peer in_subnet(std::uint32_t subnet, std::uint32_t host) {
  return {IpAddress::v4(0x0A000000 + (subnet << 8U) + host), 161};
}

}  // namespace

TEST_CASE("subnets take turns, and each gets no more than its budget") {
  Bench bench(1000);
  bench.engine->traffic().allow(100);  // a burst of 2, then one in 10 ms
  for (std::uint32_t host = 1; host <= 20; ++host) bench.ask(in_subnet(1, host));
  for (std::uint32_t host = 1; host <= 20; ++host) bench.ask(in_subnet(2, host));
  bench.poll();
  REQUIRE(bench.port->sent.size() == 4);
  for (std::uint32_t i = 0; i < 4; ++i) CHECK(bench.port->sent[i].to == in_subnet(1 + i % 2, 1 + i / 2));
  for (int ms = 0; ms < 100; ++ms) {
    bench.clock.advance(1ms);
    bench.poll();
  }
  CHECK(bench.port->sent.size() >= 22);  // 2 at once, 10 in 100 ms, each; the last one may just not be due
  CHECK(bench.port->sent.size() <= 24);
  const auto uses = bench.engine->traffic().uses();
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].sent >= 11);
  CHECK(uses[0].budget == 100);
}

TEST_CASE("what comes back is counted for the subnets that were asked, and for no other") {
  Bench bench;
  bench.ask(in_subnet(1, 1));
  bench.poll();
  const Octets answer = good(bench.port->sent.at(0).id());
  bench.port->arrive(in_subnet(1, 1), answer);
  bench.port->arrive(in_subnet(1, 9), {1, 2, 3});
  bench.port->arrive(in_subnet(7, 1), {1, 2, 3});
  bench.poll();
  const auto uses = bench.engine->traffic().uses();
  REQUIRE(uses.size() == 1);
  CHECK(uses[0].received == 2);
  CHECK(uses[0].received_octets == answer.size() + 3);
  CHECK(bench.engine->counts().received == 3);
}

TEST_CASE("a device that slows down is asked more slowly, others are not held up") {
  struct Row {
    std::chrono::milliseconds takes, rest;
  };
  const Row rows[] = {{10ms, 0ms}, {39ms, 0ms}, {90ms, 0ms}, {300ms, 290ms}, {5000ms, 1000ms}};
  for (const Row& row : rows) {
    CAPTURE(row.takes.count());
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.ask(at(1), descr, community, {10s, 0});
    bench.poll();
    bench.clock.advance(10ms);  // the quickest answer
    bench.port->arrive(at(1), good(bench.port->sent.back().id()));
    bench.poll();
    REQUIRE(bench.port->sent.size() == 2);
    bench.clock.advance(row.takes);
    bench.port->arrive(at(1), good(bench.port->sent.back().id()));
    bench.poll();
    bench.ask(at(2));
    bench.poll();
    const MonotonicTime answered = bench.clock.monotonic();
    CHECK(std::ranges::count(bench.port->sent, at(2), &Sent::to) == 1);
    while (bench.port->sent.size() < 4) static_cast<void>(bench.engine->step(1h));
    const auto third = std::find_if(bench.port->sent.begin() + 2, bench.port->sent.end(),
                                    [](const Sent& sent) { return sent.to == at(1); });
    REQUIRE(third != bench.port->sent.end());
    CHECK(third->when - answered == row.rest);
  }
}

TEST_CASE("only reads leave, and never to a port where printers print") {
  struct Row {
    const char* name;
    std::uint16_t port;
    Octets octets;
    bool leaves;
  };
  const auto request = [](std::uint8_t pdu) { return message({.pdu = pdu, .id = 7, .varbinds = {}}); };
  const Row rows[] = {
      {"GET", 161, request(0xA0), true},
      {"GETNEXT", 161, request(0xA1), true},
      {"GETBULK", 1161, request(0xA5), true},
      {"SET", 161, request(0xA3), false},
      {"INFORM", 161, request(0xA6), false},
      {"SNMPv2 trap", 162, request(0xA7), false},
      {"a Response", 161, request(0xA2), false},
      {"SNMPv1 SET", 161, message({.version = 0, .pdu = 0xA3, .id = 7, .varbinds = {}}), false},
      {"SNMPv3", 161, message_v3({.id = 7, .engine_id = engine_id, .pdu = tlv(0xA0, {})}), true},
      {"GET to AppSocket", 9100, request(0xA0), false},
      {"GET to the last AppSocket", 9112, request(0xA0), false},
      {"GET beside AppSocket", 9113, request(0xA0), true},
      {"GET to 9999", 9999, request(0xA0), false},
      {"nothing to AppSocket", 9101, {}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(may_leave({{at(1).address, row.port}, row.octets}) == row.leaves);
  }
}

TEST_CASE("an ask to a print port ends without a datagram") {
  Bench bench;
  bench.ask({at(1).address, 9100});
  bench.settle();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::send_failed);
  CHECK(bench.answers[0].text.find("print") != std::string::npos);
  CHECK(bench.port->sent.empty());
}
