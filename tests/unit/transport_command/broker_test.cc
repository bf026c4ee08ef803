// The channel against a real mosquitto: WebSocket, TLS, client certificate.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/transport_command/mosquitto.h"
#include "tests/unit/transport_command/people.h"
#include "transport/command/announcer.h"

using namespace platen;
using namespace platen::channel;
using namespace std::chrono_literals;

namespace {

constexpr Patience hasty{10ms, 10ms, 20ms, 10s};

BrokerOptions options(std::uint16_t port) {
  return {.address = "localhost:" + std::to_string(port),
          .agent_id = "site-7",
          .roots_pem = content_of("ca_and_crl.pem"),
          .certificate_pem = content_of("client.crt"),
          .key_pem = Secret(content_of("client.key")),
          .patience = hasty,
          .door = local_door()};
}

Running<CommandChannel> channel_to(std::uint16_t port, Taker& taker) {
  auto made = make_broker_channel(options(port), taker);
  REQUIRE(made);
  return Running<CommandChannel>(*std::move(made));
}

const std::string task = "platen/v1/site-7/task", presence = "platen/v1/site-7/presence ";

}  // namespace

TEST_CASE("a command goes to the agent and a receipt to the cloud, both as they were; presence is seen") {
  const Mosquitto broker;
  const auto cloud = broker.listen("platen/v1/+/+");
  Agent agent;
  auto channel = channel_to(broker.wss, agent);
  REQUIRE(channel.connects());
  CHECK(channel->state().protocol == "MQTT 5");
  CHECK(agent.wait([&] { return agent.looks == 1; }));  // after every connection: what was missed is in the list
  CHECK(cloud->line(presence) == "online");
  const std::string octets("a task \0\xFF with any octets", 26);
  broker.publish(task, octets);
  REQUIRE(agent.has(1));
  CHECK(agent.offered.front() == octets);
  channel->say_received("got it");
  CHECK(cloud->line("platen/v1/site-7/seen ") == "got it");
  broker.publish(task, "");
  CHECK(agent.wait([&] { return agent.looks == 2; }));
  channel.stop();
  CHECK(cloud->line(presence) == "offline");
}

TEST_CASE("what comes while the agent is away is kept for it; what was sent for others is none of its business") {
  const Mosquitto broker;
  Agent agent;
  {
    auto channel = channel_to(broker.wss, agent);
    REQUIRE(channel.connects());
  }
  broker.publish("platen/v1/site-8/task", "not for us");
  broker.publish(task, "kept");
  auto channel = channel_to(broker.wss, agent);
  REQUIRE(agent.has(1));
  CHECK(agent.offered == std::vector<std::string>{"kept"});
}

TEST_CASE("the broker restarts while commands flow: the channel comes back by itself") {
  Mosquitto broker;
  Agent agent;
  auto channel = channel_to(broker.wss, agent);
  for (std::size_t round = 1; round <= 4; ++round) {
    REQUIRE(channel.connects());
    broker.publish(task, "round " + std::to_string(round));
    REQUIRE(agent.has(round));
    broker.stop();
    REQUIRE(channel.loses());
    CHECK(channel->state().last_error.find("localhost:") != std::string::npos);
    broker.start();
  }
  CHECK(channel->state().reconnects >= 4);
}

