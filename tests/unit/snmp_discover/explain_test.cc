// Why a device is read or not: the verdict as a table, and every SNMPv3 refusal by Net-SNMP's own agent.
#include "snmp/discover/explain.h"

#include <doctest/doctest.h>

#include <stop_token>
#include <thread>

#include "tests/unit/snmp_engine/snmpd.h"
#include "tests/unit/snmp_engine/wire.h"

using namespace platen;
using namespace platen::snmp;

namespace {

using Is = Step::Is;

struct Said {
  Is is;
  const char* code;
};

std::string verdict(const std::vector<Said>& said) {
  Explanation told;
  for (const Said& each : said) {
    Step step{.is = each.is, .code = each.code};
    step.proves = std::string("because of ") + each.code;
    told.steps.push_back(std::move(step));
  }
  judge(told);
  CHECK_FALSE(told.reason.empty());
  return told.code;
}

const std::string agent_configuration =
    "rocommunity north\nsysDescr a box\n"
    "createUser strict SHA \"maplesyrup\" AES \"correct horse\"\nrouser strict priv\n"
    "createUser signs SHA \"maplesyrup\"\nrouser signs auth\n";

Credential user(const std::string& name, const std::string& auth_pass, const std::string& priv_pass) {
  Credential made{.version = Version::v3, .user = name, .auth = Auth::sha1, .auth_pass = Secret(auth_pass)};
  if (!priv_pass.empty()) made.priv = Priv::aes128, made.priv_pass = Secret(priv_pass);
  made.name = "given";
  return made;
}

Credential community(const std::string& text) {
  Credential made;
  made.community = Secret(text);
  made.name = "given";
  return made;
}

Explanation explained(const Peer& peer, std::vector<Credential> credentials, std::optional<Life> sign = {}) {
  auto engine = Engine::open(open_batched_port().value(), {}, system_clock()).value();
  ScanOptions options;
  options.credentials = std::move(credentials);
  options.patience = {std::chrono::milliseconds(200), 1};
  const std::stop_source never;
  auto told = explain(
      *engine, peer, options, [&](const IpAddress&) { return sign; }, never.get_token());
  REQUIRE(told);
  for (const Step& step : told->steps) {
    for (const std::string& text : {step.asked, step.came_back, step.proves}) {
      for (const char* secret : {"north", "south", "maplesyrup", "correct horse", "not the pass phrase"})
        CHECK(text.find(secret) == std::string::npos);
    }
  }
  return *told;
}

}  // namespace

TEST_CASE("the verdict is the most telling thing that came back") {
  struct Row {
    std::vector<Said> said;
    const char* code;
  };
  const Row rows[] = {
      {{}, "snmp.silent"},
      {{{Is::discovery, "snmp.silent"}, {Is::credential, "snmp.silent"}, {Is::life, "snmp.silent"}}, "snmp.silent"},
      {{{Is::discovery, "snmp.silent"}, {Is::life, "snmp.alive-silent"}}, "snmp.alive-silent"},
      {{{Is::discovery, "snmp.unreachable"}}, "snmp.unreachable"},
      {{{Is::discovery, "snmp.send-failed"}}, "snmp.send-failed"},
      {{{Is::discovery, "snmp.answered"}, {Is::credential, "snmp.silent"}}, "snmp.wrong-community"},
      {{{Is::discovery, "snmp.bad-answer"}, {Is::credential, "snmp.silent"}}, "snmp.bad-answer"},
      {{{Is::discovery, "snmp.answered"}, {Is::withheld, "snmp.out-of-scope"}}, "snmp.no-credential"},
      {{{Is::discovery, "snmp.answered"},
        {Is::credential, "snmp.v3.unknown-user"},
        {Is::credential, "snmp.v3.wrong-auth"},
        {Is::credential, "snmp.silent"}},
       "snmp.v3.wrong-auth"},
      {{{Is::discovery, "snmp.answered"},
        {Is::credential, "snmp.v3.no-answer"},
        {Is::credential, "snmp.v3.wrong-priv"},
        {Is::credential, "snmp.v3.unknown-user"}},
       "snmp.v3.wrong-priv"},
      {{{Is::discovery, "snmp.answered"}, {Is::credential, "snmp.answered"}, {Is::gate, "printer"}}, "printer"},
      {{{Is::discovery, "snmp.silent"}, {Is::credential, "snmp.answered"}, {Is::gate, "not-printer.print-server"}},
       "not-printer.print-server"},
      {{{Is::credential, "snmp.v3.wrong-auth"}, {Is::credential, "snmp.answered"}, {Is::gate, "snmp.timeout"}},
       "snmp.timeout"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.code));
    CHECK(verdict(row.said) == row.code);
  }
}

