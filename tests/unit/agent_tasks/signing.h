// Tasks as a cloud makes them, for tests.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/text.h"
#include "platen/v1/tasks.pb.h"
#include "proto/task_key.h"

namespace platen::test {

inline const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
inline std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }
inline std::string id_of(unsigned number) { return fmt::format("{:032x}", number); }

inline const wire::TaskKey& key() {
  static const wire::TaskKey made = wire::make_task_key().value();
  return made;
}
inline const wire::TaskKey& other_key() {
  static const wire::TaskKey made = wire::make_task_key().value();
  return made;
}

// A task for agent-1 of Example, issued a second ago, good for an hour: read everything.
inline v1::Task task(unsigned number = 1, WallTime at = now) {
  v1::Task out;
  out.set_tenant("Example");
  out.set_agent_id("agent-1");
  out.set_task_id(id_of(number));
  out.set_issued_ms(ms(at) - 1'000);
  out.set_not_after_ms(ms(at) + 3'600'000);
  out.mutable_read_now();
  return out;
}

inline v1::SignedTask sealed(const std::string& octets, const wire::TaskKey& with = key()) {
  v1::SignedTask out;
  out.set_task(octets);
  out.set_signature(wire::sign_task(with, octets).value());
  out.set_key_id(wire::task_key_id(with.public_key));
  return out;
}
inline std::string sign(const v1::Task& task, const wire::TaskKey& with = key()) {
  return sealed(task.SerializeAsString(), with).SerializeAsString();
}

}  // namespace platen::test
