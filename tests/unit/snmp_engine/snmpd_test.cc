// The engine against Net-SNMP's own agent: every version, every pair of protocols, every way to be refused.
#include "snmpd.h"

#include <doctest/doctest.h>

#include <sstream>

#include "snmp/engine/engine.h"
#include "wire.h"

using namespace platen;
using namespace platen::snmp;
using test::ask;
using test::loopback;

namespace {

const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0};
const Oid sys_contact{1, 3, 6, 1, 2, 1, 1, 4, 0};
const Oid sys_name{1, 3, 6, 1, 2, 1, 1, 5, 0};
const Oid sys_location{1, 3, 6, 1, 2, 1, 1, 6, 0};
const Oid nowhere{1, 3, 6, 1, 2, 1, 1, 99, 0};
const Ask who{PduType::get, {sys_name, sys_location}, 0, 0};
const VarBinds here{{sys_name, Value::octets("press-1")}, {sys_location, Value::octets("room 7")}};

constexpr Auth auths[] = {Auth::md5, Auth::sha1, Auth::sha224, Auth::sha256, Auth::sha384, Auth::sha512};
constexpr Priv privs[] = {Priv::none, Priv::des, Priv::aes128, Priv::aes192, Priv::aes256};

Credential user(Auth auth, Priv priv) {
  const std::string name = "u" + std::to_string(static_cast<int>(auth)) + std::to_string(static_cast<int>(priv));
  return {.version = Version::v3,
          .user = name,
          .auth = auth,
          .auth_pass = Secret(auth == Auth::none ? "" : "auth-" + name + "-pass"),
          .priv = priv,
          .priv_pass = Secret(priv == Priv::none ? "" : "priv-" + name + "-pass")};
}

std::string configuration() {
  std::ostringstream out;
  out << "rocommunity north 127.0.0.1\nsysName press-1\nsysLocation room 7\nsysContact nobody\n"
      << "createUser open\nrouser open noauth\n";
  for (const Auth auth : auths) {
    for (const Priv priv : privs) {
      const Credential credential = user(auth, priv);
      out << "createUser " << credential.user << ' ' << name_of(auth) << ' ' << credential.auth_pass.reveal();
      if (priv != Priv::none) out << ' ' << name_of(priv) << ' ' << credential.priv_pass.reveal();
      out << "\nrouser " << credential.user << (priv == Priv::none ? " auth\n" : " priv\n");
    }
  }
  return out.str();
}

// One agent for all cases that leave it as it is.
test::Snmpd& shared_agent() {
  static test::Snmpd agent(configuration());
  return agent;
}

struct Bench {
  explicit Bench(test::Snmpd& asked = shared_agent()) : agent(asked) {}
  test::Snmpd& agent;
  std::unique_ptr<Engine> engine = Engine::open(open_batched_port().value(), {}, system_clock()).value();
  Peer peer = loopback(agent.port());
};

}  // namespace

TEST_CASE("v1 and v2c read the same") {
  Bench bench;
  for (const Version version : {Version::v1, Version::v2c}) {
    CAPTURE(name_of(version));
    const Credential credential{.version = version, .community = Secret("north")};
    const Answer answer = ask(*bench.engine, bench.peer, credential, who);
    CHECK(answer.is == Answer::Is::response);
    CHECK(answer.error_status == 0);
    CHECK(answer.varbinds == here);
    CHECK(answer.octets > 40);
    CHECK(answer.tries == 1);
    const Answer next = ask(*bench.engine, bench.peer, credential, {PduType::get_next, {sys_contact}, 0, 0});
    REQUIRE(next.varbinds.size() == 1);
    CHECK(next.varbinds[0] == here[0]);
  }
  CHECK(bench.engine->counts().unsolicited == 0);
}

