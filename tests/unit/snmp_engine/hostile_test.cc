// Devices that lie: whatever they send, the ask ends, what it brings is checked, and nobody else waits.
#include <functional>

#include "fake_port.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::test;

namespace {

const Ask two_names{PduType::get, {sys_descr, sys_name}, 0, 0};
const Octets first = varbind(descr_ber, text("a printer"));
const Octets second = varbind(name_ber, text("p"));

enum class Ends { response, bad, timeout };

Ends ended(const Answer& answer) {
  return answer.is == Answer::Is::response ? Ends::response : answer.is == Answer::Is::bad ? Ends::bad : Ends::timeout;
}

// A Report about another counter of usmStats (RFC 3414 §5).
Octets report(std::uint8_t counter) {
  return pdu(0xA8, 0, varbind({0x2B, 6, 1, 6, 3, 15, 1, 1, counter, 0}, number(1, 0x41)));
}

}  // namespace

TEST_CASE("answers that do not fit the question") {
  struct Row {
    const char* name;
    std::function<Reply(std::uint32_t)> reply;
    Ends ends;
  };
  const auto with = [](const Octets& varbinds) {
    return [varbinds](std::uint32_t id) { return Reply{.id = id, .varbinds = varbinds}; };
  };
  const auto status = [](Octets value) {
    return [value](std::uint32_t id) {
      return Reply{.id = id, .varbinds = joined({first, second}), .raw_status = value};
    };
  };
  const Octets far(65'400, 'x');
  const Row rows[] = {
      {"as asked", with(joined({first, second})), Ends::response},
      {"missing", with(first), Ends::bad},
      {"extra", with(joined({first, second, second})), Ends::bad},
      {"reordered", with(joined({second, first})), Ends::bad},
      {"duplicated", with(joined({first, first})), Ends::bad},
      {"a counter where a text belongs", with(joined({varbind(descr_ber, number(7, 0x41)), second})), Ends::response},
      {"an OID of 0 octets", with(joined({varbind({}, text("x")), second})), Ends::bad},
      {"an INTEGER of 9 octets", with(joined({varbind(descr_ber, tlv(0x02, Octets(9, 1))), second})), Ends::bad},
      {"an IpAddress of 3 octets", with(joined({varbind(descr_ber, tlv(0x40, {1, 2, 3})), second})), Ends::bad},
      {"a constructed value", with(joined({varbind(descr_ber, tlv(0x24, first)), second})), Ends::bad},
      {"error-status 19", status({19}), Ends::response},
      {"error-status 2147483647", status({0x7F, 0xFF, 0xFF, 0xFF}), Ends::response},
      {"error-status -1", status({0xFF}), Ends::response},
      {"error-status of 9 octets", status(Octets(9, 0x7F)), Ends::bad},
      {"65,507 octets", with(joined({varbind(descr_ber, tlv(0x04, far)), second})), Ends::response},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    Bench bench;
    bench.ask(at(1), two_names, community, {100ms, 0});
    bench.ask(at(2));
    bench.poll();
    bench.port->arrive(at(1), message(row.reply(bench.port->sent.at(0).id())));
    bench.port->arrive(at(2), good(bench.port->sent.at(1).id()));
    bench.poll();
    const auto other = std::ranges::find_if(bench.answers, [](const Answer& answer) {
      return answer.is == Answer::Is::response && answer.varbinds.size() == 1;
    });
    CHECK(other != bench.answers.end());
    bench.answers.erase(other);
    bench.settle();
    REQUIRE(bench.answers.size() == 1);
    CHECK(ended(bench.answers[0]) == row.ends);
    if (row.ends == Ends::bad) CHECK(bench.answers[0].varbinds.empty());
    CHECK(bench.clock.monotonic().time_since_epoch() <= 2100ms);
  }
}

TEST_CASE("a flood of datagrams that nobody asked for hides no answer") {
  Bench bench;
  bench.ask(at(1));
  bench.ask(at(2));
  bench.poll();
  const std::uint32_t id = bench.port->sent.at(0).id();
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    bench.port->arrive(at(1), good(id ^ (i + 1)));        // the device itself
    bench.port->arrive(at(3 + i % 200), good(id));        // strangers with the right id
    bench.port->arrive(at(1), {0x30, 0x82, 0xFF, 0xFF});  // noise
  }
  bench.port->arrive(at(2), good(bench.port->sent.at(1).id()));
  bench.port->arrive(at(1), good(id));
  bench.poll();
  CHECK(bench.answers.size() == 2);
  CHECK(bench.engine->counts().unsolicited == 60'000);
  CHECK(bench.engine->traffic().uses().size() == 2);  // strangers leave no trace
}

TEST_CASE("SNMPv3 Reports that lie about engine, boots and time end after a few questions") {
  struct Row {
    const char* name;
    std::function<ReplyV3(std::uint32_t round)> reply;
  };
  const auto engine = [](std::uint8_t last) { return Octets{0x80, 0, 0x1F, 0x88, 4, 1, 2, last}; };
  const Row rows[] = {
      {"always another engine",
       [&](std::uint32_t round) {
         return ReplyV3{.engine_id = engine(static_cast<std::uint8_t>(round)), .pdu = report(4)};
       }},
      {"never in the time window",
       [&](std::uint32_t round) {
         return ReplyV3{.engine_id = engine(1), .boots = round * 1000, .time = round * 7919, .pdu = report(2)};
       }},
      {"boots latched at their end",
       [&](std::uint32_t) {
         return ReplyV3{.engine_id = engine(1), .boots = 2'147'483'647, .time = 2'147'483'647, .pdu = report(2)};
       }},
      {"time runs backwards",
       [&](std::uint32_t round) {
         return ReplyV3{.engine_id = engine(1), .boots = 1000 - round, .time = 5, .pdu = report(2)};
       }},
      {"a counter that no RFC knows",
       [&](std::uint32_t) { return ReplyV3{.engine_id = engine(1), .pdu = report(99)}; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Bench bench;
    bench.ask(at(1), descr, v3_user, {500ms, 1});
    bench.ask(at(2));
    bench.poll();
    for (std::uint32_t round = 1; round < 50 && bench.engine->pending() > 1; ++round) {
      const auto last = std::find_if(bench.port->sent.rbegin(), bench.port->sent.rend(),
                                     [](const Sent& sent) { return sent.to == at(1); });
      ReplyV3 reply = row.reply(round);
      reply.id = last->id();
      bench.port->arrive(at(1), message_v3(reply));
      bench.poll();
    }
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].is != Answer::Is::response);
    CHECK(std::ranges::count(bench.port->sent, at(1), &Sent::to) <= 6);
  }
}

TEST_CASE("an SNMPv3 answer with a digest that is short, long or missing is not believed") {
  for (const std::size_t octets : {0U, 1U, 11U, 12U, 13U, 200U}) {
    CAPTURE(octets);
    Bench bench;
    bench.ask(at(1), descr, v3_user, {500ms, 0});
    bench.poll();
    bench.port->arrive(
        at(1), message_v3({.id = bench.port->sent.back().id(), .engine_id = engine_id, .pdu = unknown_engine()}));
    bench.poll();
    const std::uint32_t id = bench.port->sent.back().id();
    bench.port->arrive(at(1), message_v3({.id = id,
                                          .engine_id = engine_id,
                                          .user = "mps",
                                          .pdu = pdu(0xA2, id, first),
                                          .flags = 1,
                                          .auth = Octets(octets, 0)}));
    bench.settle();
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].is == Answer::Is::bad);
    CHECK(bench.answers[0].varbinds.empty());
  }
}

TEST_CASE("an engine id that cannot be one is no discovery") {
  for (const std::size_t octets : {0U, 1U, 4U, 33U, 200U, 5000U}) {
    CAPTURE(octets);
    Bench bench;
    bench.engine->discover(at(1), {100ms, 0}, [&](const Answer& answer) { bench.answers.push_back(answer); });
    bench.poll();
    bench.port->arrive(
        at(1),
        message_v3({.id = bench.port->sent.at(0).id(), .engine_id = Octets(octets, 0x80), .pdu = unknown_engine()}));
    bench.settle();
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].is == Answer::Is::bad);
  }
}
