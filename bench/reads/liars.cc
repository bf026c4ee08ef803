#include <array>
#include <chrono>
#include <cstdio>

#include "bench/reads/parts.h"
#include "bench/reads/printers.h"
#include "bench/reads/reading.h"

namespace platen::bench {
namespace {

constexpr std::uint32_t one_liar_in = 20;
constexpr std::array lies = {"endless", "repeat", "wrong-types", "wrong-id:2", "drop-above:484"};

bool lies_at(std::uint32_t number) { return number % one_liar_in == 0; }

// Seconds until the last of those that are honest in both fleets was read.
double honest_seconds(std::uint32_t count, bool with_liars) {
  zoo::Fleet fleet = printers(count, "latency:5+10");
  for (std::uint32_t i = 0; with_liars && i < count; ++i) {
    if (lies_at(i)) fleet.devices[i].manners = zoo::parse_manners(lies[i / one_liar_in % lies.size()]).value();
  }
  const Child child(fleet);
  const auto fresh = engine();
  Fleet known = strangers(count, child.port(), {});
  double seconds = 0;
  const auto began = std::chrono::steady_clock::now();
  read_all(*fresh, known, [&](const snmp::Outcome& outcome) {
    if (lies_at(outcome.peer.address.to_v4() - first_address)) return;
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  });
  return seconds;
}

}  // namespace

void liars(std::uint32_t count) {
  const double clean = honest_seconds(count, false), mixed = honest_seconds(count, true);
  std::printf(R"({"printers":%u,"clean":%.3f,"mixed":%.3f})"
              "\n",
              count, clean, mixed);
}

}  // namespace platen::bench
