// The cloud's ear: takes the agents' streams, stores each record once, acknowledges what is stored.
//
//   Source   proto/platen/v1/uplink.proto. TLS >= 1.2; every agent shows a certificate of the client CA, and its CN is
//   who
//            it is. What else a peer says is hostile until checked.
//   Limits   one batch a stream and `workers` batches unpacked at a time; 4 MiB unpacked; 64 MiB in gRPC's own hands. A message
//            of 2 MiB, an answer of 512 KiB, 8 KiB of metadata; two streams of one agent and of one connection: a third one of
//            an agent ends the oldest. A stream that is silent for ten minutes is ended, a handshake after 20 s.
//   Poison   A record that cannot be decoded is stored as it came, without a reading: it never blocks those behind it.
//            One that the store cannot take at all is refused by its number; the agent parks it.
//   Forks    Records that differ from those under their numbers are refused, and the operator sees it (proto/chain.h).
//   Errors   start: Code::conflict (address in use), Code::denied (address not ours), Code::invalid (address, keys).
//   Threads  its own and gRPC's; Store is called from `workers` threads. start() and stop() from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"
#include "cloud/ingest/doorkeeper.h"
#include "cloud/ingest/task_desk.h"
#include "cloud/store/store.h"

namespace platen::cloud {

struct IngestOptions {
  std::string address = "127.0.0.1:0";  // HOST:PORT; port 0: any free one
  std::string certificate_pem;          // the server's chain
  Secret key_pem;
  std::string client_ca_pem;
  std::vector<std::string> front_ends = {};  // addresses that say by the PROXY protocol whose connections they hand on
  unsigned workers = 2;
  std::chrono::milliseconds silence =
      std::chrono::minutes(10);  // then a stream is ended; agents say something every 40 s

  static constexpr int most_message = 2 << 20, most_answer = 512 << 10, most_metadata = 8 << 10;  // octets
};

class Ingest {
 public:
  // Without a doorkeeper every agent with a certificate may talk; without a desk of tasks nothing waits for anybody.
  [[nodiscard]] static Expected<std::unique_ptr<Ingest>> start(IngestOptions options, Store& store, const Clock& clock,
                                                               Doorkeeper* door = nullptr, TaskDesk* tasks = nullptr);
  virtual ~Ingest() = default;                           // stops
  [[nodiscard]] virtual std::uint16_t port() const = 0;  // the one it is bound to
  // There is something new for this agent: its streams, when it has any here, are told what it was never given.
  virtual void tell(const std::string& agent) = 0;
  // No new streams; what was taken up is stored, then every stream ends. Returns when all is quiet. Harmless when
  // repeated.
  virtual void stop() = 0;
};

}  // namespace platen::cloud
