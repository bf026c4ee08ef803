// A channel that is thrown out of its broker again and again while commands flow: nothing gets lost, and memory stays. 30 times, or
// PLATEN_RECONNECTS of them.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/unit/transport_command/mosquitto.h"
#include "tests/unit/transport_command/people.h"

using namespace platen;
using namespace platen::channel;
using namespace std::chrono_literals;

namespace {

long own_memory_kib() {  // RssAnon
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:")) return std::strtol(line.c_str() + 8, nullptr, 10);
  return 0;
}

}  // namespace

TEST_CASE("thrown out of the broker while commands flow") {
  const char* asked = std::getenv("PLATEN_RECONNECTS");
  const std::size_t rounds = asked == nullptr ? 30 : std::strtoul(asked, nullptr, 10);
  const Mosquitto broker;
  Agent agent;
  Running<CommandChannel> channel(*make_broker_channel({.address = "localhost:" + std::to_string(broker.wss),
                                                        .agent_id = "site-7",
                                                        .roots_pem = content_of("ca.crt"),
                                                        .certificate_pem = content_of("client.crt"),
                                                        .key_pem = Secret(content_of("client.key")),
                                                        .patience = {1ms, 1ms, 2ms, 10s},
                                                        .door = local_door()},
                                                       agent));
  REQUIRE(channel.connects());
  long settled = 0;
  for (std::size_t round = 1; round <= rounds; ++round) {
    broker.publish("platen/v1/site-7/task", "command " + std::to_string(round));
    REQUIRE(agent.has(round));
    channel->say_received("it");
    const std::uint64_t before = channel->state().reconnects;
    broker.throw_out("site-7");
    REQUIRE(channel.wait([&] { return channel->state().reconnects > before; }));
    if (round == rounds / 5) settled = own_memory_kib();
    if (round % 50 == 0)
      std::printf("%zu reconnects, own memory %ld KiB\n", round, own_memory_kib()), std::fflush(stdout);
  }
  const long growth = own_memory_kib() - settled;
  std::printf("%zu commands, %llu reconnects, grown by %ld KiB since the first fifth\n", agent.offered.size(),
              static_cast<unsigned long long>(channel->state().reconnects), growth);
#ifndef PLATEN_FREED_IS_KEPT
  CHECK(growth < 1024);
#endif
}
