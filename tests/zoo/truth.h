// What a device really is at a moment, as a Reading: made from the model, never from the rows it answers.
#pragma once

#include <optional>
#include <string>

#include "base/reading/reading.h"
#include "tests/zoo/zoo.h"

namespace platen::zoo {

// nullopt: no printer, or a recording. `ticks`: the sysUpTime to tell the truth about.
[[nodiscard]] std::optional<Reading> truth_of(const DeviceSpec& device, std::uint32_t ticks);
// The device as one line of JSON, in the schema of `platen scan --format json`.
[[nodiscard]] std::string truth_line(const DeviceSpec& device, std::optional<std::uint32_t> ticks);
// The count a CounterPoint of this device must have, for every point that can be told; nullopt: nothing is known about
// it.
[[nodiscard]] std::optional<std::uint64_t> true_count(const DeviceSpec& device, std::uint32_t ticks,
                                                      const CounterPoint& point);

}  // namespace platen::zoo
