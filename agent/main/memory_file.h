// What the agent remembers of its fleet over a restart: state_dir/fleet.json. A memory, not a truth: whatever is missing or
// wrong in it is found again by a sweep.
//
//   Shapes   One JSON object, "schema":"platen.fleet-memory/1"; no secret: a credential is its place in the file's list.
//   Errors   read: nothing of a file that is not whole. write: as host::write_file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/schedule/fleet.h"
#include "agent/schedule/meter_watch.h"

namespace platen::agent {

struct FleetMemory {
  std::vector<schedule::Winner> winners;
  std::vector<schedule::MeterMemory> meters;
  std::optional<Day> forecast_on;  // the last day that a forecast was made, in the site's calendar
};

[[nodiscard]] std::string to_json(const FleetMemory& memory);
[[nodiscard]] std::optional<FleetMemory> memory_from_json(std::string_view text);

}  // namespace platen::agent
