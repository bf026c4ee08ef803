// The way from a ledger to a store without a network: both ends' decisions, and time as an argument.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "agent/ledger/ledger.h"
#include "cloud/ingest/visit.h"
#include "transport/uplink/conversation.h"

namespace platen::tests {

class Records final : public uplink::Source {
 public:
  explicit Records(
      ledger::Ledger& ledger, std::function<void()> on_acknowledged = [] {})
      : ledger_(ledger), told_(std::move(on_acknowledged)) {}
  std::string epoch() override { return ledger_.position().epoch; }
  std::uint64_t first_kept() override { return ledger_.position().first; }
  std::uint64_t newest() override { return ledger_.position().last; }
  std::string hash_at(std::uint64_t seq) override { return ledger_.hash_at(seq).value_or(""); }
  std::vector<uplink::Outgoing> after(const std::string& epoch, std::uint64_t seq, std::size_t max_octets) override;
  std::vector<uplink::Outgoing> newest_of_each(const std::string& epoch, std::uint64_t after, std::uint64_t before,
                                               std::size_t max_octets) override;
  void acknowledged(const std::string& epoch, std::uint64_t through_seq) override;
  void park(const std::string& epoch, std::uint64_t seq, const std::string& why) override;
  void begin_epoch(const std::string& epoch, uplink::Break why, std::uint64_t missing) override;

 private:
  ledger::Ledger& ledger_;
  std::function<void()> told_;
};

// What a message was, how large, and when it went.
struct Sent {
  enum class Is { hello, preview, batch, heartbeat } is = Is::hello;
  std::size_t octets = 0, records = 0;
};

class Drain {
 public:
  Drain(uplink::Options options, ledger::Ledger& ledger, cloud::Store& store, const Clock& clock);
  // Says the next thing and takes the answer. Nothing: the agent waits until deadline(). Ends the program on an error.
  [[nodiscard]] std::optional<Sent> step();
  [[nodiscard]] MonotonicTime deadline() const { return talk_.deadline(); }

 private:
  const uplink::Options options_;
  const Clock& clock_;
  Records records_;
  cloud::Visit visit_;
  uplink::Conversation talk_;
};

// Test and bench programs have nobody to hand an error to.
void must(const Expected<void>& done);
[[noreturn]] void give_up(const std::string& why);

}  // namespace platen::tests
