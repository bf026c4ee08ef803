#include <algorithm>
#include <array>
#include <cstdio>

#include "bench/reads/parts.h"
#include "bench/reads/printers.h"
#include "bench/reads/reading.h"

namespace platen::bench {
namespace {

struct Turn {
  Cost first, again;  // nothing known of the printers, not even their engines; everything known
};

Turn turn(std::uint32_t count, std::uint16_t port, const snmp::Credential& credential) {
  const auto fresh = engine();
  Fleet fleet = strangers(count, port, credential);
  const Cost first = read_all(*fresh, fleet);
  return {first, read_all(*fresh, fleet)};
}

double median(std::array<double, 3> values) {
  std::ranges::sort(values);
  return values[1];
}

}  // namespace

void v3(std::uint32_t count) {
  const Child child(printers(count, "latency:5+10"));
  std::array<double, 3> cpu{}, cpu_again{};
  Turn community, user;
  for (std::size_t i = 0; i < cpu.size(); ++i) {
    community = turn(count, child.port(), {});
    user = turn(count, child.port(), the_user());
    cpu[i] = user.first.cpu / community.first.cpu;
    cpu_again[i] = user.again.cpu / community.again.cpu;
  }
  const auto each = [&](std::uint64_t sent) { return static_cast<double>(sent) / count; };
  std::printf(
      R"({"printers":%u,"complete":%zu,"cpu_ratio":%.3f,"cpu_ratio_again":%.3f,"v2c":%.3f,"v2c_again":%.3f,"cold":%.3f,"warm":%.3f})"
      "\n",
      count, std::min({community.first.complete, community.again.complete, user.first.complete, user.again.complete}),
      median(cpu), median(cpu_again), each(community.first.sent), each(community.again.sent),
      each(user.first.sent) - each(community.first.sent), each(user.again.sent) - each(community.again.sent));
}

}  // namespace platen::bench
