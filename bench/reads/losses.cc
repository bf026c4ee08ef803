#include <cstdio>
#include <vector>

#include "bench/reads/parts.h"
#include "bench/reads/printers.h"
#include "bench/reads/reading.h"

namespace platen::bench {
namespace {

constexpr std::size_t debian_default = 212'992;  // net.core.rmem_default

}  // namespace

void losses(std::uint32_t count) {
  const Child child(printers(count, "latency:20"));
  std::vector<IpAddress> targets;
  for (std::uint32_t i = 0; i < count; ++i) targets.push_back(IpAddress::v4(first_address + i));
  snmp::ScanOptions options;
  options.port = child.port();
  options.credentials = {snmp::Credential{}};
  auto for_reads = port_with(debian_default);
  const std::size_t granted = for_reads->receive_buffer();
  const auto engine = engine_on(std::move(for_reads));
  const auto for_sweep = port_with(debian_default);
  const Cost cost = cost_of(*engine, [&](Cost& here) {
    snmp::Scanner scanner(*engine, profiles(), system_clock(), for_sweep.get());
    scanner.scan(
        targets, options,
        [&](snmp::Outcome&& outcome) { here.complete += outcome.reading && outcome.reading->complete ? 1U : 0U; }, {},
        {});
    here.lost = for_sweep->dropped();
  });
  std::printf(R"({"printers":%u,"complete":%zu,"buffer":%zu,"lost":%llu,"wall":%.2f})"
              "\n",
              count, cost.complete, granted, static_cast<unsigned long long>(cost.lost), cost.wall);
}

}  // namespace platen::bench
