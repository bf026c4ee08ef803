// Brokers that speak one version of MQTT only, in the ways in which they say so.
#include <doctest/doctest.h>

#include "tests/unit/transport_command/old_broker.h"
#include "tests/unit/transport_command/people.h"

using namespace platen;
using namespace platen::channel;
using namespace std::chrono_literals;

namespace {

const std::string task = "platen/v1/site-7/task";

Running<CommandChannel> channel_to(const OldBroker& broker, Taker& taker) {
  auto made = make_broker_channel({.address = "127.0.0.1:" + std::to_string(broker.port),
                                   .agent_id = "site-7",
                                   .roots_pem = "",  // plain: what is tested is within TLS
                                   .certificate_pem = "",
                                   .key_pem = {},
                                   .patience = {10ms, 10ms, 20ms, 10s},
                                   .door = local_door()},
                                  taker);
  REQUIRE(made);
  return Running<CommandChannel>(*std::move(made));
}

void comes_back(Running<CommandChannel>& channel, const Mosquitto& behind) {
  const std::uint64_t before = channel->state().reconnects;
  behind.throw_out("site-7");
  REQUIRE(channel.wait([&] { return channel->state().reconnects > before; }));
  REQUIRE(channel.connects());
}

}  // namespace

TEST_CASE("a broker that speaks only MQTT 3.1.1 is spoken to in it, however it says so") {
  struct Row {
    const char* name;
    OldBroker::Manner manner;
    bool remembered;  // a second connection begins with what the first one found
  };
  const Row rows[] = {
      {"CONNACK 1, as MQTT 3.1.1 has it", OldBroker::refuses_as_3_1_1, true},
      {"CONNACK 0x84, as MQTT 5 has it", OldBroker::refuses_as_5, true},
      {"hangs up: it may have had another reason", OldBroker::hangs_up, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Mosquitto behind;
    const OldBroker broker(behind.plain, row.manner);
    const auto cloud = behind.listen("platen/v1/+/seen");
    Agent agent;
    auto channel = channel_to(broker, agent);
    REQUIRE(channel.connects());
    CHECK(channel->state().protocol == "MQTT 3.1.1");
    behind.publish(task, "first");
    REQUIRE(agent.has(1));
    channel->say_received("got it");
    CHECK(cloud->line("platen/v1/site-7/seen ") == "got it");
    CHECK(broker.came[5] == 1);
    comes_back(channel, behind);
    behind.publish(task, "second");
    REQUIRE(agent.has(2));
    CHECK(broker.came[5] == (row.remembered ? 1 : 2));
  }
}

TEST_CASE("a broker that is replaced by one that speaks only MQTT 5") {
  const Mosquitto behind;
  OldBroker broker(behind.plain, OldBroker::refuses_as_5);
  Agent agent;
  auto channel = channel_to(broker, agent);
  REQUIRE(channel.connects());
  broker.speaks = 5;
  comes_back(channel, behind);
  CHECK(channel->state().protocol == "MQTT 5");
  behind.publish(task, "a task");
  CHECK(agent.has(1));
}
