#include "snmp/engine/probe.h"

#include <doctest/doctest.h>

#include <string>

#include "octets.h"
#include "snmp/engine/ber_peek.h"

using namespace platen;
using namespace platen::snmp;
using test::joined;
using test::message;
using test::message_v3;
using test::number;
using test::Octets;
using test::sequence;
using test::text;
using test::tlv;
using test::varbind;

namespace {

const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0};
const Oid serial{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1};
const Octets sys_descr_ber{0x2B, 6, 1, 2, 1, 1, 1, 0};
constexpr std::uint32_t id = 0x51234567;

}  // namespace

TEST_CASE("a probe is stamped in place and nothing else of it changes") {
  const Oid names[] = {sys_descr, serial};
  for (const auto version : {Version::v1, Version::v2c}) {
    const auto probe = SweepTemplate::get({.version = version, .community = Secret("north")}, names).value();
    Octets one(probe.size());
    Octets two(probe.size());
    const auto first = peek(probe.stamp(id, one));
    const auto second = peek(probe.stamp(id + 1, two));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->version == version);
    CHECK(first->pdu == 0xA0);
    CHECK(first->id == id);
    CHECK(second->id == id + 1);
    CHECK(one != two);
    one[first->id_at + 3] = two[first->id_at + 3];
    CHECK(one == two);
  }
}

TEST_CASE("a GET of two names in SNMPv2c, octet by octet") {
  const Oid names[] = {sys_descr, serial};
  const auto probe = SweepTemplate::get({.community = Secret("public")}, names).value();
  Octets slot(probe.size());
  probe.stamp(id, slot);
  const Octets null = tlv(0x05, {});
  const Octets want = message(
      {.version = 1,
       .pdu = 0xA0,
       .id = id,
       .varbinds = joined({varbind(sys_descr_ber, null), varbind({0x2B, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1}, null)})});
  CHECK(slot == want);
}

TEST_CASE("the discovery probe names nobody and asks for frames without fragments") {
  const auto probe = SweepTemplate::discovery().value();
  Octets slot(probe.size());
  const auto seen = peek(probe.stamp(id, slot));
  REQUIRE(seen);
  CHECK(seen->version == Version::v3);
  CHECK(seen->id == id);
  CHECK(seen->engine_id.empty());
  CHECK(seen->user.empty());
  CHECK(seen->flags == 0x04);  // reportable, noAuthNoPriv
  CHECK(seen->max_size == 1472);
}

TEST_CASE("what cannot be a template says why") {
  const Oid one_number[] = {Oid{1}};
  const std::vector<Oid> many(5000, serial);
  CHECK(SweepTemplate::get({.version = Version::v3, .user = "mps"}, {}).error().code == Code::invalid);
  CHECK(SweepTemplate::get({.community = Secret("")}, {}).error().code == Code::invalid);
  CHECK(SweepTemplate::get({}, one_number).error().text.find("2 to 128") != std::string::npos);
  CHECK(SweepTemplate::get({}, many).error().text.find("fewer names") != std::string::npos);
}

TEST_CASE("answers to probes") {
  const Octets descr = varbind(sys_descr_ber, text("a printer"));
  const auto answer = read_probe_answer(message({.id = id, .varbinds = descr}));
  REQUIRE(answer);
  CHECK(answer->id == id);
  CHECK(answer->version == Version::v2c);
  CHECK(answer->varbinds == VarBinds{{sys_descr, Value::octets("a printer")}});

  const auto refused =
      read_probe_answer(message({.version = 0, .id = id, .error_status = 2, .error_index = 1, .varbinds = descr}));
  REQUIRE(refused);
  CHECK(refused->version == Version::v1);
  CHECK(refused->error_status == 2);

  const Octets engine{0x80, 0, 1, 2, 3, 4, 5};
  const auto report = read_probe_answer(message_v3({.id = id, .engine_id = engine, .user = "", .pdu = tlv(0xA8, {})}));
  REQUIRE(report);
  CHECK(report->version == Version::v3);
  CHECK(report->engine_id == std::string(engine.begin(), engine.end()));
}

TEST_CASE("what is no answer shows no id") {
  struct Row {
    const char* name;
    Octets octets;
  };
  const Octets good = message({.id = id, .varbinds = varbind(sys_descr_ber, text("x"))});
  const Row rows[] = {
      {"nothing", {}},
      {"text", {'h', 'e', 'l', 'l', 'o'}},
      {"a request", message({.pdu = 0xA0, .id = id, .varbinds = {}})},
      {"a v1 trap", message({.version = 0, .pdu = 0xA4, .id = id, .varbinds = {}})},
      {"unknown version", message({.version = 2, .id = id, .varbinds = {}})},
      {"negative id", message({.id = 0x80000001, .varbinds = {}})},
      {"cut within the id", Octets(good.begin(), good.begin() + 20)},
      {"indefinite length", {0x30, 0x80, 0x02, 0x01, 0x01, 0x00, 0x00}},
      {"a length of nine octets", {0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x02, 0x01, 0x01}},
      {"v3 with another security model", message_v3({.id = id, .model = 4, .engine_id = {1, 2, 3, 4, 5}, .pdu = {}})},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK_FALSE(peek_probe_id(row.octets));
    CHECK_FALSE(read_probe_answer(row.octets));
  }
}

TEST_CASE("a truncated answer still shows its id, but nothing is read from it") {
  const Octets good = message({.id = id, .varbinds = varbind(sys_descr_ber, text("a printer"))});
  for (std::size_t length = 21; length < good.size(); ++length) {
    CAPTURE(length);
    const Octets cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK(peek_probe_id(cut) == id);
    CHECK_FALSE(read_probe_answer(cut));
  }
}

TEST_CASE("SipHash-2-4 of eight octets 00..07 under the key 00..0f (its authors' test vectors)") {
  const std::uint64_t words[] = {0x0706050403020100};
  CHECK(siphash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, words) == 0x93f5f5799a932462);
}

TEST_CASE("ids: one peer, one id; another key, another id; always four octets") {
  const RequestIds ids({1, 2});
  const RequestIds others({1, 3});
  const Peer peer{IpAddress::v4(0x7F000001), 161};
  CHECK(ids.of(peer) == ids.of(peer));
  CHECK(ids.of(peer) != others.of(peer));
  CHECK(ids.of(peer) != ids.of({peer.address, 162}));
  CHECK(ids.of(peer) != ids.of({IpAddress::v4(0x7F000002), 161}));
  RequestIds one;
  RequestIds two;
  bool differ = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint32_t a = one.next();
    CHECK(a >= 0x40000000U);
    CHECK(a <= 0x7FFFFFFFU);
    differ = differ || a != two.next();
  }
  CHECK(differ);
}
