#include "cloud/portal/orders.h"

#include <algorithm>

namespace platen::portal {
namespace {

constexpr std::chrono::hours life{1}, remembered{24};
constexpr std::size_t looked_through = 200;

cloud::TaskOrder order_of(const std::vector<cloud::OrderedPrinter>& printers) {
  return {.kind = "read_now", .printers = printers};
}

}  // namespace

std::string Orders::new_token() {
  const std::lock_guard hold(mutex_);
  return tokens_.make(clock_.monotonic());
}

Expected<void> Orders::admitted(const std::string& token, const std::string& agent, const std::string& peer) {
  const std::lock_guard hold(mutex_);
  const MonotonicTime now = clock_.monotonic();
  if (!tokens_.take(token, now))
    return fail(Code::invalid, "This button was used already, or its page is older than an hour. Load the page again.");
  const std::string address = enroll::address_key(peer);
  const auto wait = std::max(from_address_.wait(address, now), for_agent_.wait(agent, now));
  if (wait.count() > 0)
    return fail(Code::timeout, "Too much was asked. Try again in " + std::to_string(wait.count()) + " s.");
  from_address_.count(address, now), for_agent_.count(agent, now);
  return {};
}

Expected<std::string> Orders::tenant_of(const std::string& agent) {
  const auto agents = registry_.agents();
  if (!agents) return fail(agents.error());
  for (const enroll::AgentEntry& each : *agents) {
    if (each.place.agent_id != agent) continue;
    if (each.revoked) return fail(Code::conflict, "The agent was removed. It is asked nothing any more.");
    return each.place.dealer;
  }
  return fail(Code::not_found, "Its agent is not enrolled here.");
}

Expected<void> Orders::read_now(const std::string& token, const std::string& agent,
                                const std::vector<cloud::OrderedPrinter>& printers, const std::string& peer) {
  if (auto may = admitted(token, agent, peer); !may) return may;
  const auto tenant = tenant_of(agent);
  if (!tenant) return fail(tenant.error());
  const auto before = latest(agent, printers);
  if (!before) return fail(before.error());
  if (*before && !is_over((*before)->standing)) return {};  // it is on its way already
  return book_.add(order_of(printers), *tenant, agent, life, "portal, " + peer, clock_.wall())
      .map([](const cloud::TaskRow&) {});
}

Expected<std::optional<cloud::TaskRow>> Orders::latest(const std::string& agent,
                                                       const std::vector<cloud::OrderedPrinter>& printers) {
  const WallTime now = clock_.wall();
  const auto tasks = book_.list({.agent = agent, .open_only = false, .newest = looked_through}, now);
  if (!tasks) return fail(tasks.error());
  const std::string what = about(order_of(printers));
  for (const cloud::TaskRow& task : *tasks) {
    if (task.kind == "read_now" && task.about == what && now - task.made < remembered) return task;
  }
  return std::nullopt;
}

}  // namespace platen::portal
