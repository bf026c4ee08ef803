// A scanner, an engine on a real socket and a zoo: what the tests of scanning share.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "snmp/discover/scanner.h"
#include "tests/zoo/compare.h"
#include "tests/zoo/fleets.h"

namespace platen::snmp::test {

inline const Profiles& built_in() {
  static const Profiles profiles = Profiles::built_in();
  return profiles;
}

inline Credential community(Version version, const std::string& name) {
  Credential credential;
  credential.version = version;
  credential.community = Secret(name);
  return credential;
}

inline Credential user_of_the_zoo(std::string_view name) {
  for (const Credential& credential : zoo::zoo_credentials()) {
    if (credential.version == Version::v3 && credential.user == name) return credential;
  }
  return {};
}

struct Rig {
  std::unique_ptr<Engine> engine = Engine::open(open_batched_port().value(), {}, system_clock()).value();
  Scanner scanner{*engine, built_in(), system_clock()};
  std::map<std::string, Outcome> outcomes;
  ScanProgress progress;
  std::stop_source stop;

  Scanner::OnOutcome keep() {
    return [this](Outcome&& outcome) {
      const std::string address = outcome.peer.address.text();
      CAPTURE(address);
      CHECK(outcomes.count(address) == 0);  // one outcome an address
      outcomes[address] = std::move(outcome);
    };
  }
  void scan(const std::vector<IpAddress>& targets, const ScanOptions& options) {
    outcomes.clear();
    progress = scanner.scan(targets, options, keep(), {}, stop.get_token());
  }
  void read(const std::vector<Scanner::Known>& known, Reading::Kind kind, const ScanOptions& options) {
    outcomes.clear();
    progress = scanner.read(known, kind, options, keep(), {}, stop.get_token());
  }
};

inline zoo::Fleet fleet(const std::string& name, const std::string& manners = "", std::uint32_t count = 0) {
  zoo::FleetOptions options;
  options.name = name;
  if (count > 0) options.count = count;
  options.manners = zoo::parse_manners(manners).value();
  return zoo::make_fleet(options).value();
}

inline std::vector<IpAddress> addresses_of(const zoo::Fleet& fleet) {
  std::vector<IpAddress> all;
  for (const auto& device : fleet.devices) all.push_back(device.address);
  return all;
}

inline ScanOptions asking(std::uint16_t port, std::vector<Credential> credentials) {
  ScanOptions options;
  options.port = port;
  options.credentials = std::move(credentials);
  options.patience = {std::chrono::milliseconds(500), 2};
  return options;
}

}  // namespace platen::snmp::test
