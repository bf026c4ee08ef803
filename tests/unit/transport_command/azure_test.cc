// The adapter for Azure IoT Hub against a stand-in: mosquitto as the broker, the test as what is behind it. The real hub's
// answers are Microsoft's documentation; it was never asked itself.
#include <doctest/doctest.h>

#include "tests/unit/transport_command/mosquitto.h"
#include "tests/unit/transport_command/people.h"
#include "transport/command/base64.h"

using namespace platen;
using namespace platen::channel;
using namespace std::chrono_literals;

namespace {

AzureOptions options(std::uint16_t port) {
  return {.address = "localhost:" + std::to_string(port),
          .hub = "hub.example",
          .device_id = "site-7",
          .version = "1.2",
          .key = Secret(to_base64("a key of a device")),
          .roots_pem = content_of("ca.crt"),
          .patience = {10ms, 10ms, 20ms, 10s},
          .door = local_door()};
}

struct Hub {
  Mosquitto broker{"good", false};
  std::unique_ptr<Child> heard = broker.listen("$iothub/#");
  void call(const std::string& method, const std::string& rid, const std::string& payload) const {
    broker.publish("$iothub/methods/POST/" + method + "/?$rid=" + rid, payload);
  }
  std::string answer(const std::string& status_and_rid) const {
    return heard->line("$iothub/methods/res/" + status_and_rid + " ");
  }
};

const std::string twin = "$iothub/twin/res/200/?$rid=twin",
                  desired = "$iothub/twin/PATCH/properties/desired/?$version=2";
const std::string report = "$iothub/twin/PATCH/properties/reported/?$rid=report ";

}  // namespace

TEST_CASE("direct methods, messages and the twin bring commands; answers, reports and receipts go back") {
  const Hub hub;
  const auto events = hub.broker.listen("devices/site-7/messages/events/#");
  Agent agent;
  Running<CommandChannel> channel(*make_azure_channel(options(hub.broker.wss), agent));
  REQUIRE(channel.connects());
  CHECK(channel->state().protocol == "MQTT 3.1.1");
  CHECK(hub.heard->line("$iothub/twin/GET/?$rid=twin") == " (null)");
  CHECK(hub.heard->line(report) == R"({"state":"online","version":"1.2"})");
  CHECK(agent.wait([&] { return agent.looks == 1; }));

  hub.call("task", "1", R"({"task":"Zm9v"})");
  CHECK(hub.answer("200/?$rid=1") == R"({"state":"received"})");
  hub.call("task", "2", R"({"task":"no base 64"})");
  CHECK(hub.answer("400/?$rid=2") == R"({"state":"the task is not base 64"})");
  hub.call("reboot", "3", "{}");
  CHECK(hub.answer("404/?$rid=3") == R"({"state":"there is no such method"})");
  hub.broker.publish("devices/site-7/messages/devicebound/%24.mid=7", "bar");
  REQUIRE(agent.has(2));
  CHECK(agent.offered == std::vector<std::string>{"foo", "bar"});

  hub.broker.publish(twin, R"({"desired":{"look":3},"reported":{}})");
  CHECK(hub.heard->line(report) == R"({"look":3,"state":"online","version":"1.2"})");
  CHECK(agent.wait([&] { return agent.looks == 2; }));
  hub.broker.publish(desired, R"({"look":3})");  // known
  hub.broker.publish(desired, R"({"look":4})");
  CHECK(hub.heard->line(report) == R"({"look":4,"state":"online","version":"1.2"})");
  CHECK(agent.wait([&] { return agent.looks == 3; }));

  channel->say_received("got it");
  CHECK(events->line("devices/site-7/messages/events/%24.ct=application%2Fx-protobuf&kind=task-state ") == "got it");
}

