// What the agent says of itself in state_dir/status.json, for `platen status`: no port listens on this host.
//
//   Shapes   One JSON object, "schema":"platen.agent-status/1", snake_case, UTC; what is not known has no key. Times
//   and
//            counters only: no reading, no secret.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "agent/ledger/shelf.h"
#include "agent/schedule/clock_watch.h"
#include "agent/schedule/forecast.h"
#include "agent/schedule/rounds.h"
#include "agent/tasks/desk.h"
#include "base/clock.h"
#include "transport/command/channel.h"
#include "transport/uplink/uplink.h"

namespace platen::agent {

struct Status {
  std::string version, agent_id;
  std::int64_t process = 0;
  WallTime started{}, progress{};  // when the main job last moved on
  bool running = true;             // false: ended in good order
  std::string config_file;
  std::map<std::string, int, std::less<>> config_lines;  // keys the file states, and where; all others are fallbacks
  WallTime config_loaded{};
  std::string config_remote;  // why what came from afar is left out; "": it is not, or there is none
  std::string config_error;   // why the last reload was refused; "" when it was not
  std::string state_trouble;  // why the state folder cannot be used; "": it can
  std::string cloud_address;
  std::optional<WallTime> certificate_until, certificate_renewed;  // `renewed`: when that is due
  std::string enrolment;                                           // what to do when there is no identity; "": there is
  std::string certificate_error;
  std::optional<uplink::State> uplink;  // nothing: no cloud configured
  std::string command_address;
  std::optional<channel::State> command;  // nothing: no broker configured
  ledger::Position ledger;
  ledger::Health ledger_health;
  ledger::Shelf::State shelf;
  schedule::Tally tally;
  std::size_t printers = 0, silent_printers = 0;
  std::vector<snmp::SubnetUse> subnets;  // what was sent and received since the start
  std::string time_zone;
  schedule::ClockState clock;
  wire::Forecast forecast;
  std::optional<tasks::Desk::State> tasks;  // nothing: no tasks are taken
};

[[nodiscard]] std::string to_json(const Status& status);  // with a line end

}  // namespace platen::agent
