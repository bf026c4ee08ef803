#include "cloud/main/broker_link.h"

#include "base/ip_address.h"
#include "base/log.h"
#include "cloud/deploy/deploy.h"
#include "transport/egress/door.h"

namespace platen::cloud {
namespace {

// How long a broker keeps what it has for an agent that is away. The list keeps it longer.
constexpr std::chrono::hours kept{24};
constexpr std::string_view plain = "tcp://", no_websocket = "tls://";

class ChangeLog {
 public:
  explicit ChangeLog(std::string address) : address_(std::move(address)) {}
  void operator()(const channel::State& state) {
    if (!state.connected && state.last_error == why_) return;
    why_ = state.connected ? "" : state.last_error;
    if (state.connected)
      log::info("broker.connected", {{"broker", address_}, {"protocol", state.protocol}});
    else
      log::warn("broker.waiting", {{"broker", address_}, {"why", why_}, {"meanwhile", "agents poll for tasks"}});
  }

 private:
  std::string address_, why_;
};

Expected<channel::AnnouncerOptions> options_of(const std::string& address, const std::string& public_name,
                                               const enroll::Identity& ca) {
  const bool in_the_open = address.starts_with(plain), bare = in_the_open || address.starts_with(no_websocket);
  channel::AnnouncerOptions out{.address = bare ? address.substr(plain.size()) : address,
                                .client_id = std::string(deploy::publisher)};
  if (bare) out.path.clear(), out.server_name = public_name;
  const auto to = egress::parse_endpoint(out.address);
  if (!to) return fail(to.error().in("--broker"));
  out.door = std::make_shared<const egress::Door>(egress::Settings{.routes = {}, .allowed = {to->host}});
  if (in_the_open) {
    const auto at = IpAddress::parse(to->host);
    if (!at || !at->is_loopback())
      return fail(Code::invalid, "--broker: without TLS only an address of this host, like tcp://127.0.0.1:1883");
    return out;
  }
  auto client = enroll::make_client(ca, out.client_id, system_clock().wall());
  if (!client) return fail(client.error());
  out.roots_pem = ca.certificate_pem;
  out.certificate_pem = std::move(client->certificate_pem);
  out.key_pem = std::move(client->key_pem);
  return out;
}

}  // namespace

Expected<std::unique_ptr<BrokerLink>> BrokerLink::start(const std::string& address, const std::string& public_name,
                                                        const enroll::Identity& ca, TaskService& tasks,
                                                        PresenceFile& presences) {
  if (address.empty()) return nullptr;
  auto options = options_of(address, public_name, ca);
  if (!options) return fail(options.error());
  std::unique_ptr<BrokerLink> made(new BrokerLink(tasks, presences));
  auto link = channel::make_announcer(*std::move(options), *made);
  if (!link) return fail(link.error());
  made->link_ = *std::move(link);
  made->link_->on_change([log = ChangeLog(address), &presences](const channel::State& state) mutable {
    log(state);
    state.connected ? presences.connected() : presences.unknown();
  });
  made->thread_ = std::jthread([&announcer = *made->link_](const std::stop_token& stop) { announcer.run(stop); });
  return made;
}

void BrokerLink::announce(const std::string& agent, const std::string& signed_task) {
  if (!link_->announce(agent, signed_task, kept)) log::debug("broker.not_announced", {{"agent", agent}});
}

void BrokerLink::seen(const std::string& agent_id, std::string task_state) { tasks_.heard(agent_id, task_state); }

void BrokerLink::presence(const std::string& agent_id, bool online, bool remembered) {
  presences_.heard(agent_id, online, remembered, system_clock().wall());
}

void BrokerLink::missed_some() {
  presences_.unknown();
  presences_.connected();
}

}  // namespace platen::cloud
