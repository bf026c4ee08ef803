// The second rung: one HTTP/1.1 request of an agent, without its socket: the octets of a SignedPost in, those of a PostAnswer
// out. Each message in it is judged by a Visit, as on a stream.
//
//   Source   proto/platen/v1/uplink.proto: SignedPost. Who speaks is proved in the message, so it does not matter what
//            terminates TLS in front of us, nor what it says of the client.
//   Limits   most_octets a request, 64 messages in it; ten minutes between its time and ours.
//   Errors   none: what is wrong is said in the answer; what is no message at all has status 400.
//   Threads  callable from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "cloud/ingest/doorkeeper.h"
#include "cloud/ingest/task_desk.h"
#include "cloud/store/store.h"

namespace platen::cloud {

class PostDesk {
 public:
  static constexpr std::string_view path = "/platen.v1.Uplink/Post", media_type = "application/x-protobuf";
  static constexpr std::size_t most_octets = std::size_t{3} << 20U;  // a batch, its signature and what is around it

  // Without a doorkeeper every agent with a certificate may talk.
  PostDesk(Store& store, const Clock& clock, std::string client_ca_pem, Doorkeeper* door = nullptr,
           TaskDesk* tasks = nullptr)
      : store_(store), clock_(clock), client_ca_pem_(std::move(client_ca_pem)), door_(door), tasks_(tasks) {}

  struct Reply {
    unsigned status = 200;
    std::string body;
  };
  [[nodiscard]] Reply answer(std::string_view body, const std::string& peer);

 private:
  Store& store_;
  const Clock& clock_;
  const std::string client_ca_pem_;
  Doorkeeper* const door_;
  TaskDesk* const tasks_;
};

}  // namespace platen::cloud
