// One agent's stream as gRPC has it, and all of them by agent. Inside cloud/ingest only.
//
//   Limits   two streams of one agent: a third ends the oldest (two, because a new one may come before a dead one is noticed).
//            A stream on which nothing is heard for a while is ended.
//   Threads  gRPC's and the workers'. No lock is held while gRPC is called: it may call back from within.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cloud/ingest/visit.h"
#include "cloud/ingest/workers.h"
#include "platen/v1/uplink.pb.h"

namespace platen::cloud {

class Receptions;

// Reads a message, has a worker answer it, writes the answer, reads the next; in between it says what is new for the agent. One
// has the turn at a time: it may touch the visit and the messages until it gives the turn back. A worker's job holds the
// object, because the stream may be over the moment that the turn is given back.
class Reception final : public grpc::ServerBidiReactor<v1::AgentMessage, v1::CloudMessage>,
                        public std::enable_shared_from_this<Reception> {
 public:
  Reception(Receptions& all, Workers& workers, const Clock& clock, std::unique_ptr<Visit> visit,
            grpc::CallbackServerContext& context)
      : all_(all),
        workers_(workers),
        clock_(clock),
        visit_(std::move(visit)),
        context_(context),
        heard_(clock.monotonic()) {}

  void begin() { StartRead(&incoming_); }
  void tell();  // there is something new
  void end();   // from outside: the stream is of no use
  [[nodiscard]] const std::string& agent() const { return visit_->agent(); }
  [[nodiscard]] MonotonicTime heard() const;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  void next();
  void answer();
  void say_news();
  void write(bool read_on);
  void give_back();
  void finish(bool with_message);

  Receptions& all_;
  Workers& workers_;
  const Clock& clock_;
  const std::unique_ptr<Visit> visit_;
  grpc::CallbackServerContext& context_;  // until OnDone()
  v1::AgentMessage incoming_;
  v1::CloudMessage outgoing_;

  mutable std::mutex mutex_;  // of what follows
  MonotonicTime heard_;
  bool turn_ = false;      // somebody answers or writes
  bool arrived_ = false;   // incoming_ waits to be answered
  bool news_ = false;      // tell() was called
  bool gone_ = false;      // the agent has hung up, or cannot be written to
  bool ending_ = false;    // end() is under way: the context must stay
  bool finished_ = false;  // gRPC was told that this is the end
  bool read_on_ = false;   // after the write that is under way
};

class Receptions {
 public:
  static constexpr std::size_t most_of_one_agent = 2;

  void add(std::shared_ptr<Reception> reception);
  void remove(const Reception* reception);
  void tell(const std::string& agent);
  void end_silent(MonotonicTime since);

 private:
  std::mutex mutex_;
  std::map<std::string, std::deque<std::shared_ptr<Reception>>> by_agent_;  // the oldest first
};

}  // namespace platen::cloud
