// Who is offered which credential, and when: scopes, first communities, further ones, SNMPv1 forms.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "deaf_port.h"
#include "snmp/discover/questions.h"
#include "snmp/engine/ber_peek.h"
#include "tests/unit/snmp_engine/octets.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::snmp::test;
namespace octets = platen::test;

namespace {

Scope scope(const std::vector<std::string>& ranges) { return Scope::of(ranges).value(); }
IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

Credential community(const std::string& text, const std::vector<std::string>& ranges = {}) {
  Credential made;
  made.community = Secret(text);
  made.scope = scope(ranges);
  return made;
}

Credential user(const std::string& name, const std::string& pass, const std::vector<std::string>& ranges = {}) {
  Credential made{.version = Version::v3, .user = name, .auth = Auth::sha1, .auth_pass = Secret(pass)};
  made.scope = scope(ranges);
  return made;
}

// "3" for discovery, "2c north", "1 north".
std::string what(const std::string& datagram) {
  const std::vector<std::uint8_t> bytes(datagram.begin(), datagram.end());
  const auto seen = peek(bytes);
  if (!seen || seen->version == Version::v3) return "3";
  const std::size_t length = bytes.at(6);  // 30 len 02 01 version 04 len community
  return std::string(name_of(seen->version)) + " " + datagram.substr(7, length);
}

struct Field {
  explicit Field(std::vector<IpAddress> all, const std::vector<Credential>& credentials, int retries = 1)
      : targets(std::move(all)),
        questions(questions_of(credentials)),
        sweep(port, traffic, targets, 161, questions.all, {std::chrono::milliseconds(1000), retries}, OnLink({}), now) {
    port.keeps_datagrams = true;
  }
  // Up to the end of the next round that is sent.
  std::multiset<std::string> round(const IpAddress& of) {
    port.datagrams.clear();
    for (int ms = 0; ms < 500; ++ms) {
      sweep.pump(now, [](const Sweep::Heard&) {});
      now += std::chrono::milliseconds(1);
    }
    return asked(of);
  }
  [[nodiscard]] std::multiset<std::string> asked(const IpAddress& of) const {
    std::multiset<std::string> seen;
    for (const auto& sent : port.datagrams) {
      if (sent.to.address == of) seen.insert(what(sent.octets));
    }
    return seen;
  }
  // To SNMPv3 discovery: a sign of life.
  void greets(const IpAddress& from) {
    const Peer peer{from, 161};
    port.arrive(peer, octets::message_v3({.id = questions.all[0].ids.of(peer),
                                          .engine_id = {0x80, 0, 0, 1, 2, 3},
                                          .pdu = octets::tlv(0xA8, {})}));
  }
  MonotonicTime now{std::chrono::hours(1)};
  DeafPort port;
  Traffic traffic;
  std::vector<IpAddress> targets;
  Questions questions;
  Sweep sweep;
};

using Words = std::multiset<std::string>;

}  // namespace

TEST_CASE("the first pass is discovery and the first community; further ones come late, SNMPv1 last") {
  const IpAddress here = address("10.0.0.1");
  SUBCASE("one community") {
    Field field({here}, {community("north")});
    CHECK(field.round(here) == Words{"3", "2c north"});
    CHECK(field.round(here) == Words{"2c north", "1 north"});
    CHECK(field.round(here).empty());
  }
  SUBCASE("two communities and a user") {
    Field field({here}, {community("north"), community("south"), user("mps", "maplesyrup")});
    CHECK(field.round(here) == Words{"3", "2c north"});
    CHECK(field.round(here) == Words{"3", "2c north"});
    CHECK(field.round(here) == Words{"2c south"});
    CHECK(field.round(here) == Words{"2c south", "1 north", "1 south"});
  }
  SUBCASE("where something shows life, all are asked at once") {
    Field field({here}, {community("north"), community("south")});
    CHECK(field.round(here) == Words{"3", "2c north"});
    field.greets(here);
    std::string asked;
    for (const std::string& each : field.round(here)) asked += each + "; ";
    CHECK(field.sweep.heard_anything(0));
    CHECK(asked == "1 north; 1 south; 2c north; 2c south; ");
  }
}

TEST_CASE("where nothing gets lost, the silent are spared the last repetition") {
  struct Row {
    const char* name;
    std::size_t at_once, later;  // devices that answer to the first question, and to its repetition
    bool spared;
  };
  const Row rows[] = {
      {"many answer, all at once", 600, 0, true},
      {"one answers to the repetition only", 600, 1, false},
      {"too few to tell", 400, 0, false},
      {"nobody answers", 0, 0, false},
  };
  const auto all = addresses(address("10.0.0.0").to_v4(), 2'000);
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Field field(all, {community("north")}, 2);
    CHECK(field.round(all.back()) == Words{"3", "2c north"});
    for (std::size_t i = 0; i < row.at_once; ++i) field.greets(all[i]);
    CHECK(field.round(all.back()) == Words{"2c north"});
    for (std::size_t i = 0; i < row.later; ++i) field.greets(all[row.at_once + i]);
    CHECK(field.round(all.back()) == (row.spared ? Words{"1 north"} : Words{"1 north", "2c north"}));
    if (row.at_once > 0) CHECK(field.asked(all[0]) == Words{"1 north", "2c north"});  // alive: every chance
    CHECK(field.round(all.back()).empty());
  }
}