TEST_CASE("a token is renewed by a new connection before it ends, and that is no error") {
  const Hub hub;
  Agent agent;
  AzureOptions soon = options(hub.broker.wss);
  soon.token_life = 2s;
  Running<CommandChannel> channel(*make_azure_channel(std::move(soon), agent));
  const auto connections = [&] {
    return std::count_if(channel.states.begin(), channel.states.end(),
                         [](const State& each) { return each.connected; });
  };
  CHECK_MESSAGE(channel.wait([&] { return connections() >= 3; }), channel.states.back().last_error);
  CHECK(!channel.said(":"));
  hub.call("task", "1", R"({"task":"Zm9v"})");
  CHECK(agent.has(1));
}

TEST_CASE("a hub that drops the connection, as it does over quota, finds the agent back; what came meanwhile is told") {
  const Hub hub;
  Agent agent;
  Running<CommandChannel> channel(*make_azure_channel(options(hub.broker.wss), agent));
  for (std::size_t round = 1; round <= 5; ++round) {
    REQUIRE(channel.connects());
    hub.broker.throw_out("site-7");
    CHECK(channel.wait([&] { return channel.states.size() >= 2 * round; }));
    hub.broker.publish("devices/site-7/messages/devicebound/", "for round " + std::to_string(round));
    REQUIRE(agent.wait([&] { return agent.offered.size() >= round; }));
  }
}

TEST_CASE(
    "a device that is known by its certificate: no token, no password, and the hub is asked for that certificate") {
  AzureOptions known = options(0);
  known.key = {};
  known.certificate_pem = content_of("client.crt"), known.key_pem = Secret(content_of("client.key"));
  SUBCASE("commands come, answers go, and it is there again after the hub has dropped it") {
    const Mosquitto broker;  // asks for certificates
    const auto heard = broker.listen("$iothub/#");
    Agent agent;
    known.address = "localhost:" + std::to_string(broker.wss);
    Running<CommandChannel> channel(*make_azure_channel(known, agent));
    for (const std::string rid : {"1", "2"}) {
      REQUIRE(channel.connects());
      broker.publish("$iothub/methods/POST/task/?$rid=" + rid, R"({"task":"Zm9v"})");
      CHECK(heard->line("$iothub/methods/res/200/?$rid=" + rid + " ") == R"({"state":"received"})");
      const std::uint64_t before = channel->state().reconnects;
      broker.throw_out("site-7");
      REQUIRE(channel.wait([&] { return channel->state().reconnects > before; }));
    }
    CHECK(agent.has(2));
  }
  SUBCASE("the WebSocket is asked for without the words that mean: no certificate") {
    const std::string in = certificates();  // its input must not end: it would hang up then
    Child server({"sh", "-c",
                  "mkfifo " + in + "/never; exec openssl s_server -accept 127.0.0.1:0 -Verify 1 -CAfile " + in +
                      "/ca.crt -cert " + in + "/good.crt -key " + in + "/good.key 0<>" + in + "/never"});
    known.address = "localhost:" + server.line("ACCEPT 127.0.0.1:");
    Agent agent;
    Running<CommandChannel> channel(*make_azure_channel(known, agent));
    CHECK(server.line("GET /$iothub/websocket") == " HTTP/1.1\r");
  }
  SUBCASE("a certificate that the hub does not know") {
    const Mosquitto broker;
    known.certificate_pem = content_of("stranger.crt"), known.key_pem = Secret(content_of("stranger.key"));
    known.address = "localhost:" + std::to_string(broker.wss);
    Agent agent;
    Running<CommandChannel> channel(*make_azure_channel(known, agent));
    CHECK(channel.wait([&] { return channel.said("does not take this agent's certificate"); }));
  }
}

TEST_CASE("keys that are none, and names that cannot be, are refused at once") {
  Agent agent;
  AzureOptions bad = options(1);
  bad.key = Secret("not base 64");
  CHECK(!make_azure_channel(bad, agent));
  bad = options(1), bad.device_id = "a b";
  CHECK(!make_azure_channel(bad, agent));
}
