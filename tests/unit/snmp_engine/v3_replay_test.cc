// SNMPv3 answers with a digest that is right: told again, told late, or told by a device that lies about boots and time.
#include <string>

#include "fake_port.h"
#include "tests/zoo/usm.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::test;

namespace {

std::string_view text_of(const Octets& octets) { return {reinterpret_cast<const char*>(octets.data()), octets.size()}; }

// An agent that knows the user's keys, asked by hand.
struct Agent {
  zoo::UsmEngine engine{.id = std::string(text_of(engine_id)), .boots = 7, .time = 100'000};
  zoo::UsmUsers users{std::make_shared<const zoo::UsmUser>(v3_user)};

  Octets answer(const Octets& question) {
    zoo::UsmQuestion opened = zoo::usm_open(engine, users, text_of(question));
    if (!opened.pdu) return {opened.report.begin(), opened.report.end()};
    const Octets row = varbind(descr_ber, text("a printer"));
    const std::string pdu = zoo::write_pdu(Peek::response, opened.pdu->request_id, 0, 0, text_of(row));
    const std::string sealed = zoo::usm_seal(engine, opened, pdu);
    return {sealed.begin(), sealed.end()};
  }
};

// The id is another one, the digest stays.
Octets with_id(Octets octets, std::uint32_t id) {
  const auto seen = peek(octets);
  REQUIRE(seen);
  REQUIRE(seen->id_size == 4);
  for (std::size_t i = 0; i < 4; ++i) octets[seen->id_at + i] = static_cast<std::uint8_t>(id >> (24 - 8 * i));
  return octets;
}

// Asks, and lets the agent answer whatever comes until the question has gone out that is not discovery.
void ask_known(Bench& bench, Agent& agent) {
  bench.ask(at(1), descr, v3_user, {500ms, 0});
  bench.poll();
  if (peek(bench.port->sent.back().octets).value().user.empty()) {
    bench.port->arrive(at(1), agent.answer(bench.port->sent.back().octets));
    bench.poll();
  }
}

}  // namespace

TEST_CASE("SNMPv3: an answer that was recorded and is sent again answers nothing") {
  Bench bench;
  Agent agent;
  ask_known(bench, agent);
  const Octets recorded = agent.answer(bench.port->sent.back().octets);
  bench.port->arrive(at(1), recorded);
  bench.poll();
  REQUIRE(bench.answers.size() == 1);
  REQUIRE(bench.answers[0].is == Answer::Is::response);

  ask_known(bench, agent);
  const auto before = bench.engine->counts().unsolicited;
  for (int i = 0; i < 3; ++i) bench.port->arrive(at(1), recorded);
  bench.poll();
  CHECK(bench.engine->counts().unsolicited == before + 3);
  CHECK(bench.answers.size() == 1);  // still waiting, and the right one is taken
  bench.port->arrive(at(1), agent.answer(bench.port->sent.back().octets));
  bench.poll();
  REQUIRE(bench.answers.size() == 2);
  CHECK(bench.answers[1].is == Answer::Is::response);

  ask_known(bench, agent);
  bench.port->arrive(at(1), with_id(recorded, bench.port->sent.back().id()));
  bench.settle();
  REQUIRE(bench.answers.size() == 3);
  CHECK(bench.answers[2].is == Answer::Is::bad);  // the digest covers the id
  CHECK(bench.answers[2].varbinds.empty());
}

TEST_CASE("SNMPv3: boots and times that cannot be, with the right digest") {
  struct Row {
    const char* name;
    void (*lie)(zoo::UsmEngine& engine, std::uint32_t round);
    bool read;
  };
  const Row rows[] = {
      {"honest", [](zoo::UsmEngine&, std::uint32_t) {}, true},
      {"boots at their end are never authentic again",
       [](zoo::UsmEngine& engine, std::uint32_t) { engine.boots = 2'147'483'647; }, false},
      {"ten minutes on at each question",
       [](zoo::UsmEngine& engine, std::uint32_t round) { engine.time += 600 * round; }, false},
      {"ten minutes back at each question",
       [](zoo::UsmEngine& engine, std::uint32_t round) { engine.time -= 600 * round; }, false},
      {"starts again at each question", [](zoo::UsmEngine& engine, std::uint32_t round) { engine.boots += round; },
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    Bench bench;
    Agent agent;
    bench.ask(at(1), descr, v3_user, {500ms, 0});
    bench.poll();
    std::size_t heard = 0;
    for (std::uint32_t round = 1; round < 50 && heard < bench.port->sent.size(); ++round) {
      heard = bench.port->sent.size();
      row.lie(agent.engine, round);
      bench.port->arrive(at(1), agent.answer(bench.port->sent.back().octets));
      bench.poll();
    }
    bench.settle();
    REQUIRE(bench.answers.size() == 1);
    CHECK((bench.answers[0].is == Answer::Is::response) == row.read);
    CHECK(bench.answers[0].varbinds.empty() != row.read);
    CHECK(bench.port->sent.size() <= 6);
  }
}
