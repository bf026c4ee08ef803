#include <algorithm>
#include <chrono>

#include "rig.h"
#include "snmp/discover/explain.h"
#include "tests/zoo/truth.h"

using namespace platen;
using namespace platen::snmp;
using namespace platen::snmp::test;

namespace {

// What differs from the truth because of how it was read. Which of two addresses, colours or names is meant where a
// device contradicts itself is a matter of decoding and tested there.
std::vector<std::string> lost(const zoo::DeviceSpec& device, const Reading& reading) {
  auto all = zoo::differences(device, reading);
  std::erase_if(all, [](const std::string& difference) {
    return difference.find(" colorant: ") != std::string::npos || difference.find(" mac: ") != std::string::npos ||
           difference.find("invented by the reading") != std::string::npos;
  });
  return all;
}

bool is_printer(const zoo::DeviceSpec& device) {
  return zoo::truth_of(device, zoo::first_ticks(device.number)).has_value();
}

}  // namespace

TEST_CASE("the demo fleet: every printer by its own credential, equal to the truth, and nothing else") {
  const auto zoo = zoo::Zoo::start(fleet("demo"), {}).value();
  Rig rig;
  rig.scan(addresses_of(zoo->fleet()), asking(zoo->port(), zoo::zoo_credentials()));
  std::size_t printers = 0;
  for (const auto& device : zoo->fleet().devices) {
    const std::string address = device.address.text();
    CAPTURE(address);
    CAPTURE(device.species->name);
    if (!is_printer(device)) {
      if (rig.outcomes.contains(address)) CHECK(rig.outcomes.at(address).is == Outcome::Is::not_a_printer);
      continue;
    }
    ++printers;
    REQUIRE(rig.outcomes.contains(address));
    const Outcome& outcome = rig.outcomes.at(address);
    CAPTURE(outcome.code);
    CAPTURE(outcome.reason);
    REQUIRE(outcome.is == Outcome::Is::printer);
    REQUIRE(outcome.reading);
    REQUIRE(outcome.credential);
    CHECK(outcome.reading->complete);
    for (const std::string& difference : lost(device, *outcome.reading)) {
      CAPTURE(difference);
      CHECK(false);
    }
  }
  CHECK(printers >= 60);
  CHECK(rig.progress.printers == printers);
  CHECK(rig.progress.addresses == zoo->fleet().devices.size());
  CHECK(rig.progress.asked == zoo->fleet().devices.size());
  MESSAGE(printers, " printers, ", rig.progress.wire.sent, " datagrams sent");
}

TEST_CASE("what answers several questions of the sweep has one outcome, however late the last answer comes") {
  auto animals = fleet("demo");
  std::erase_if(animals.devices, is_printer);
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  const auto options = asking(zoo->port(), zoo::zoo_credentials());
  for (const IpAddress& address : addresses_of(animals)) {
    for (int again = 0; again < 8; ++again) {
      Rig rig;
      rig.scan({address}, options);  // the rig looks for a second outcome
      if (rig.outcomes.contains(address.text()))
        CHECK(rig.outcomes.at(address.text()).is == Outcome::Is::not_a_printer);
    }
  }
}

TEST_CASE("explain says of a device what a scan says") {
  auto animals = fleet("demo");
  std::erase_if(animals.devices, is_printer);
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  auto options = asking(zoo->port(), zoo::zoo_credentials());
  options.report_silent = true;
  Rig rig;
  rig.scan(addresses_of(animals), options);
  options.patience.timeout = std::chrono::milliseconds(200);
  for (const auto& device : animals.devices) {
    const Outcome& outcome = rig.outcomes.at(device.address.text());
    CAPTURE(device.species->name);
    const auto told = explain(
        *rig.engine, {device.address, zoo->port()}, options, [](const IpAddress&) { return std::nullopt; },
        rig.stop.get_token());
    REQUIRE(told);
    CHECK(told->is == outcome.is);
    if (outcome.is != Outcome::Is::silent) CHECK(told->code == outcome.code);
  }
}

