#include <doctest/doctest.h>

#include "tests/contract/datagram_port_contract.h"

using namespace platen;
using namespace platen::snmp;
using test::at_least;
using test::Heard;
using test::listen;
using test::Octets;
using test::send_all;

TEST_CASE("the batched port") {
  test::datagram_port_keeps_its_promise([] { return open_batched_port().value(); });
}

TEST_CASE("the plain port") {
  test::datagram_port_keeps_its_promise([] { return open_plain_port().value(); });
}

TEST_CASE("batched: nobody listens, and ICMP says where") {
  const auto port = open_batched_port().value();
  const Peer nobody = test::loopback(test::free_port());
  const Octets one{1};
  send_all(*port, {{nobody, one}});
  const auto heard = listen(*port, nullptr, at_least(1));
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].unreachable);
  CHECK(heard[0].from == nobody);
}

TEST_CASE("batched: who refuses is told also when others are asked in the same batch, and then it is quiet") {
  const auto port = open_batched_port().value();
  test::Responder silent;
  const Octets one{1};
  for (int i = 0; i < 50; ++i) {
    const Peer nobody = test::loopback(test::free_port());
    send_all(*port, {{nobody, one}, {silent.peer(), one}, {silent.peer(), one}});
    const auto heard = listen(*port, nullptr, at_least(1));
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].unreachable);
    CHECK(heard[0].from == nobody);
    const auto began = std::chrono::steady_clock::now();
    port->wait(std::chrono::milliseconds(20), false);
    CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(20));  // nothing is left to be told
  }
}

TEST_CASE("batched: another peer's ICMP error never swallows a datagram") {
  const auto port = open_batched_port().value();
  const Peer nobody = test::loopback(test::free_port());
  test::Responder device;
  device.answer = [](const Octets& octets) { return std::vector<Octets>{octets}; };
  const Octets one{1};
  std::size_t echoes = 0;
  for (int i = 0; i < 200; ++i) {
    send_all(*port, {{nobody, one}});         // its refusal is pending
    send_all(*port, {{device.peer(), one}});  // when this one is sent
    const auto is_echo = [](const Heard& heard) { return !heard.octets.empty(); };
    const auto heard = listen(*port, &device, [&](const auto& all) { return std::ranges::any_of(all, is_echo); });
    for (const Heard& each : heard) REQUIRE(each.send_failure.empty());
    REQUIRE(std::ranges::any_of(heard, is_echo));
    echoes += static_cast<std::size_t>(std::ranges::count_if(heard, is_echo));
  }
  CHECK(echoes == 200);
  CHECK(device.asked() == 200);
}

TEST_CASE("batched: datagrams lost to a full buffer are counted") {
  const auto port = open_batched_port().value();
  test::Responder device;
  device.answer = [](const Octets&) { return std::vector<Octets>(64, Octets{1}); };
  const Octets one{1};
  CHECK(port->dropped() == 0);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (port->dropped() == 0 && std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 400; ++i) {  // answers pile up: 64 for each, and nobody reads
      send_all(*port, {{device.peer(), one}});
      device.serve();
    }
    while (!port->receive().empty()) {
    }
  }
  CHECK(port->dropped() > 0);
}
