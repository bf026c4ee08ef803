#include "bench/reads/reading.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bench/cpu_seconds.h"
#include "bench/reads/printers.h"

namespace platen::bench {
namespace {

constexpr std::chrono::hours longer_than_a_day{25};

void learn(Fleet& fleet, std::vector<snmp::Outcome>& outcomes) {
  for (snmp::Outcome& outcome : outcomes) {
    snmp::Scanner::Known& known =
        *std::ranges::lower_bound(fleet, outcome.peer.address, {}, [](const auto& each) { return each.peer.address; });
    known.tolerance = outcome.tolerance;
    known.rows = std::move(outcome.rows);
    known.age = longer_than_a_day;
  }
}

}  // namespace

const snmp::Profiles& profiles() {
  static const snmp::Profiles all = snmp::Profiles::built_in();
  return all;
}

std::unique_ptr<snmp::DatagramPort> port_with(std::size_t octets) {
  return snmp::open_batched_port(octets / 2).value();
}

std::unique_ptr<snmp::Engine> engine_on(std::unique_ptr<snmp::DatagramPort> port) {
  return snmp::Engine::open(std::move(port), {}, system_clock()).value();
}

std::unique_ptr<snmp::Engine> engine() { return engine_on(snmp::open_batched_port().value()); }

Fleet strangers(std::uint32_t count, std::uint16_t port, const snmp::Credential& credential) {
  Fleet fleet(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    fleet[i].peer = {IpAddress::v4(first_address + i), port};
    fleet[i].credential = credential;
  }
  return fleet;
}

Cost cost_of(snmp::Engine& engine, const std::function<void(Cost&)>& run) {
  Cost cost;
  const auto before = engine.counts();
  const auto began = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  run(cost);
  cost.cpu = cpu_seconds() - cpu;
  cost.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  cost.sent += engine.counts().sent - before.sent;
  cost.lost += engine.counts().dropped_by_kernel - before.dropped_by_kernel;
  return cost;
}

Cost read_all(snmp::Engine& engine, Fleet& fleet, const OnOutcome& on_outcome) {
  snmp::ScanOptions options;
  options.credentials = {fleet.front().credential};
  options.reads_at_once = fleet.size();
  options.subnet_budget = 100'000;
  std::vector<snmp::Outcome> outcomes;
  const Cost cost = cost_of(engine, [&](Cost& here) {
    snmp::Scanner scanner(engine, profiles(), system_clock());
    scanner.read(fleet, Reading::Kind::full, options,
                 [&](snmp::Outcome&& outcome) {
                   here.complete += outcome.reading && outcome.reading->complete ? 1U : 0U;
                   if (on_outcome) on_outcome(outcome);
                   outcomes.push_back(std::move(outcome));
                 },
                 {}, {});
  });
  learn(fleet, outcomes);
  return cost;
}

}  // namespace platen::bench
