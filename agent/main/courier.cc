#include "agent/main/courier.h"

#include <fmt/format.h>

#include "agent/host/files.h"
#include "agent/identity/identity.h"
#include "base/log.h"
#include "proto/task_codec.h"

namespace platen::agent {
namespace {

constexpr std::size_t most_octets_of_roots = 4U << 20U;

// A reason is news once.
class ChangeLog {
 public:
  explicit ChangeLog(std::string address) : address_(std::move(address)) {}
  void operator()(const channel::State& state) {
    if (!state.connected && (state.last_error.empty() || state.last_error == why_)) return;
    why_ = state.connected ? "" : state.last_error;
    if (state.connected)
      log::info("command.connected",
                {{"broker", address_}, {"protocol", state.protocol}, {"reconnects", state.reconnects}});
    else
      log::warn("command.waiting", {{"broker", address_},
                                    {"why", why_},
                                    {"meanwhile", "tasks are polled for"},
                                    {"reconnects", state.reconnects}});
  }

 private:
  std::string address_, why_;
};

Expected<std::string> roots_of(const config::Config& config, const Login& login) {
  const std::string& file = config.command.ca_file;
  if (file.empty()) return login.roots_pem;
  auto roots = host::read_file(file, most_octets_of_roots);
  const Expected<void> usable = roots ? identity::check_roots(roots->octets, file) : fail(roots.error());
  if (!usable) return fail(usable.error().in("command.ca_file"));
  return std::move(roots->octets);
}

// What the pauses promise (transport/command/pause.h) holds in this proportion.
channel::Patience patience_of(const config::Config& config) {
  const std::chrono::milliseconds spread = config.command.return_within;
  return {.spread = spread, .longest = spread * 3 / 2};
}

Expected<std::unique_ptr<channel::CommandChannel>> make_channel(const config::Config& config, const Login& login,
                                                                channel::Taker& taker) {
  auto roots = roots_of(config, login);
  if (!roots) return fail(roots.error());
  const identity::Identity& identity = login.identity;
  if (config.command.kind == "broker")
    return channel::make_broker_channel({.address = login.command,
                                         .path = config.command.path,
                                         .agent_id = identity.agent_id,
                                         .roots_pem = *std::move(roots),
                                         .certificate_pem = identity.certificate_pem,
                                         .key_pem = identity.key_pem,
                                         .patience = patience_of(config),
                                         .door = login.door},
                                        taker);
  const std::string& named = config.command.device_id;
  return channel::make_azure_channel({.address = login.command,
                                      .device_id = named.empty() ? identity.agent_id : named,
                                      .version = PLATEN_VERSION,
                                      .key = config.command.key,
                                      .roots_pem = *std::move(roots),
                                      .certificate_pem = identity.certificate_pem,
                                      .key_pem = identity.key_pem,
                                      .patience = patience_of(config),
                                      .door = login.door},
                                     taker);
}

}  // namespace

Expected<std::unique_ptr<Courier>> Courier::start(const config::Config& config, const Login& login, Orders& orders,
                                                  std::function<void()> changed) {
  std::unique_ptr<Courier> courier(new Courier(orders, std::move(changed)));
  auto channel = make_channel(config, login, *courier);
  if (!channel) return fail(channel.error());
  courier->channel_ = *std::move(channel);
  courier->channel_->on_change(
      [log = ChangeLog(login.command), told = courier->changed_](const channel::State& state) mutable {
        log(state);
        told();
      });
  courier->thread_ = std::jthread([&quick = *courier->channel_](const std::stop_token& stop) { quick.run(stop); });
  return courier;
}

void Courier::look_now() {
  orders_.look_now();
  changed_();
}

void Courier::offer(std::string octets) {
  const tasks::Desk::Offered offered = orders_.offer(octets);
  if (offered.said == tasks::Desk::Said::later) look_now();
  if (offered.task_id.empty()) return;
  channel_->say_received(
      wire::encode_task_state({.task_id = offered.task_id, .stage = wire::TaskState::Stage::received}));
}

}  // namespace platen::agent
