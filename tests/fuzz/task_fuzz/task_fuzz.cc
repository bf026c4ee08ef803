// Any octets as a signed task: never believed. As the inside of a well signed one: believed only when they are exactly what
// this agent would write.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/tasks/verdict.h"
#include "platen/v1/tasks.pb.h"
#include "proto/quiet.h"
#include "proto/task_key.h"

using namespace platen;

namespace {
void must(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const wire::TaskKey key = wire::make_task_key().value();
  static const std::vector<tasks::TrustedKey> keys = {{key.public_key, std::nullopt}};
  const wire::Quiet quiet;
  const std::string octets(reinterpret_cast<const char*>(data), size);
  const tasks::Court court{"Example", "agent-1", keys, WallTime(std::chrono::milliseconds(1'800'000'000'000))};
  const auto as_it_came = tasks::judge(octets, court);
  must(!as_it_came && !as_it_came.error().proven);
  v1::SignedTask signed_task;
  signed_task.set_task(octets);
  signed_task.set_signature(wire::sign_task(key, octets).value());
  signed_task.set_key_id(wire::task_key_id(key.public_key));
  const auto taken = tasks::judge(signed_task.SerializeAsString(), court);
  v1::Task task;
  if (!taken) return must(!taken.error().text.empty()), 0;
  must(task.ParseFromString(octets) && task.SerializeAsString() == octets);
  must(task.agent_id() == "agent-1" && task.tenant() == "Example" && tasks::is_task_id(taken->id));
  must(taken->not_after > court.now && taken->not_after - taken->issued <= tasks::longest_validity);
  return 0;
}