TEST_CASE("what is absent: noSuchName in v1, an exception in v2c") {
  Bench bench;
  const Ask both{PduType::get, {sys_name, nowhere}, 0, 0};
  const Answer v1 = ask(*bench.engine, bench.peer, {.version = Version::v1, .community = Secret("north")}, both);
  CHECK(v1.is == Answer::Is::response);
  CHECK(v1.error_status == 2);
  CHECK(v1.error_index == 2);
  const Answer v2c = ask(*bench.engine, bench.peer, {.community = Secret("north")}, both);
  CHECK(v2c.error_status == 0);
  REQUIRE(v2c.varbinds.size() == 2);
  CHECK(v2c.varbinds[1].value.is_exception());
}

TEST_CASE("GETBULK walks on, in order; SNMPv1 has none") {
  Bench bench;
  const Ask bulk{PduType::get_bulk, {sys_descr, sys_contact}, 1, 10};
  const Answer answer = ask(*bench.engine, bench.peer, {.community = Secret("north")}, bulk);
  CHECK(answer.is == Answer::Is::response);
  REQUIRE(answer.varbinds.size() == 11);
  CHECK(answer.varbinds[1].name == sys_name);
  CHECK(answer.varbinds[2].name == sys_location);
  const Answer v1 = ask(*bench.engine, bench.peer, {.version = Version::v1, .community = Secret("north")}, bulk);
  CHECK(v1.is == Answer::Is::send_failed);
  CHECK(v1.text.find("GETNEXT") != std::string::npos);
}

TEST_CASE("a wrong community is silence") {
  Bench bench;
  const Answer answer =
      ask(*bench.engine, bench.peer, {.community = Secret("south")}, who, {std::chrono::milliseconds(30), 1});
  CHECK(answer.is == Answer::Is::timeout);
  CHECK(answer.tries == 2);
}

TEST_CASE("SNMPv3: every pair of protocols that libsnmp offers, one extra round trip in all") {
  Bench bench;
  const Credential open{.version = Version::v3, .user = "open"};
  CHECK(ask(*bench.engine, bench.peer, open, who).varbinds == here);
  CHECK(bench.engine->counts().sent == 2);
  for (const Auth auth : auths) {
    for (const Priv priv : privs) {
      const Credential credential = user(auth, priv);
      CAPTURE(label_of(credential));
      const Answer answer = ask(*bench.engine, bench.peer, credential, who);
      CHECK(answer.is == Answer::Is::response);
      CHECK(answer.text == "");
      CHECK(answer.varbinds == here);
      CHECK(answer.engine_id.size() > 5);
    }
  }
  CHECK(bench.engine->counts().sent == 2 + std::size(auths) * std::size(privs));
  CHECK(bench.engine->counts().unsolicited == 0);
}

TEST_CASE("SNMPv3: a refused login says why") {
  Bench bench;
  Credential stranger = user(Auth::sha1, Priv::aes128);
  stranger.user = "stranger";
  Credential wrong_auth = user(Auth::sha1, Priv::aes128);
  wrong_auth.auth_pass = Secret("not the pass phrase");
  Credential wrong_protocol = user(Auth::sha1, Priv::none);
  wrong_protocol.auth = Auth::sha256;
  Credential too_much = user(Auth::sha1, Priv::none);
  too_much.priv = Priv::aes128;
  too_much.priv_pass = Secret("some pass phrase");
  struct Row {
    const char* name;
    Credential credential;
    Answer::Report report;
  };
  const Row rows[] = {
      {"unknown user", stranger, Answer::Report::unknown_user},
      {"wrong auth pass phrase", wrong_auth, Answer::Report::wrong_digest},
      {"wrong auth protocol", wrong_protocol, Answer::Report::wrong_digest},
      {"a user without privacy", too_much, Answer::Report::unsupported_level},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Answer answer = ask(*bench.engine, bench.peer, row.credential, who);
    CHECK(answer.is == Answer::Is::report);
    CHECK(answer.report == row.report);
    CHECK(answer.varbinds.empty());
  }
  CHECK(ask(*bench.engine, bench.peer, user(Auth::sha1, Priv::aes128), who).varbinds == here);
}

