// What can be asked of an agent, as a value; and the octets of the task that asks it.
//
//   Source   proto/platen/v1/tasks.proto. The bounds are those of the messages there.
//   Errors   Code::invalid in a sentence: what, where, what to do.
//   Effects  none.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::cloud {

inline constexpr std::chrono::days longest_task_life{30};
inline constexpr std::size_t longest_task_toml = 65'536;
inline constexpr std::uint32_t most_task_log_lines = 10'000;

// A printer as its readings named it; "" where they did not.
struct OrderedPrinter {
  std::string serial, mac, address;
  friend bool operator==(const OrderedPrinter&, const OrderedPrinter&) = default;
};

// `kind` says which of the others mean something.
struct TaskOrder {
  std::string kind = {};                      // a word of task_kinds()
  std::vector<std::string> ranges = {};       // scan; none: everything that is configured
  std::vector<OrderedPrinter> printers = {};  // read_now: none is every printer; record, open_web_session: one
  std::string toml = {};                      // set_config
  std::uint32_t confirm_within_s = 0;         // set_config; 0: the agent's default
  std::string address = {};                   // explain
  std::uint32_t log_lines = 0;                // send_diagnostics
  std::string task_id = {};                   // cancel
  std::string public_key = {};                // trust_key: 32 octets
  std::uint32_t overlap_s = 0;                // trust_key
  friend bool operator==(const TaskOrder&, const TaskOrder&) = default;
};

// Whose it is, and when it is good.
struct TaskFrame {
  std::string tenant, agent, id;
  WallTime issued{}, not_after{};
};

// The words of the kinds that people may ask for, in the order of the contract.
[[nodiscard]] std::span<const std::string_view> task_kinds();
[[nodiscard]] bool is_task_id(std::string_view text);  // 32 hex digits, lower case

[[nodiscard]] Expected<void> check_order(const TaskOrder& order);
// A serialised platen.v1.Task: these octets are signed and executed, and never made anew.
[[nodiscard]] Expected<std::string> task_octets(const TaskOrder& order, const TaskFrame& frame);
// What it is about, for a list: "192.0.2.0/24", "serial VNB3K1"; "" when its kind says everything.
[[nodiscard]] std::string about(const TaskOrder& order);

}  // namespace platen::cloud
