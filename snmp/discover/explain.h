// Why is this device read, or not? Asks one address step by step and tells what was tried, what came back and what that
// proves.
//
//   Steps    SNMPv3 discovery; each credential in whose scope the address lies, in the order given; with the first that
//            opens it, whether it is a printer. When nothing at all is answered: other signs of a living host.
//   Shapes   Words for people, stable codes for programs (docs/scan-json.md). A step names its credential, never a
//            secret.
//   Effects  Sends GET and GETNEXT to that address only, one at a time; look_for_life() when everything was silent.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "snmp/discover/life.h"
#include "snmp/discover/scanner.h"

namespace platen::snmp {

struct Step {
  enum class Is { discovery, credential, withheld /*not offered: the address is outside its scope*/, gate, life };
  Is is = Is::discovery;
  std::string code{};  // of what came back: "snmp.answered", "snmp.silent", "snmp.v3.wrong-auth", …
  std::optional<std::size_t> credential{};  // index in ScanOptions::credentials
  std::optional<Version> version{};
  std::string asked{}, came_back{}, proves{};  // sentences
  int tries = 0;
  std::chrono::milliseconds round_trip{0};  // of an answer
};

struct Explanation {
  Peer peer;
  Outcome::Is is = Outcome::Is::silent;
  std::string code, reason;               // as Outcome's; for a printer "printer"
  std::optional<std::size_t> credential;  // the one that opened it
  std::vector<Step> steps;
};

// The verdict of the steps alone: pure.
void judge(Explanation& explanation);

using LookForLife = std::function<std::optional<Life>(const IpAddress&)>;

// nullopt: stopped before the end.
[[nodiscard]] std::optional<Explanation> explain(Engine& engine, const Peer& peer, const ScanOptions& options,
                                                 const LookForLife& look, const std::stop_token& stop);

}  // namespace platen::snmp
