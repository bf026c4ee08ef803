// The engine's own decisions: tries, turns, window, ends.
#include <functional>

#include "fake_port.h"
#include "snmp/engine/window.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::test;

TEST_CASE("silence: each try waits twice as long as the one before") {
  Bench bench;
  bench.ask(at(1), descr, community, {500ms, 3});
  bench.settle();
  CHECK(times(bench.port->sent) == std::vector<long>{0, 500, 1500, 3500});
  CHECK(bench.clock.monotonic().time_since_epoch() == 7500ms);
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::timeout);
  CHECK(bench.answers[0].tries == 4);
  CHECK(bench.engine->pending() == 0);
  CHECK_FALSE(bench.engine->step(0ms));
}

TEST_CASE("the answer to an earlier try still counts, and its duplicates do not") {
  Bench bench;
  bench.ask(at(1), descr, community, {500ms, 3});
  bench.poll();
  static_cast<void>(bench.engine->step(500ms));
  REQUIRE(bench.port->sent.size() == 2);
  bench.clock.advance(100ms);
  for (int i = 0; i < 3; ++i) bench.port->arrive(at(1), good(bench.port->sent[0].id()));
  bench.poll();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::response);
  CHECK(bench.answers[0].varbinds == VarBinds{{sys_descr, Value::octets("a printer")}});
  CHECK(bench.answers[0].tries == 2);
  CHECK(bench.answers[0].round_trip == 600ms);
  CHECK(bench.engine->counts().unsolicited == 2);
  CHECK(bench.engine->pending() == 0);
}

TEST_CASE("one PDU in flight a device, the others wait in order") {
  Bench bench;
  bench.ask(at(1));
  bench.ask(at(1), {PduType::get, {sys_name}, 0, 0});
  bench.ask(at(2));
  bench.poll();
  REQUIRE(bench.port->sent.size() == 2);
  CHECK(bench.port->sent[0].to == at(1));
  CHECK(bench.port->sent[1].to == at(2));
  bench.port->arrive(at(1), good(bench.port->sent[0].id()));
  bench.poll();
  REQUIRE(bench.port->sent.size() == 3);
  CHECK(bench.port->sent[2].to == at(1));
  bench.port->arrive(at(1), message({.id = bench.port->sent[2].id(), .varbinds = varbind(name_ber, text("p"))}));
  bench.port->arrive(at(2), good(bench.port->sent[1].id()));
  bench.settle();
  CHECK(bench.answers.size() == 3);
  CHECK(std::ranges::all_of(bench.answers, [](const Answer& answer) { return answer.is == Answer::Is::response; }));
}

TEST_CASE("another port of the same address is another device") {
  Bench bench;
  bench.ask(at(1));
  bench.ask({at(1).address, 1161});
  bench.poll();
  CHECK(bench.port->sent.size() == 2);
}

TEST_CASE("the window holds back what would not fit the receive buffer") {
  Bench bench(4);
  for (std::uint32_t host = 1; host <= 10; ++host) bench.ask(at(host));
  bench.poll();
  CHECK(bench.port->sent.size() == 4);
  CHECK(bench.engine->pending() == 10);
  bench.port->arrive(at(2), good(bench.port->sent[1].id()));
  bench.poll();
  CHECK(bench.port->sent.size() == 5);
  bench.settle();
  CHECK(bench.answers.size() == 10);
}

TEST_CASE("without a given window, the receive buffer decides") {
  Bench bench;  // 300,000 octets
  for (std::uint32_t host = 1; host <= 500; ++host) bench.ask(at(host));
  bench.poll();
  CHECK(bench.port->sent.size() == 100);
}

TEST_CASE("ICMP and this machine's own failures end the ask at once") {
  Bench bench;
  bench.ask(at(1));
  bench.ask(at(2));
  bench.ask(at(3));
  bench.poll();
  bench.port->notes.push_back({at(1), {}, true});
  bench.port->notes.push_back({at(2), {}, false, "Network is unreachable"});
  bench.port->notes.push_back({at(7), {}, true});  // nobody we asked
  bench.poll();
  REQUIRE(bench.answers.size() == 2);
  CHECK(bench.answers[0].is == Answer::Is::unreachable);
  CHECK(bench.answers[1].is == Answer::Is::send_failed);
  CHECK(bench.answers[1].text == "Network is unreachable");
  CHECK(bench.engine->pending() == 1);
}

TEST_CASE("a timeout while the kernel lost datagrams is not the device's fault") {
  Bench bench;
  bench.ask(at(1), descr, community, {500ms, 1});
  bench.poll();
  bench.port->lost = 12;
  static_cast<void>(bench.engine->step(500ms));  // excused: again, with the same patience
  bench.settle();
  CHECK(times(bench.port->sent) == std::vector<long>{0, 500, 1000});
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].tries == 2);
  CHECK(bench.engine->counts().dropped_by_kernel == 12);
}

TEST_CASE("the window halves on a burst of losses and grows back by answers") {
  Window window(100);
  const MonotonicTime start{};
  window.lost(5, start + 1s);
  window.lost(90, start + 1s + 10ms);  // the same burst
  CHECK(window.size() == 50);
  for (int i = 0; i < 50; ++i) window.answered();
  CHECK(window.size() == 51);
  window.lost(91, start + 2s);
  CHECK(window.size() == 25);
  for (std::uint64_t i = 0; i < 20; ++i) window.lost(100 + i, start + 3s + i * 1s);
  CHECK(window.size() == Window::floor);
  for (int i = 0; i < 10'000; ++i) window.answered();
  CHECK(window.size() == 100);
}

TEST_CASE("a port that would block: nothing is lost, and no time runs before it is sent") {
  Bench bench;
  bench.port->accepts = 0;
  for (std::uint32_t host = 1; host <= 3; ++host) bench.ask(at(host), descr, community, {500ms, 0});
  bench.poll();
  bench.clock.advance(10s);
  bench.poll();
  CHECK(bench.port->sent.empty());
  CHECK(bench.answers.empty());
  bench.port->accepts = 1;
  bench.poll();
  CHECK(bench.port->sent.size() == 3);
  bench.settle();
  CHECK(bench.answers.size() == 3);
  CHECK(bench.clock.monotonic().time_since_epoch() == 10500ms);
}

TEST_CASE("Done may ask again") {
  Bench bench;
  int rounds = 0;
  std::function<void(const Answer&)> again = [&](const Answer&) {
    if (++rounds < 5) bench.engine->ask(at(1), community, descr, {100ms, 0}, again);
  };
  bench.engine->ask(at(1), community, descr, {100ms, 0}, again);
  bench.settle();
  CHECK(rounds == 5);
  CHECK(bench.clock.monotonic().time_since_epoch() == 500ms);
}

TEST_CASE("what cannot be encoded is refused from inside step") {
  Bench bench;
  bench.ask(at(1), {PduType::get, {Oid{1}}, 0, 0});
  CHECK(bench.answers.empty());
  bench.settle();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::send_failed);
  CHECK(bench.port->sent.empty());
}
