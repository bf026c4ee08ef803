// SNMPv3 as the engine drives it, without an agent.
#include "fake_port.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::test;

TEST_CASE("SNMPv3: silence to discovery is a timeout, an engine starts the question") {
  Bench bench;
  bench.ask(at(1), descr, v3_user, {100ms, 1});
  bench.settle();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::timeout);
  CHECK(bench.port->sent.size() == 2);

  bench.ask(at(1), descr, v3_user, {100ms, 0});
  bench.poll();
  bench.port->arrive(at(1), test::message_v3({.id = bench.port->sent.back().id(),
                                              .engine_id = engine_id,
                                              .boots = 9,
                                              .time = 77,
                                              .pdu = unknown_engine()}));
  bench.poll();
  REQUIRE(bench.port->sent.size() == 4);
  const auto question = peek(bench.port->sent.back().octets);
  REQUIRE(question);
  CHECK(Octets(question->engine_id.begin(), question->engine_id.end()) == engine_id);
  CHECK(question->engine_boots == 9);
  CHECK(question->engine_time == 77);
  CHECK(question->flags == 0x05);  // reportable, auth
  CHECK(question->max_size == 1472);
  CHECK(question->id != bench.port->sent[2].id());
}

TEST_CASE("SNMPv3: an answer below the level that was asked is not believed") {
  Bench bench;
  bench.ask(at(1), descr, v3_user);
  bench.poll();
  bench.port->arrive(
      at(1), test::message_v3({.id = bench.port->sent.back().id(), .engine_id = engine_id, .pdu = unknown_engine()}));
  bench.poll();
  const std::uint32_t id = bench.port->sent.back().id();
  const Octets response = pdu(0xA2, id, varbind(descr_ber, text("forged")));
  bench.port->arrive(at(1), test::message_v3({.id = id, .engine_id = engine_id, .user = "mps", .pdu = response}));
  bench.poll();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::bad);
  CHECK(bench.answers[0].varbinds.empty());
}

TEST_CASE("SNMPv3: an answer larger than we asked for is taken all the same") {
  const Credential open{.version = Version::v3, .user = "open"};
  Bench bench;
  bench.ask(at(1), descr, open);
  bench.poll();
  bench.port->arrive(
      at(1), test::message_v3({.id = bench.port->sent.back().id(), .engine_id = engine_id, .pdu = unknown_engine()}));
  bench.poll();
  const std::uint32_t id = bench.port->sent.back().id();
  const Octets big = pdu(0xA2, id, varbind(descr_ber, text(std::string(9000, 'x'))));
  bench.port->arrive(at(1), test::message_v3({.id = id, .engine_id = engine_id, .user = "open", .pdu = big}));
  bench.poll();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::response);
  REQUIRE(bench.answers[0].varbinds.size() == 1);
  CHECK(bench.answers[0].varbinds[0].value.bytes()->size() == 9000);
}

TEST_CASE("SNMPv3: a discovery that names no engine is bad") {
  Bench bench;
  bench.engine->discover(at(1), {}, [&](const Answer& answer) { bench.answers.push_back(answer); });
  bench.poll();
  bench.port->arrive(at(1),
                     test::message_v3({.id = bench.port->sent.at(0).id(), .engine_id = {1, 2}, .pdu = tlv(0xA8, {})}));
  bench.poll();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::bad);
}
