// Tasks among the agent's parts: where the uplink, and a broker's channel, hand them in, and the ledger in the desk's words.
//
//   Threads  Orders: any. A desk comes when there is an identity, and may come later than the uplink.
#pragma once

#include <memory>
#include <mutex>

#include "agent/ledger/ledger.h"
#include "agent/tasks/desk.h"
#include "transport/uplink/uplink.h"

namespace platen::agent {

class LedgerJournal final : public tasks::Journal {
 public:
  explicit LedgerJournal(ledger::Ledger& ledger) : ledger_(ledger) {}
  Expected<tasks::Place> append(std::string_view kind, const std::string& octets) override;
  tasks::Place acknowledged() override;

 private:
  ledger::Ledger& ledger_;
};

class Orders final : public uplink::Orders {
 public:
  void give(std::shared_ptr<tasks::Desk> desk);
  // For a channel that brings tasks sooner: octets of a SignedTask, and "look at the list now".
  tasks::Desk::Offered offer(std::string_view signed_task);
  void look_now();

  std::vector<std::string> have() override;
  bool wants_list() override;
  void heard(const CloudTime& cloud) override;
  void take_list(const std::vector<std::string>& signed_tasks) override;
  std::optional<wire::TaskState> next_state() override;

 private:
  [[nodiscard]] std::shared_ptr<tasks::Desk> desk() const;
  mutable std::mutex mutex_;
  std::shared_ptr<tasks::Desk> desk_;
  std::optional<CloudTime> cloud_;
};

}  // namespace platen::agent
