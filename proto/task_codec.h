// What becomes of tasks as octets and back, without protobuf headers: results for the ledger, and the word that one begins.
//
//   Source   proto/platen/v1/tasks.proto: TaskResult, TaskState.
//   Shapes   Texts and output beyond the message's bounds are cut; times of nothing are 0.
//   Errors   decode: Code::corrupt (not this message, or beyond its bounds).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::wire {

inline constexpr std::string_view task_result_kind = "task-result";
// A TaskState that goes before the execution: once it is acknowledged the cloud's chain knows that the task was begun.
inline constexpr std::string_view task_begun_kind = "task-begun";

inline constexpr std::size_t most_task_text = 4'096, most_task_state_text = 256, most_task_output = 262'144;

struct TaskResult {
  // As in tasks.proto, in its order.
  enum class Outcome { unspecified, done, failed, expired, forbidden, refused, interrupted, cancelled, not_yet };
  std::string task_id;
  Outcome outcome = Outcome::unspecified;
  std::string text = {};
  WallTime began{}, ended{};
  std::string output = {};
  friend bool operator==(const TaskResult&, const TaskResult&) = default;
};
[[nodiscard]] std::string_view name_of(TaskResult::Outcome outcome);  // "done", "not_yet", …
[[nodiscard]] std::string encode_task_result(const TaskResult& result);
[[nodiscard]] Expected<TaskResult> decode_task_result(std::string_view octets);

struct TaskState {
  enum class Stage { unspecified, received, running };
  std::string task_id;
  Stage stage = Stage::unspecified;
  std::uint32_t done = 0, of = 0;
  std::string text = {};
  friend bool operator==(const TaskState&, const TaskState&) = default;
};
[[nodiscard]] std::string encode_task_state(const TaskState& state);
[[nodiscard]] Expected<TaskState> decode_task_state(std::string_view octets);

}  // namespace platen::wire
