// A site and its cloud for tests: certificates made on the spot, a ledger in a folder, an uplink, an ingest.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/ledger/ledger.h"
#include "cloud/enroll/ca.h"
#include "cloud/ingest/ingest.h"
#include "tests/contract/watched_store.h"
#include "tests/unit/agent_ledger/folder.h"
#include "transport/uplink/uplink.h"

namespace platen::tests {

// A condition that many threads may have changed; waiting has a deadline, and says how it ended.
class Watch {
 public:
  void changed() {
    const std::lock_guard guard(mutex_);
    ++changes_;
    condition_.notify_all();
  }
  [[nodiscard]] bool until(const std::function<bool()>& holds,
                           std::chrono::seconds deadline = std::chrono::seconds(30));

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  std::uint64_t changes_ = 0;
};

// Everything that a CA signs.
class Certificates {
 public:
  Certificates();
  [[nodiscard]] uplink::Options agent(const std::string& id) const;  // with the roots that it trusts
  [[nodiscard]] cloud::IngestOptions server(const std::string& address = "127.0.0.1:0") const;
  [[nodiscard]] const std::string& ca_pem() const { return ca_.certificate_pem; }

 private:
  enroll::Identity ca_, server_;
};

// The ledger as the uplink wants it: what the agent's main program will do.
class LedgerSource final : public uplink::Source {
 public:
  explicit LedgerSource(
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

// An agent with a ledger of its own that sends while it lives.
class Agent {
 public:
  Agent(uplink::Options options, Watch& watch, const std::string& copy_of = "");  // of a ledger's file
  ~Agent() { stop(); }
  void append(std::size_t count);  // readings whose address is their number
  void append_of(const std::string& device, const std::string& octets);
  void append_raw(const std::string& kind, const std::string& octets);
  void stop();
  [[nodiscard]] bool all_acknowledged() { return ledger_->position().acknowledged == ledger_->position().last; }
  [[nodiscard]] uplink::State state() const { return uplink_->state(); }
  [[nodiscard]] std::string epoch() { return ledger_->position().epoch; }
  [[nodiscard]] ledger::Ledger& ledger() { return *ledger_; }

 private:
  const Folder folder_;
  std::string file_;
  std::unique_ptr<ledger::Ledger> ledger_;
  LedgerSource source_;
  std::unique_ptr<uplink::Uplink> uplink_;
  std::jthread thread_;
};

// The numbers of the readings that a store took, in the order of their seq.
[[nodiscard]] std::vector<std::string> addresses(cloud::WatchedStore& store, const std::string& agent,
                                                 const std::string& epoch);
[[nodiscard]] std::vector<std::string> numbers(std::size_t count);  // "1", "2", …

}  // namespace platen::tests