TEST_CASE("a flood for a slow taker: each message is handed over or counted, and dropped ones lead to a look") {
  constexpr std::size_t flood = 1'000;
  const Mosquitto broker;
  Agent agent;
  std::mutex gate;
  std::unique_lock closed(gate);
  agent.on_offer = [&] { const std::lock_guard wait(gate); };
  auto channel = channel_to(broker.wss, agent);
  REQUIRE(channel.connects());
  REQUIRE(agent.wait([&] { return agent.looks == 1; }));
  broker.publish(task, "flood", {"--repeat", std::to_string(flood)});
  closed.unlock();
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  const auto accounted = [&] { return channel->state().commands + channel->state().dropped; };
  while (accounted() < flood && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(accounted() == flood);
  CHECK(agent.has(channel->state().commands));
  if (channel->state().dropped != 0) CHECK(agent.wait([&] { return agent.looks >= 2; }));
}

TEST_CASE("the cloud's side: announcements go out, receipts and presence come in, and nothing else does") {
  struct Cloud final : Listener, Notebook {
    void seen(const std::string& agent_id, std::string task_state) override {
      note([&] { heard.push_back(agent_id + " saw " + task_state); });
    }
    void presence(const std::string& agent_id, bool online, bool remembered) override {
      note([&] { heard.push_back(agent_id + (remembered ? " was" : " is") + (online ? " there" : " away")); });
    }
    void missed_some() override {}
    std::vector<std::string> heard;
  } cloud;
  const Mosquitto broker;
  const auto agents = broker.listen("platen/v1/+/task");
  auto made = make_announcer(
      {.address = "127.0.0.1:" + std::to_string(broker.plain), .path = "", .patience = hasty, .door = local_door()},
      cloud);
  REQUIRE(made);
  Running<Announcer> announcer(*std::move(made));
  REQUIRE(announcer.connects());
  REQUIRE(announcer->announce("site-7", "a task", 60s));
  CHECK(agents->line(task + " ") == "a task");
  REQUIRE(announcer->announce("site-8", "", 60s));
  CHECK(agents->line("platen/v1/site-8/task ") == "(null)");  // that is how mosquitto_sub prints nothing
  CHECK_FALSE(announcer->announce("site/7", "a task", 60s));
  broker.publish("platen/v1/site-7/presence", "online");
  broker.publish("platen/v1/site-7/presence", "perhaps");
  broker.publish("platen/v1/site-7/seen", "it");
  broker.publish("platen/v1/site-7/presence", "offline");
  CHECK(cloud.wait([&] { return cloud.heard.size() == 3; }));
  CHECK(cloud.heard == std::vector<std::string>{"site-7 is there", "site-7 saw it", "site-7 is away"});
}

TEST_CASE("what a broker may not have is refused, and said for what it is") {
  struct Row {
    const char* certificate;
    const char* words;
  };
  const Row rows[] = {
      {"stranger", "not signed by"}, {"self", "self-signed"},  {"other_host", "elsewhere.example"},
      {"expired", "expired"},        {"future", "valid from"}, {"revoked", "revoked"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.certificate);
    Mosquitto broker(row.certificate);
    Agent agent;
    auto channel = channel_to(broker.wss, agent);
    REQUIRE(channel.loses());
    const std::string said = channel->state().last_error;
    CHECK_MESSAGE(said.find(row.words) != std::string::npos, said);
    CHECK_FALSE(channel->state().connected);
  }
}

TEST_CASE("who is no WebSocket, or is none for MQTT, is told apart") {
  Child server({"openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificates() + "/good.crt", "-key",
                certificates() + "/good.key"});
  const std::string port = server.line("ACCEPT 127.0.0.1:");
  REQUIRE(!port.empty());
  Agent agent;
  auto channel = channel_to(static_cast<std::uint16_t>(std::stoi(port)), agent);
  CHECK(channel.wait([&] { return channel.said("the way to WebSocket is barred"); }));
}

TEST_CASE("a broker that does not know the agent's certificate") {
  const Mosquitto broker;
  BrokerOptions stranger = options(broker.wss);
  stranger.certificate_pem = content_of("stranger.crt");
  stranger.key_pem = Secret(content_of("stranger.key"));
  Agent agent;
  Running<CommandChannel> channel(*make_broker_channel(std::move(stranger), agent));
  CHECK(channel.wait([&] { return channel.said("does not take this agent's certificate"); }));
}

TEST_CASE("names and paths that cannot be are refused before anything is dialled") {
  Agent agent;
  BrokerOptions bad = options(1);
  bad.path = "/a b";
  CHECK(!make_broker_channel(bad, agent));
  bad = options(1), bad.agent_id = "a/b";
  CHECK(!make_broker_channel(bad, agent));
  bad = options(1), bad.address = "no port";
  CHECK(!make_broker_channel(bad, agent));
}
