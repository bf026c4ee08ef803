// Whose answer is it, and what is in it?
#include <functional>
#include <random>
#include <set>

#include "fake_port.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::test;

TEST_CASE("ids are unpredictable: scattered, and others in another engine") {
  Bench one;
  Bench two;
  std::set<std::uint32_t> ids;
  int neighbours = 0;
  for (std::uint32_t host = 1; host <= 100; ++host) one.ask(at(host)), two.ask(at(host));
  one.poll();
  two.poll();
  for (const Sent& sent : one.port->sent) {
    if (!ids.empty() && (ids.contains(sent.id() - 1) || ids.contains(sent.id() + 1))) ++neighbours;
    ids.insert(sent.id());
  }
  for (const Sent& sent : two.port->sent) ids.insert(sent.id());
  CHECK(ids.size() == 200);
  CHECK(neighbours == 0);
}

TEST_CASE("what does not answer the question is dropped and counted") {
  struct Row {
    const char* name;
    Peer from;
    std::function<Octets(std::uint32_t)> octets;
  };
  const Peer asked = at(1);
  const Row rows[] = {
      {"wrong address", at(9), good},
      {"wrong port", {asked.address, 1161}, good},
      {"wrong id", asked, [](std::uint32_t id) { return good(id ^ 1U); }},
      {"wrong version", asked,
       [](std::uint32_t id) { return message({.version = 0, .id = id, .varbinds = varbind(descr_ber, text("x"))}); }},
      {"a request", asked, [](std::uint32_t id) { return message({.pdu = 0xA0, .id = id, .varbinds = {}}); }},
      {"another name", asked,
       [](std::uint32_t id) { return message({.id = id, .varbinds = varbind(name_ber, text("x"))}); }},
      {"one name too many", asked,
       [](std::uint32_t id) {
         return message({.id = id, .varbinds = joined({varbind(descr_ber, text("x")), varbind(name_ber, text("x"))})});
       }},
      {"no name", asked, [](std::uint32_t id) { return message({.id = id}); }},
      {"nothing", asked, [](std::uint32_t) { return Octets{}; }},
      {"noise", asked, [](std::uint32_t) { return Octets{0x30, 0x82, 0xFF, 0xFF, 0x02, 0x01, 0x01, 0x04}; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Bench bench;
    bench.ask(asked);
    bench.poll();
    const std::uint32_t id = bench.port->sent.at(0).id();
    bench.port->arrive(row.from, row.octets(id));
    bench.poll();
    CHECK(bench.answers.empty());
    CHECK(bench.engine->counts().unsolicited == 1);
    bench.port->arrive(asked, good(id));
    bench.poll();
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].is == Answer::Is::response);
  }
}

TEST_CASE("a device that only ever names other objects is bad, not silent") {
  Bench bench;
  bench.ask(at(1), descr, community, {100ms, 0});
  bench.poll();
  bench.port->arrive(at(1), message({.id = bench.port->sent.at(0).id(), .varbinds = varbind(name_ber, text("x"))}));
  bench.settle();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::bad);
  CHECK(bench.answers[0].text.find("other names") != std::string::npos);
}

TEST_CASE("GETBULK takes any names, but no more than it asked for") {
  const Ask bulk{PduType::get_bulk, {sys_descr, sys_name}, 1, 2};  // at most 1 + 1 x 2
  const Octets one = varbind(name_ber, text("x"));
  for (const int count : {0, 1, 3, 4}) {
    CAPTURE(count);
    Bench bench;
    bench.ask(at(1), bulk, community, {100ms, 0});
    bench.poll();
    Octets rows;
    for (int i = 0; i < count; ++i) rows = joined({rows, one});
    bench.port->arrive(at(1), message({.id = bench.port->sent.at(0).id(), .varbinds = rows}));
    bench.poll();
    CHECK(bench.answers.size() == (count <= 3 ? 1U : 0U));
  }
}

TEST_CASE("an error may leave the names out") {
  Bench bench;
  bench.ask(at(1));
  bench.poll();
  bench.port->arrive(at(1), message({.id = bench.port->sent.at(0).id(), .error_status = 1}));
  bench.poll();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].is == Answer::Is::response);
  CHECK(bench.answers[0].error_status == 1);
}

