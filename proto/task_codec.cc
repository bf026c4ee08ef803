#include "proto/task_codec.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "platen/v1/tasks.pb.h"

namespace platen::wire {
namespace {

constexpr std::array<std::string_view, 9> outcomes = {"unspecified", "done",        "failed",    "expired", "forbidden",
                                                      "refused",     "interrupted", "cancelled", "not_yet"};
constexpr std::size_t most_octets = most_task_output + most_task_text + 4'096;

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }
WallTime time_of(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }

// proto3 texts are UTF-8: octets that are none would make the whole message unreadable.
std::string text_within(std::string_view text, std::size_t most) {
  std::size_t end = std::min(text.size(), most);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  std::string out(text.substr(0, end));
  if (is_utf8(out)) return out;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) > 0x7EU) c = '?';
  }
  return out;
}

template <class Message>
bool parse(Message& message, std::string_view octets) {
  return octets.size() <= most_octets && message.ParseFromArray(octets.data(), static_cast<int>(octets.size()));
}

}  // namespace

std::string_view name_of(TaskResult::Outcome outcome) { return outcomes.at(static_cast<std::size_t>(outcome)); }

std::string encode_task_result(const TaskResult& result) {
  v1::TaskResult message;
  message.set_task_id(text_within(result.task_id, most_task_state_text));
  message.set_outcome(static_cast<v1::TaskResult::Outcome>(result.outcome));
  message.set_text(text_within(result.text, most_task_text));
  message.set_began_ms(milliseconds(result.began));
  message.set_ended_ms(milliseconds(result.ended));
  message.set_output(result.output.substr(0, most_task_output));
  return message.SerializeAsString();
}

Expected<TaskResult> decode_task_result(std::string_view octets) {
  v1::TaskResult message;
  if (!parse(message, octets) || message.output().size() > most_task_output || message.text().size() > most_task_text)
    return fail(Code::corrupt, "these " + std::to_string(octets.size()) + " octets are not a platen.v1.TaskResult");
  TaskResult result{.task_id = message.task_id(),
                    .text = message.text(),
                    .began = time_of(message.began_ms()),
                    .ended = time_of(message.ended_ms()),
                    .output = message.output()};
  if (v1::TaskResult::Outcome_IsValid(message.outcome()))
    result.outcome = static_cast<TaskResult::Outcome>(message.outcome());
  return result;
}

std::string encode_task_state(const TaskState& state) {
  v1::TaskState message;
  message.set_task_id(text_within(state.task_id, most_task_state_text));
  message.set_state(static_cast<v1::TaskState::State>(state.stage));
  message.set_done(state.done);
  message.set_of(state.of);
  message.set_text(text_within(state.text, most_task_state_text));
  return message.SerializeAsString();
}

Expected<TaskState> decode_task_state(std::string_view octets) {
  v1::TaskState message;
  if (!parse(message, octets) || message.text().size() > most_task_state_text)
    return fail(Code::corrupt, "these " + std::to_string(octets.size()) + " octets are not a platen.v1.TaskState");
  TaskState state{.task_id = message.task_id(), .done = message.done(), .of = message.of(), .text = message.text()};
  if (v1::TaskState::State_IsValid(message.state())) state.stage = static_cast<TaskState::Stage>(message.state());
  return state;
}

}  // namespace platen::wire
