// One agent's stream, as a decision: a message in, an answer out. No gRPC; the store is the only thing it touches.
//
//   Source   the rules at the head of proto/platen/v1/uplink.proto.
//   Threads  one call at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/ingest/doorkeeper.h"
#include "cloud/ingest/rebuild.h"
#include "cloud/ingest/task_desk.h"
#include "cloud/store/store.h"

namespace platen::v1 {
class AgentMessage;
class Batch;
class CloudMessage;
class Hello;
class TaskListRequest;
}  // namespace platen::v1

namespace platen::cloud {

class Visit {
 public:
  // `agent` is the CN of the peer's certificate; "" when there is none, which is refused.
  // Without a doorkeeper everybody with a certificate may talk; `peer` is the address that it is told. Without a desk of tasks
  // nothing ever waits for anybody.
  Visit(Store& store, const Clock& clock, std::string agent, Doorkeeper* door = nullptr, std::string peer = "",
        TaskDesk* tasks = nullptr)
      : store_(store), clock_(clock), agent_(std::move(agent)), door_(door), peer_(std::move(peer)), tasks_(tasks) {}

  enum class Then { answer_and_go_on, go_on, answer_and_end };
  [[nodiscard]] Then take(v1::AgentMessage& message, v1::CloudMessage& answer);
  // What is said unasked: tasks that this agent was never given. False: there is nothing to say, or nobody has said Hello yet.
  [[nodiscard]] bool tell_tasks(v1::CloudMessage& message);
  [[nodiscard]] const std::string& agent() const { return agent_; }

 private:
  Then greet(const v1::Hello& hello, v1::CloudMessage& answer);
  Then store(v1::Batch& batch, v1::CloudMessage& answer);
  Then preview(v1::Batch& batch);
  Then list_tasks(const v1::TaskListRequest& request, v1::CloudMessage& answer);
  [[nodiscard]] bool of_this_epoch(const v1::Batch& batch) const;
  Expected<PutResult> put(std::vector<StoredRecord>& records);
  Expected<PutResult> put_one_by_one(std::vector<StoredRecord>& records);
  Then refuse_for_the_store(const Error& error, std::uint64_t first, v1::CloudMessage& answer);
  Then refuse_fork(std::uint64_t seq, v1::CloudMessage& answer);
  [[nodiscard]] Expected<void> admitted();
  Then refuse(int why, const std::string& text, std::uint64_t seq, v1::CloudMessage& answer) const;

  Store& store_;
  const Clock& clock_;
  const std::string agent_;
  Doorkeeper* const door_;
  const std::string peer_;
  TaskDesk* const tasks_;
  std::string instance_;
  Rebuild rebuild_;
  std::string epoch_;  // "" until Hello was taken
};

}  // namespace platen::cloud