TEST_CASE("SNMPv3: a wrong privacy pass phrase never brings values") {
  Bench bench;
  for (const Priv priv : {Priv::des, Priv::aes128}) {
    Credential wrong = user(Auth::sha1, priv);
    wrong.priv_pass = Secret("not the pass phrase");
    const Answer answer = ask(*bench.engine, bench.peer, wrong, who, {std::chrono::milliseconds(100), 0});
    CAPTURE(static_cast<int>(answer.is));
    CHECK((answer.is == Answer::Is::timeout || answer.report == Answer::Report::decryption));
    CHECK(answer.varbinds.empty());
  }
}

TEST_CASE("SNMPv3: too low a level is an authorizationError, not a report") {
  Bench bench;
  Credential low = user(Auth::sha1, Priv::aes128);
  low.priv = Priv::none;
  low.priv_pass = Secret();
  const Answer answer = ask(*bench.engine, bench.peer, low, who);
  CHECK(answer.is == Answer::Is::response);
  CHECK(answer.error_status == 16);  // authorizationError (RFC 3416 §3)
}

TEST_CASE("SNMPv3: what cannot be used is not sent") {
  Bench bench;
  const Answer answer =
      ask(*bench.engine, bench.peer,
          {.version = Version::v3, .user = "mps", .auth = Auth::sha1, .auth_pass = Secret("short")}, who);
  CHECK(answer.is == Answer::Is::send_failed);
  CHECK(answer.text.find("shorter than 8") != std::string::npos);
  CHECK(bench.engine->counts().sent == 0);
}

TEST_CASE("SNMPv3: an agent that changed under our hands answers all the same") {
  test::Snmpd agent(configuration());
  Bench bench(agent);
  const Credential credential = user(Auth::sha256, Priv::aes128);
  const auto read_again = [&] {
    const std::uint64_t sent = bench.engine->counts().sent;
    const Answer answer = ask(*bench.engine, bench.peer, credential, who);
    CHECK(answer.is == Answer::Is::response);
    CHECK(answer.varbinds == here);
    return std::pair(answer.engine_id, bench.engine->counts().sent - sent);
  };
  const auto [engine_id, discovered] = read_again();
  CHECK(discovered == 2);
  CHECK(read_again().second == 1);

  SUBCASE("restarted: notInTimeWindow, then answered") {
    agent.start_again(2);
    CHECK(read_again() == std::pair(engine_id, std::uint64_t{2}));
    SUBCASE("and restarted without memory: its boots fall, so it is discovered anew") {
      agent.start_again(1);
      CHECK(read_again() == std::pair(engine_id, std::uint64_t{3}));
    }
  }
  SUBCASE("replaced by another engine at the same address") {
    agent.replace();
    const auto [other, questions] = read_again();
    CHECK(other != engine_id);
    CHECK(questions == 3);
  }
}

TEST_CASE("SNMPv3: no answer is larger than one frame, because we say so") {
  Bench bench;
  const Credential credential = user(Auth::sha1, Priv::aes128);
  const Oid mib_2{1, 3, 6, 1, 2, 1};
  const Answer small = ask(*bench.engine, bench.peer, credential, {PduType::get_bulk, {mib_2}, 0, 20});
  CHECK(small.varbinds.size() == 20);
  const Answer large = ask(*bench.engine, bench.peer, credential, {PduType::get_bulk, {mib_2}, 0, 500});
  CHECK(large.is == Answer::Is::response);
  CHECK(large.octets <= 1472);
  // Net-SNMP's agent (issue 141 of its tracker) answers genErr where RFC 3416 §4.2.3 wants fewer rows.
  CHECK((large.varbinds.size() > 20 || large.error_status == 5));
}

TEST_CASE("discovery alone names the engine") {
  Bench bench;
  Answer got;
  bench.engine->discover(bench.peer, {}, [&](const Answer& answer) { got = answer; });
  CHECK(test::settle(*bench.engine));
  CHECK(got.is == Answer::Is::report);
  CHECK(got.report == Answer::Report::unknown_engine);
  CHECK(got.engine_id.size() > 5);
  CHECK(static_cast<unsigned char>(got.engine_id[0]) == 0x80);
}