TEST_CASE("what answers rubbish is not silent, and speaks no SNMP") {
  test::Responder chatty;
  chatty.answer = [](const std::vector<std::uint8_t>&) {
    return std::vector<std::vector<std::uint8_t>>{{'H', 'E', 'L', 'L', 'O'}};
  };
  std::jthread serving([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) chatty.serve();
  });
  const Explanation told = explained(chatty.peer(), {community("south")});
  CHECK(told.is == Outcome::Is::failed);
  CHECK(told.code == "snmp.bad-answer");
  CHECK(told.steps.front().came_back.starts_with("only datagrams that are no SNMP"));
}

TEST_CASE("every way in which a real agent refuses has its code") {
  test::Snmpd agent(agent_configuration);
  struct Row {
    const char* name;
    Credential credential;
    const char* code;
  };
  Credential other_protocol = user("signs", "maplesyrup", "");
  other_protocol.auth = Auth::sha256;
  const Row rows[] = {
      {"right", user("strict", "maplesyrup", "correct horse"), "not-printer.no-printer-mib"},
      {"community", community("north"), "not-printer.no-printer-mib"},
      {"wrong community", community("south"), "snmp.wrong-community"},
      {"unknown user", user("nobody", "maplesyrup", "correct horse"), "snmp.v3.unknown-user"},
      {"wrong auth", user("strict", "not the pass phrase", "correct horse"), "snmp.v3.wrong-auth"},
      {"wrong auth protocol", other_protocol, "snmp.v3.wrong-auth"},
      {"wrong priv", user("strict", "maplesyrup", "not the pass phrase"), "snmp.v3.wrong-priv"},
      {"privacy that the user has not", user("signs", "maplesyrup", "correct horse"), "snmp.v3.unsupported-level"},
      {"too low a level", user("strict", "maplesyrup", ""), "snmp.v3.not-authorized"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    const Explanation told = explained(agent.peer(), {row.credential});
    CHECK(told.code == row.code);
    CHECK(told.steps.front().is == Is::discovery);
    CHECK(told.steps.front().code == "snmp.answered");
    CHECK(told.credential.has_value() == std::string(row.code).starts_with("not-printer"));
  }
  const Explanation told = explained(agent.peer(), {user("nobody", "maplesyrup", ""), community("north")});
  CHECK(told.credential == 1U);  // the wrong one before it held nobody up
}

TEST_CASE("what lies outside a scope is not asked, and what is silent may still be alive") {
  test::Snmpd agent(agent_configuration);
  Credential elsewhere = community("north");
  const std::vector<std::string> ranges{"10.0.0.0/8"};
  elsewhere.scope = Scope::of(ranges).value();
  const Explanation withheld = explained(agent.peer(), {elsewhere});
  CHECK(withheld.code == "snmp.no-credential");
  REQUIRE(withheld.steps.size() == 2);
  CHECK(withheld.steps[1].is == Is::withheld);

  test::Responder deaf;
  CHECK(explained(deaf.peer(), {community("north")}).code == "snmp.silent");
  const Explanation alive = explained(deaf.peer(), {community("north")}, Life::neighbour);
  CHECK(alive.code == "snmp.alive-silent");
  CHECK(alive.reason.find("ARP") != std::string::npos);

  const Explanation closed = explained({IpAddress::v4(0x7F000001), test::free_port()}, {community("north")});
  CHECK(closed.is == Outcome::Is::unreachable);
  CHECK(closed.steps.size() == 1);
}