TEST_CASE("where nothing gets lost and all were quick, the last wait is shorter") {
  struct Row {
    const char* name;
    std::size_t at_once, later;
    int after_ms, slowest_ms;  // of being asked: all but one of them, that one
    int waits_ms;
  };
  const Row rows[] = {
      {"all are quick", 600, 0, 20, 20, 500},
      {"the slowest counts", 600, 0, 20, 90, 720},
      {"no longer than the timeout", 600, 0, 20, 200, 1'000},
      {"too few to tell", 400, 0, 20, 20, 1'000},
      {"one answers to the repetition only", 600, 1, 20, 20, 1'000},
      {"nobody answers", 0, 0, 20, 20, 1'000},
  };
  const auto all = addresses(address("10.0.0.0").to_v4(), 2'000);
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    Field field(all, {community("north")}, 2);
    std::vector<std::pair<IpAddress, int>> asked;  // in the first round, and when
    std::set<IpAddress> known;
    std::size_t answered = 0;
    int waited = 0;
    for (int ms = 0; !field.sweep.finished(field.now) && ms < 10'000; ++ms) {
      for (const auto& sent : field.port.datagrams) {
        if (known.insert(sent.to.address).second) asked.emplace_back(sent.to.address, ms);
        waited = 0;
      }
      field.port.datagrams.clear();
      for (; answered < std::min(row.at_once, asked.size()); ++answered) {
        const int after = answered + 1 == row.at_once ? row.slowest_ms : row.after_ms;
        if (ms < asked[answered].second + after) break;
        field.greets(asked[answered].first);
      }
      if (ms == 700 && row.later > 0) field.greets(asked.back().first);
      field.sweep.pump(field.now, [](const Sweep::Heard&) {});
      field.now += std::chrono::milliseconds(1);
      ++waited;
    }
    CHECK(answered == row.at_once);
    CHECK(std::abs(waited - row.waits_ms) <= 20);
  }
}

TEST_CASE("a community of SNMPv1 has no other form to come: it is asked as often as ever") {
  const auto all = addresses(address("10.0.0.0").to_v4(), 2'000);
  Credential old = community("north");
  old.version = Version::v1;
  Field field(all, {old, community("south")}, 2);
  CHECK(field.round(all.back()) == Words{"3", "1 north"});
  for (std::size_t i = 0; i < 600; ++i) field.greets(all[i]);
  CHECK(field.round(all.back()) == Words{"1 north"});
  CHECK(field.round(all.back()) == Words{"1 north"});
}

TEST_CASE("no credential is offered outside its scope") {
  std::vector<Credential> credentials;
  for (int site = 0; site < 100; ++site)  // more than one address could be asked for
    credentials.push_back(community("site" + std::to_string(site), {"10.0." + std::to_string(site) + ".0/24"}));
  Field field({address("10.0.3.7"), address("10.0.99.7"), address("10.1.0.7")}, credentials);
  for (int round = 0; round < 2; ++round) {
    field.port.keeps_datagrams = true;
    field.port.datagrams.clear();
    static_cast<void>(field.round(field.targets[0]));
    for (const auto& sent : field.port.datagrams) {
      const std::string asked = what(sent.octets);
      CAPTURE(asked);
      CAPTURE(sent.to.address.text());
      if (sent.to.address == field.targets[0]) CHECK((asked == "3" || asked.ends_with(" site3")));
      if (sent.to.address == field.targets[1]) CHECK((asked == "3" || asked.ends_with(" site99")));
      if (sent.to.address == field.targets[2]) CHECK(asked == "3");
    }
  }
  CHECK(field.port.sent[field.targets[0]] == 4);
  CHECK(field.port.sent[field.targets[2]] == 1);
}

TEST_CASE("a printer that is known: its own credential first, then those in whose scope it lies, SNMPv1 forms last") {
  const Credential older = community("old"), newer = community("new"), other = community("far", {"10.9.0.0/16"});
  const Credential v3 = user("mps", "maplesyrup");
  const std::vector<Credential> all{newer, older, other, v3};
  const auto words = [&](const Credential& winner, const Tolerance& tolerance, const char* where) {
    std::string out;
    for (const auto& each : candidates_again(winner, tolerance, all, address(where))) {
      const Credential& credential = each->credential;
      out += std::string(name_of(credential.version)) + ":" +
             (credential.version == Version::v3 ? credential.user : credential.community.reveal()) + " ";
    }
    return out;
  };
  Tolerance v1_only;
  v1_only.v1_only = true;
  CHECK(words(older, {}, "10.0.0.1") == "2c:old 2c:new 3:mps 1:new 1:old ");
  CHECK(words(older, v1_only, "10.0.0.1") == "1:old 2c:new 2c:old 3:mps 1:new ");
  CHECK(words(v3, {}, "10.9.0.1") == "3:mps 2c:new 2c:old 2c:far 1:new 1:old 1:far ");
  CHECK(words(other, {}, "10.0.0.1") == "2c:new 2c:old 3:mps 1:new 1:old ");  // its scope does not hold it any more
}