TEST_CASE("an answer with the right id that cannot be decoded is bad at once") {
  struct Row {
    const char* name;
    std::function<Octets(std::uint32_t)> octets;
  };
  const Row rows[] = {
      {"cut in the middle",
       [](std::uint32_t id) {
         Octets octets = good(id);
         octets.erase(octets.end() - 4, octets.end());
         return octets;
       }},
      {"a value of a type that no RFC knows",
       [](std::uint32_t id) { return message({.id = id, .varbinds = varbind(descr_ber, tlv(0x5E, {1}))}); }},
      {"a name longer than 128 numbers",
       [](std::uint32_t id) { return message({.id = id, .varbinds = varbind(Octets(200, 1), text("x"))}); }},
      {"a number above 2^32 in the name",
       [](std::uint32_t id) {
         return message({.id = id, .varbinds = varbind({0x2B, 0x9F, 0xFF, 0xFF, 0xFF, 0x7F}, text("x"))});
       }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Bench bench;
    bench.ask(at(1));
    bench.poll();
    bench.port->arrive(at(1), row.octets(bench.port->sent.at(0).id()));
    bench.poll();
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].is == Answer::Is::bad);
    CHECK_FALSE(bench.answers[0].text.empty());
  }
}

TEST_CASE("every type of value comes through") {
  struct Row {
    const char* name;
    Octets ber;
    Value want;
  };
  const Row rows[] = {
      {"INTEGER", tlv(0x02, {0xFF, 0xFD}), Value::integer(-3)},
      {"OCTET STRING", tlv(0x04, {0, 255}), Value::octets(std::string("\0\xFF", 2))},
      {"empty OCTET STRING", tlv(0x04, {}), Value::octets("")},
      {"NULL", tlv(0x05, {}), Value{}},
      {"OBJECT IDENTIFIER", tlv(0x06, {0x2B, 6, 0x8F, 0xFF, 0xFF, 0xFF, 0x7F}), Value::oid(Oid{1, 3, 6, 4294967295})},
      {"IpAddress", tlv(0x40, {192, 0, 2, 7}), Value::octets(std::string("\xC0\0\2\7", 4), Type::ip_address)},
      {"Counter32", tlv(0x41, {0, 0xFF, 0xFF, 0xFF, 0xFF}), Value::integer(4294967295, Type::counter32)},
      {"Gauge32", tlv(0x42, {7}), Value::integer(7, Type::gauge32)},
      {"TimeTicks", tlv(0x43, {1, 0}), Value::integer(256, Type::time_ticks)},
      {"Opaque", tlv(0x44, {1, 2, 3}), Value::octets("\1\2\3", Type::opaque)},
      {"Counter64", tlv(0x46, {0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}),
       Value::counter64(18446744073709551615U)},
      {"noSuchObject", tlv(0x80, {}), Value::exception(Type::no_such_object)},
      {"noSuchInstance", tlv(0x81, {}), Value::exception(Type::no_such_instance)},
      {"endOfMibView", tlv(0x82, {}), Value::exception(Type::end_of_mib_view)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Bench bench;
    bench.ask(at(1));
    bench.poll();
    bench.port->arrive(at(1), message({.id = bench.port->sent.at(0).id(), .varbinds = varbind(descr_ber, row.ber)}));
    bench.poll();
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].text == "");
    REQUIRE(bench.answers[0].varbinds.size() == 1);
    CHECK(bench.answers[0].varbinds[0].value == row.want);
  }
}

TEST_CASE("noise of every length, with and without the right id, breaks nothing") {
  std::mt19937 random(7);
  Bench bench;
  for (int i = 0; i < 3000; ++i) {
    if (bench.engine->pending() == 0) bench.ask(at(1));
    bench.poll();
    Octets octets = good(bench.port->sent.back().id());
    const std::size_t keep = i % 2 == 0 ? 21 : 0;  // the id is intact in every other one
    for (int flips = 0; flips < 1 + i % 4; ++flips) {
      octets[keep + random() % (octets.size() - keep)] = static_cast<std::uint8_t>(random());
    }
    octets.erase(octets.end() - static_cast<std::ptrdiff_t>(random() % 3), octets.end());
    bench.port->arrive(at(1), octets);
    bench.poll();
    bench.clock.advance(1ms);  // so that the budget allows the next
  }
  bench.settle();
  CHECK(bench.answers.size() > 100);
}
