// Is this task to be believed? Octets in, a task or the reason against it out.
//
//   Source   proto/platen/v1/tasks.proto: SignedTask, Task. Only what the signature covers is read.
//   Rules    Strict: octets that are not exactly what this agent would write for the same task are refused, so an unknown
//            field, a doubled one, a longer number or anything behind the end is. Signed by a key that counts now, for this
//            tenant and this agent, not from the future, not expired, valid for 30 days at most, of a known kind with
//            arguments within bounds.
//   Time     the cloud's clock, as an argument.
//   Errors   Refusal. Effects  none: callable from any thread and from the fuzzer.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tasks/task.h"
#include "base/expected.h"

namespace platen::tasks {

inline constexpr std::size_t most_signed_octets = 131'072;
inline constexpr std::chrono::hours longest_validity{30 * 24};
// The cloud's clock is heard with the delay of the way, and several servers are not of one mind.
inline constexpr std::chrono::milliseconds future_tolerance{10'000};
inline constexpr std::size_t most_ranges = 256, most_printers = 1'000, most_toml = 65'536, most_log_lines = 10'000;

struct TrustedKey {
  std::string public_key;
  std::optional<WallTime> until = {};  // by the cloud's clock; nothing: no end is known
  friend bool operator==(const TrustedKey&, const TrustedKey&) = default;
};

struct Court {
  std::string_view tenant, agent_id;
  std::span<const TrustedKey> keys;
  WallTime now{};
};

enum class Why {
  malformed,
  unknown_key,
  bad_signature,
  readdressed,
  future,
  expired,
  too_long,
  unknown_kind,
  bad_arguments
};
[[nodiscard]] std::string_view name_of(Why why);  // "bad-signature", …

struct Refusal {
  Why why = Why::malformed;
  std::string text;
  std::string task_id = {};                // when it can be read and the task is for this agent
  bool proven = false;                     // the signature is good: the cloud itself said this
  std::optional<WallTime> not_after = {};  // when proven, and within bounds
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

[[nodiscard]] Expected<Task, Refusal> judge(std::string_view signed_task, const Court& court);

}  // namespace platen::tasks
