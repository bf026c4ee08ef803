// The quick way for tasks among the agent's parts: the channel to a broker on a thread of its own. What it brings goes to Orders;
// what was taken is answered with a receipt.
//
//   Effects  one thread and one outgoing connection while it lives. Its destructor stops both.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "agent/config/config.h"
#include "agent/main/orders.h"
#include "agent/main/post.h"
#include "transport/command/channel.h"

namespace platen::agent {

class Courier final : private channel::Taker {
 public:
  // `changed`: from the channel's thread, when the connection is another, or the list should be looked at.
  // Errors: Code::invalid, and those of command.ca_file.
  [[nodiscard]] static Expected<std::unique_ptr<Courier>> start(const config::Config& config, const Login& login,
                                                                Orders& orders, std::function<void()> changed);
  [[nodiscard]] channel::State state() const { return channel_->state(); }

 private:
  Courier(Orders& orders, std::function<void()> changed) : orders_(orders), changed_(std::move(changed)) {}
  void offer(std::string octets) override;
  void look_now() override;

  Orders& orders_;
  const std::function<void()> changed_;
  std::unique_ptr<channel::CommandChannel> channel_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace platen::agent
