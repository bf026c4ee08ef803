// One ask on its way, and the device it goes to.
#pragma once

#include <list>
#include <optional>
#include <string>

#include "snmp/engine/engine.h"
#include "snmp/engine/traffic.h"
#include "snmp/engine/usm.h"

namespace platen::snmp {

struct Job {
  enum class Stage { asking, discovering };

  Ask ask{};
  const Credential* credential = nullptr;  // nullptr: discovery alone
  const Login* login = nullptr;            // SNMPv3
  Patience patience{};
  Engine::Done done{};
  std::string refusal{};  // why this can never be sent

  // in flight
  Stage stage = Stage::asking;
  std::uint32_t id = 0;
  int tries = 0;             // of this stage
  int resyncs = 0;           // times that the device made us learn its engine or time again
  int excused = 0;           // timeouts that were this machine's fault
  bool other_names = false;  // answered, but with names that were not asked for
  bool rubbish = false;      // what came from there was no SNMP
  MonotonicTime first_sent{};
  MonotonicTime deadline{};
  std::uint64_t dropped_before = 0;

  [[nodiscard]] bool is_v3() const { return credential == nullptr || credential->version == Version::v3; }
};

struct Device {
  Peer peer{};
  std::list<Job> jobs{};  // the first may be in flight, the others wait for it
  bool in_flight = false;
  std::optional<Authority> authority{};  // SNMPv3, once discovered
  Traffic::Subnet* subnet = nullptr;
  std::chrono::milliseconds quickest = std::chrono::milliseconds::max();  // round trip
  MonotonicTime rest_until{};

  // After an answer to a first try: is the device getting slower?
  void answered_in(std::chrono::milliseconds round_trip, MonotonicTime now);
};

// GET: the same names in the same order. GETNEXT and GETBULK: no more than was asked for; their order is the plan's
// business.
[[nodiscard]] bool answers(const Ask& ask, std::int32_t error_status, const VarBinds& varbinds);

}  // namespace platen::snmp
