#include "proto/task_codec.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace std::chrono_literals;

TEST_CASE("a task's result and state come back as they were") {
  const wire::TaskResult result{.task_id = std::string(32, 'a'),
                                .outcome = wire::TaskResult::Outcome::not_yet,
                                .text = "nicht jetzt: ä",
                                .began = WallTime(5ms),
                                .ended = WallTime(7ms),
                                .output = std::string("\0\xFF{}", 4)};
  CHECK(wire::decode_task_result(wire::encode_task_result(result)) == result);
  const wire::TaskState state{
      .task_id = "b", .stage = wire::TaskState::Stage::running, .done = 3, .of = 9, .text = "reads"};
  CHECK(wire::decode_task_state(wire::encode_task_state(state)) == state);
  CHECK(wire::name_of(wire::TaskResult::Outcome::not_yet) == "not_yet");
}

TEST_CASE("what is beyond the bounds, or no UTF-8, is made to fit and never spoils the rest") {
  const wire::TaskResult large{.task_id = "a",
                               .outcome = wire::TaskResult::Outcome::failed,
                               .text = std::string(wire::most_task_text - 1, 'x') + "ä",
                               .output = std::string(wire::most_task_output + 1, 'o')};
  const auto cut = wire::decode_task_result(wire::encode_task_result(large));
  REQUIRE(cut);
  CHECK(cut->text == std::string(wire::most_task_text - 1, 'x'));
  CHECK(cut->output.size() == wire::most_task_output);
  const auto strange = wire::decode_task_result(wire::encode_task_result({.task_id = "a", .text = "x\xFFy"}));
  REQUIRE(strange);
  CHECK(strange->text == "x?y");
}

TEST_CASE("octets that are no result are refused") {
  CHECK_FALSE(wire::decode_task_result("\xFF\xFF").has_value());
  CHECK_FALSE(wire::decode_task_result(std::string(400'000, 'a')).has_value());
  CHECK_FALSE(wire::decode_task_state("\xFF\xFF").has_value());
}