TEST_CASE("what this machine cannot send is not the device's silence") {
  const std::vector<IpAddress> nowhere = {IpAddress::parse("255.255.255.255").value()};  // a broadcast: EACCES
  auto options = asking(40'161, {community(Version::v2c, "public")});
  options.report_silent = true;
  options.patience = {std::chrono::milliseconds(100), 1};
  Rig rig;
  rig.scan(nowhere, options);
  REQUIRE(rig.outcomes.size() == 1);
  const Outcome& outcome = rig.outcomes.begin()->second;
  CHECK(outcome.is == Outcome::Is::failed);
  CHECK(outcome.code == "snmp.send-failed");
  CHECK(outcome.reason.find("this machine could not send: ") == 0);
  CHECK(rig.progress.wire.received == 0);
}

TEST_CASE("bad manners: what answers is read; what lies is flagged; nobody waits for anybody") {
  auto animals = fleet("bad-manners");
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  Rig rig;
  rig.scan(addresses_of(animals), asking(zoo->port(), {community(Version::v2c, "public")}));
  for (const auto& device : animals.devices) {
    const std::string address = device.address.text();
    CAPTURE(address);
    const auto& manners = device.manners;
    REQUIRE(rig.outcomes.contains(address));
    const Outcome& outcome = rig.outcomes.at(address);
    CAPTURE(outcome.code);
    REQUIRE(outcome.is == Outcome::Is::printer);
    std::string flags;
    for (const std::string& flag : outcome.reading->flags) flags += flag + "; ";
    const auto differences = lost(device, *outcome.reading);
    MESSAGE(address, " ", device.species->name, " requests ", zoo->counters(device.address).requests, " complete ",
            outcome.reading->complete, " differences ", differences.size(), " flags ", flags);
    const bool lies = manners.endless || manners.repeat || manners.wrong_types;
    if (!lies) {
      for (const std::string& difference : differences) MESSAGE(difference);
      CHECK(differences.empty());
      CHECK(outcome.reading->complete);
    }
    if (lies) CHECK_FALSE(outcome.reading->complete);
    CHECK((flags.find("wrong-type ") != std::string::npos) == manners.wrong_types);
    if (manners.v1_only) {
      CHECK(outcome.version == Version::v1);
      CHECK(outcome.tolerance.v1_only);
    }
    if (manners.no_bulk) CHECK_FALSE(outcome.tolerance.bulk);
    if (manners.reboot > 0) {  // read once more, and all of it after the restart
      CHECK(outcome.reading->flags.empty());
      CHECK(outcome.reading->system.sys_up_time == 0U);
    }
  }
}

TEST_CASE("a known printer that starts again while it is read is read once more, in fewer questions than at first") {
  auto animals = fleet("bad-manners");
  std::erase_if(animals.devices, [](const auto& device) { return device.manners.reboot == 0; });
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  const auto options = asking(zoo->port(), {community(Version::v2c, "public")});
  Rig rig;
  rig.scan(addresses_of(animals), options);
  const auto scanned = std::move(rig.outcomes);
  REQUIRE_FALSE(animals.devices.empty());
  for (const auto& device : animals.devices) {
    const Outcome& first = scanned.at(device.address.text());
    const auto requests = [&](VarBinds known) {
      const auto before = zoo->counters(device.address).requests;
      rig.read({{first.peer, options.credentials.front(), first.tolerance, std::move(known)}}, Reading::Kind::full,
               options);
      REQUIRE(rig.outcomes.size() == 1);
      const Outcome& outcome = rig.outcomes.begin()->second;
      CHECK(outcome.whole);
      REQUIRE(outcome.reading);
      CHECK(outcome.reading->complete);
      CHECK(outcome.reading->flags.empty());
      CHECK(outcome.reading->system.sys_up_time == 0U);
      CHECK(lost(device, *outcome.reading).empty());
      return zoo->counters(device.address).requests - before;
    };
    CHECK(requests(first.rows) < requests({}));
  }
}

TEST_CASE("credentials are tried in order, a wrong one delays nobody, and a refusal says why") {
  auto animals = fleet("demo");
  const auto of = [&](std::string_view model) {
    const auto at = std::find_if(animals.devices.begin(), animals.devices.end(),
                                 [&](const auto& device) { return device.species->name == model; });
    REQUIRE(at != animals.devices.end());
    return at->address;
  };
  const IpAddress sha = of("LaserJet Enterprise Flow MFP M636z");
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  const Credential right = user_of_the_zoo("zoo-sha");
  Credential wrong_auth = right, wrong_priv = right, unknown = right, level = right;
  wrong_auth.auth_pass = Secret("not the pass phrase");
  wrong_priv.priv_pass = Secret("not the pass phrase");
  unknown.user = "nobody";
  level.priv = Priv::none;
  struct Row {
    const char* name;
    std::vector<Credential> credentials;
    const char* code;  // "": opened
    std::size_t winner;
  };
  const Row rows[] = {
      {"right at once", {right}, "", 0},
      {"wrong authentication", {wrong_auth}, "snmp.v3.wrong-auth", 0},
      {"unknown user", {unknown}, "snmp.v3.unknown-user", 0},
      {"wrong, wrong, right", {unknown, wrong_auth, right}, "", 2},
      {"community first, user second", {community(Version::v2c, "public"), right}, "", 1},
      {"no credential for it", {community(Version::v2c, "public"), wrong_auth}, "snmp.v3.wrong-auth", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Rig rig;
    rig.scan({sha}, asking(zoo->port(), row.credentials));
    REQUIRE(rig.outcomes.size() == 1);
    const Outcome& outcome = rig.outcomes.begin()->second;
    CAPTURE(outcome.reason);
    CHECK(outcome.code == row.code);
    if (std::string_view(row.code).empty()) {
      REQUIRE(outcome.credential);
      CHECK(*outcome.credential == row.winner);
      CHECK(outcome.version == Version::v3);
      REQUIRE(outcome.reading);
      CHECK(outcome.reading->identity.engine_id.value_or("").starts_with("8000000b03"));  // HP, format 3: a MAC
    } else {
      CHECK(outcome.is == Outcome::Is::no_access);
      CHECK(outcome.reason.find("not the pass phrase") == std::string::npos);
    }
  }
  Rig rig;
  rig.scan({sha}, asking(zoo->port(), {wrong_priv}));
  REQUIRE(rig.outcomes.size() == 1);
  CHECK(rig.outcomes.begin()->second.is == Outcome::Is::no_access);
  CHECK(rig.outcomes.begin()->second.code.starts_with("snmp.v3."));
}

TEST_CASE("SNMPv3: a device whose clock is never where it was is told by its code, in few questions") {
  auto animals = fleet("demo");
  const auto at = std::find_if(animals.devices.begin(), animals.devices.end(), [](const auto& device) {
    return device.species->name == "LaserJet Enterprise Flow MFP M636z";
  });
  REQUIRE(at != animals.devices.end());
  at->manners = zoo::parse_manners("wild-clock").value();
  const IpAddress address = at->address;
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  Rig rig;
  rig.scan({address}, asking(zoo->port(), {user_of_the_zoo("zoo-sha")}));
  REQUIRE(rig.outcomes.size() == 1);
  CHECK(rig.outcomes.begin()->second.is == Outcome::Is::no_access);
  CHECK(rig.outcomes.begin()->second.code == "snmp.v3.time-window");
  CHECK(zoo->counters(address).requests <= 12);
}

TEST_CASE("SNMPv3: a printer that a community opens has told its engine id to the discovery all the same") {
  auto animals = fleet("printers", "", 2);
  auto access = std::make_shared<zoo::Access>(*animals.devices[0].access);
  access->users = {std::make_shared<const zoo::UsmUser>(user_of_the_zoo("zoo-sha"))};
  animals.devices[0].access = access;
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  Rig rig;
  rig.scan(addresses_of(animals), asking(zoo->port(), {community(Version::v2c, "public")}));
  REQUIRE(rig.outcomes.size() == 2);
  for (const auto& device : animals.devices) {
    const Outcome& outcome = rig.outcomes.at(device.address.text());
    REQUIRE(outcome.reading);
    CHECK(outcome.version == Version::v2c);
    CHECK(outcome.reading->identity.engine_id.has_value() == (device.access == access));
  }
}

TEST_CASE("where nobody listens, and where nobody is") {
  const auto zoo = zoo::Zoo::start(fleet("printers", "", 2), {}).value();
  auto options = asking(zoo->port(), {community(Version::v2c, "public")});
  options.patience = {std::chrono::milliseconds(100), 1};
  options.report_silent = true;
  Rig rig;
  rig.scan({IpAddress::parse("127.51.0.1").value(), zoo->fleet().devices[0].address}, options);
  REQUIRE(rig.outcomes.size() == 2);
  CHECK(rig.outcomes.at("127.51.0.1").is == Outcome::Is::silent);
  CHECK(rig.outcomes.at("127.51.0.1").code == "snmp.silent");
  CHECK(rig.outcomes.at("127.50.0.1").is == Outcome::Is::printer);

  std::uint16_t closed = 0;
  {
    const auto gone = zoo::Zoo::start(fleet("printers", "", 1), {}).value();
    closed = gone->port();
  }
  options.port = closed;
  rig.scan({IpAddress::parse("127.50.0.1").value()}, options);
  REQUIRE(rig.outcomes.size() == 1);
  CHECK(rig.outcomes.at("127.50.0.1").is == Outcome::Is::unreachable);
  CHECK(rig.outcomes.at("127.50.0.1").code == "snmp.unreachable");
}

TEST_CASE("known printers are read again, in full or in two questions") {
  const auto zoo = zoo::Zoo::start(fleet("printers", "", 20), {}).value();
  const Credential public_v2c = community(Version::v2c, "public");
  const auto options = asking(zoo->port(), {public_v2c});
  Rig rig;
  rig.scan(addresses_of(zoo->fleet()), options);
  REQUIRE(rig.progress.printers == 20);
  std::vector<Scanner::Known> known;
  for (auto& [address, outcome] : rig.outcomes)
    known.push_back({outcome.peer, public_v2c, outcome.tolerance, outcome.rows});
  known.push_back({{IpAddress::parse("127.51.0.9").value(), zoo->port()}, public_v2c, {}, {}});

  const auto before = zoo->requests();
  rig.read(known, Reading::Kind::status, options);
  const auto asked = zoo->requests() - before;
  MESSAGE(asked, " requests for 20 status reads");
  CHECK(asked <= 50);
  CHECK(rig.progress.printers == 20);
  REQUIRE(rig.outcomes.contains("127.51.0.9"));
  CHECK(rig.outcomes.at("127.51.0.9").is == Outcome::Is::failed);
  CHECK(rig.outcomes.at("127.51.0.9").code == "snmp.timeout");
  for (const auto& device : zoo->fleet().devices) {
    const Outcome& outcome = rig.outcomes.at(device.address.text());
    REQUIRE(outcome.reading);
    CHECK(outcome.reading->kind == Reading::Kind::status);
    CHECK(outcome.reading->complete);
    CHECK(outcome.credential == 0U);
    CHECK_FALSE(outcome.reading->supplies.empty());
  }
  known.pop_back();
  for (const auto age : {std::chrono::hours(1), std::chrono::hours(25)}) {
    for (Scanner::Known& each : known) each.age = age;
    const auto already = zoo->requests();
    rig.read(known, Reading::Kind::full, options);
    const auto needed = zoo->requests() - already;
    MESSAGE(needed, " requests for 20 full reads, ", age.count(), " h after everything was asked for");
    CHECK(needed <= 20 * (age.count() == 1 ? 4 : 9));  // two of them answer no more than 484 octets
    CHECK(rig.progress.printers == 20);
    for (const auto& device : zoo->fleet().devices) {
      const Outcome& outcome = rig.outcomes.at(device.address.text());
      CHECK(outcome.whole == (age.count() > 1));
      CHECK(outcome.reading->complete);
      for (const std::string& difference : lost(device, *outcome.reading)) FAIL_CHECK(difference);
    }
  }
}

TEST_CASE("bad manners, once learned: nothing is lost, no silence is met again, few requests") {
  const auto animals = fleet("bad-manners");
  const auto lies = [](const zoo::Manners& manners) {
    return manners.endless || manners.repeat || manners.wrong_types || manners.reboot > 0 || manners.loss > 0 ||
           manners.wrong_id > 0 || manners.wrong_source > 0;
  };
  const auto zoo = zoo::Zoo::start(animals, {}).value();
  const auto options = asking(zoo->port(), {community(Version::v2c, "public")});
  Rig rig;
  rig.scan(addresses_of(animals), options);
  std::vector<Scanner::Known> known;
  for (auto& [address, outcome] : rig.outcomes)
    known.push_back({outcome.peer, options.credentials[0], outcome.tolerance, outcome.rows, std::chrono::hours(25)});
  std::map<std::string, std::uint64_t> before;
  for (const auto& device : animals.devices) before[device.address.text()] = zoo->counters(device.address).requests;
  rig.read(known, Reading::Kind::full, options);
  for (const auto& device : animals.devices) {
    const std::string address = device.address.text();
    CAPTURE(address);
    if (lies(device.manners)) continue;
    REQUIRE(rig.outcomes.contains(address));
    const Outcome& outcome = rig.outcomes.at(address);
    REQUIRE(outcome.reading);
    const auto counters = zoo->counters(device.address);
    const auto requests = counters.requests - before[address];
    std::size_t octets = 0;
    for (const VarBind& row : outcome.rows) octets += row.name.size() + 8 + row.value.text().size() / 2;
    const std::size_t limit =
        std::min<std::size_t>({1'400, device.manners.too_big > 0 ? device.manners.too_big : 1'400,
                               device.manners.drop_above > 0 ? device.manners.drop_above : 1'400});
    MESSAGE(address, " ", device.species->name, ": ", requests, " requests for ", outcome.rows.size(), " rows, about ",
            octets, " octets, at most ", outcome.tolerance.octets, " in one of ", limit);
    CHECK(outcome.reading->complete);
    for (const std::string& difference : lost(device, *outcome.reading)) FAIL_CHECK(difference);
    CHECK(requests <= 2 * (octets / limit + 1) + 1);
  }
}

TEST_CASE("a scan that is told to stop comes back without the rest") {
  const auto zoo = zoo::Zoo::start(fleet("printers", "latency:200", 50), {}).value();
  Rig rig;
  std::size_t outcomes = 0;
  rig.progress = rig.scanner.scan(
      addresses_of(zoo->fleet()), asking(zoo->port(), {community(Version::v2c, "public")}),
      [&](Outcome&&) { ++outcomes; },
      [&](const ScanProgress& progress) {
        if (progress.reading > 0) rig.stop.request_stop();
      },
      rig.stop.get_token());
  CHECK(outcomes == 0);
  while (rig.engine->step(std::chrono::milliseconds(50))) {
  }  // late answers find nobody, and do no harm
  CHECK(rig.engine->pending() == 0);
}

TEST_CASE("many printers at 5 to 15 ms") {
  const auto zoo = zoo::Zoo::start(fleet("printers", "latency:5+10", 300), {}).value();
  Rig rig;
  rig.scan(addresses_of(zoo->fleet()), asking(zoo->port(), {community(Version::v2c, "public")}));
  CHECK(rig.progress.printers == 300);
}
