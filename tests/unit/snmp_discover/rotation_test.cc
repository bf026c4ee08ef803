// Pass phrases change while printers are read: old and new credentials side by side, against Net-SNMP's own agent.
#include <doctest/doctest.h>

#include <map>

#include "snmp/discover/scanner.h"
#include "tests/unit/snmp_engine/snmpd.h"
#include "tests/unit/snmp_engine/wire.h"

using namespace platen;
using namespace platen::snmp;

namespace {

Credential user(const std::string& pass, const std::vector<std::string>& ranges = {}) {
  Credential made{.version = Version::v3, .user = "mps", .auth = Auth::sha1, .auth_pass = Secret(pass)};
  made.priv = Priv::aes128;
  made.priv_pass = Secret(pass + pass);
  made.scope = Scope::of(ranges).value();
  return made;
}

std::string knows(const std::string& pass) {
  return "createUser mps SHA \"" + pass + "\" AES \"" + pass + pass + "\"\nrouser mps priv\n";
}

struct Rig {
  std::unique_ptr<Engine> engine = Engine::open(open_batched_port().value(), {}, system_clock()).value();
  Profiles profiles = Profiles::built_in();
  Scanner scanner{*engine, profiles, system_clock()};
  ScanOptions options;
  std::map<IpAddress, Outcome> outcomes;
  std::uint64_t sent = 0;

  explicit Rig(std::vector<Credential> credentials) {
    options.credentials = std::move(credentials);
    options.patience = {std::chrono::milliseconds(500), 1};
  }
  Scanner::OnOutcome keep() {
    return [this](Outcome&& outcome) { outcomes[outcome.peer.address] = std::move(outcome); };
  }
  // A known device, read again with what opened it last time. The agents here are no printers, so only the credential
  // that answered counts.
  Outcome again(const Peer& peer, const Credential& winner) {
    Scanner::Known known;
    known.peer = peer;
    known.credential = winner;
    known.rows = {{Oid{1, 3, 6, 1, 2, 1, 1, 3, 0}, {}}};
    outcomes.clear();
    const std::uint64_t before = engine->counts().sent;
    scanner.read(std::span(&known, 1), Reading::Kind::status, options, keep(), {}, {});
    sent = engine->counts().sent - before;
    REQUIRE(outcomes.contains(peer.address));
    return outcomes.at(peer.address);
  }
};

}  // namespace

TEST_CASE("rotation: what opened a device is asked first; when it fails, the other one; and back") {
  const Credential fresh = user("brand new pass"), old = user("old old pass");
  test::Snmpd agent(knows("old old pass"));
  Rig rig({fresh, old});
  CHECK(rig.again(agent.peer(), old).credential == 1U);
  CHECK(rig.sent <= 4);  // discovery, and what a status read asks

  agent.configure(knows("brand new pass"));
  CHECK(rig.again(agent.peer(), old).credential == 0U);
  CHECK(rig.again(agent.peer(), fresh).credential == 0U);

  agent.configure(knows("old old pass"));
  CHECK(rig.again(agent.peer(), fresh).credential == 1U);

  agent.configure(knows("something else altogether"));
  const Outcome refused = rig.again(agent.peer(), fresh);
  CHECK(refused.is == Outcome::Is::failed);
  CHECK(refused.code == "snmp.v3.wrong-auth");
}

TEST_CASE("communities rotate too, though a wrong one is only silence") {
  Credential fresh, old;
  fresh.community = Secret("fresh");
  old.community = Secret("old");
  test::Snmpd agent("rocommunity old\n");
  Rig rig({fresh, old});
  CHECK(rig.again(agent.peer(), old).credential == 1U);
  agent.configure("rocommunity fresh\n");
  CHECK(rig.again(agent.peer(), old).credential == 0U);
}

TEST_CASE("one user name with other keys on other ranges, in one scan") {
  test::Snmpd north(knows("north north"), 11);
  test::Snmpd south(knows("south south"), 12, north.port());
  Rig rig({user("north north", {"127.0.0.11"}), user("south south", {"127.0.0.12/32"})});
  rig.options.port = north.port();
  const std::vector<IpAddress> targets{north.peer().address, south.peer().address};
  rig.scanner.scan(targets, rig.options, rig.keep(), {}, {});
  REQUIRE(rig.outcomes.size() == 2);
  CHECK(rig.outcomes.at(targets[0]).credential == 0U);
  CHECK(rig.outcomes.at(targets[1]).credential == 1U);
  for (const auto& [address, outcome] : rig.outcomes) CHECK(outcome.is == Outcome::Is::not_a_printer);
}

TEST_CASE("a wrong key before the right one costs one question, a mute one no more than a cycle") {
  test::Snmpd agent(knows("north north"));
  Credential mute = user("north north");
  mute.priv_pass = Secret("not the pass phrase");  // Net-SNMP's agent is silent to what it cannot decrypt
  Rig rig({user("wrong wrong"), mute, user("north north")});
  rig.options.port = agent.port();
  const std::vector<IpAddress> targets{agent.peer().address};
  rig.scanner.scan(targets, rig.options, rig.keep(), {}, {});
  REQUIRE(rig.outcomes.size() == 1);
  CHECK(rig.outcomes.at(targets[0]).credential == 2U);
}
