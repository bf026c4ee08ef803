// The engine's own decisions over a port and a clock that the test holds in its hand.
#include "snmp/engine/engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "octets.h"
#include "snmp/engine/ber_peek.h"
#include "snmp/engine/window.h"

using namespace platen;
using namespace platen::snmp;
using namespace std::chrono_literals;
using test::joined;
using test::message;
using test::Octets;
using test::text;
using test::tlv;
using test::varbind;

namespace {

const Octets descr_ber{0x2B, 6, 1, 2, 1, 1, 1, 0};
const Octets name_ber{0x2B, 6, 1, 2, 1, 1, 5, 0};
const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0};
const Oid sys_name{1, 3, 6, 1, 2, 1, 1, 5, 0};
const Ask descr{PduType::get, {sys_descr}, 0, 0};
const Credential community{};
const Credential v3_user{.version = Version::v3, .user = "mps", .auth = Auth::sha1, .auth_pass = Secret("maplesyrup")};
const Octets engine_id{0x80, 0, 0x1F, 0x88, 4, 1, 2, 3};

Peer at(std::uint32_t host) { return {IpAddress::v4(0x0A000000 + host), 161}; }

struct Sent {
  Peer to;
  Octets octets;
  MonotonicTime when;
  [[nodiscard]] std::uint32_t id() const { return peek(octets).value().id; }
};

class FakePort final : public DatagramPort {
 public:
  explicit FakePort(ManualClock& clock) : clock_(clock) {}
  std::size_t send(std::span<const OutDatagram> out) override {
    const std::size_t taken = std::min(out.size(), accepts);
    for (const OutDatagram& one : out.first(taken)) {
      sent.push_back({one.to, {one.octets.begin(), one.octets.end()}, clock_.monotonic()});
    }
    return taken;
  }
  std::span<const InDatagram> receive() override {
    batch_.clear();
    held_ = std::exchange(arriving_, {});
    for (const auto& [from, octets] : held_) batch_.push_back({from, octets});
    for (InDatagram& note : notes) batch_.push_back(std::move(note));
    notes.clear();
    return batch_;
  }
  void wait(std::chrono::milliseconds longest, bool) override { clock_.advance(longest); }
  [[nodiscard]] std::size_t receive_buffer() const override { return 300'000; }
  [[nodiscard]] std::uint64_t dropped() const override { return lost; }

  void arrive(const Peer& from, Octets octets) { arriving_.emplace_back(from, std::move(octets)); }

  std::vector<Sent> sent;
  std::vector<InDatagram> notes;
  std::size_t accepts = 1'000'000;
  std::uint64_t lost = 0;

 private:
  ManualClock& clock_;
  std::vector<std::pair<Peer, Octets>> arriving_, held_;
  std::vector<InDatagram> batch_;
};

struct Bench {
  explicit Bench(std::size_t window = 0) {
    auto owned = std::make_unique<FakePort>(clock);
    port = owned.get();
    engine = Engine::open(std::move(owned), {window}, clock).value();
  }
  void ask(const Peer& peer, const Ask& question = descr, const Credential& credential = community,
           Patience patience = {}) {
    engine->ask(peer, credential, question, patience, [this](const Answer& answer) { answers.push_back(answer); });
  }
  void settle() {
    while (engine->step(1h)) {
    }
  }
  // Steps without letting time pass.
  void poll() {
    for (int i = 0; i < 3; ++i) static_cast<void>(engine->step(0ms));
  }
  ManualClock clock;
  FakePort* port;
  std::unique_ptr<Engine> engine;
  std::vector<Answer> answers;
};

Octets good(std::uint32_t id) { return message({.id = id, .varbinds = varbind(descr_ber, text("a printer"))}); }

Octets pdu(std::uint8_t tag, std::uint32_t id, const Octets& varbinds) {
  return tlv(tag, joined({test::number(id), test::number(0), test::number(0), tlv(0x30, varbinds)}));
}

// The Report that answers discovery: usmStatsUnknownEngineIDs
Octets unknown_engine() { return pdu(0xA8, 0, varbind({0x2B, 6, 1, 6, 3, 15, 1, 1, 4, 0}, test::number(1, 0x41))); }

std::vector<long> times(const std::vector<Sent>& sent) {
  std::vector<long> out;
  for (const Sent& one : sent) out.push_back(one.when.time_since_epoch().count());
  return out;
}

}  // namespace

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
  }
  bench.settle();
  CHECK(bench.answers.size() > 100);
}

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
