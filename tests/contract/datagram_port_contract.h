// The promise of snmp/engine/datagram_port.h, run on every adapter of it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "snmp/engine/datagram_port.h"
#include "tests/unit/snmp_engine/wire.h"

namespace platen::test {

using Octets = std::vector<std::uint8_t>;

struct Heard {
  snmp::Peer from;
  Octets octets;
  bool unreachable;
  std::string send_failure;
};

// Receives, and lets `device` answer, until `enough` or 10 s are over.
inline std::vector<Heard> listen(snmp::DatagramPort& port, Responder* device,
                                 const std::function<bool(const std::vector<Heard>&)>& enough) {
  std::vector<Heard> heard;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!enough(heard) && std::chrono::steady_clock::now() < end) {
    if (device != nullptr) device->serve();
    for (const snmp::InDatagram& in : port.receive()) {
      heard.push_back({in.from, {in.octets.begin(), in.octets.end()}, in.unreachable, in.send_failure});
    }
    if (!enough(heard)) port.wait(std::chrono::milliseconds(2), false);
  }
  return heard;
}

// Serves until a datagram has come; false after 10 s.
inline bool was_asked(Responder& device) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (device.asked() == 0 && std::chrono::steady_clock::now() < end) device.serve();
  return device.asked() > 0;
}

inline void send_all(snmp::DatagramPort& port, std::vector<snmp::OutDatagram> out) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (std::size_t done = 0; done < out.size() && std::chrono::steady_clock::now() < end;) {
    done += port.send(std::span(out).subspan(done));
    if (done < out.size()) port.wait(std::chrono::milliseconds(2), true);
  }
}

inline auto at_least(std::size_t count) {
  return [count](const std::vector<Heard>& heard) { return heard.size() >= count; };
}

inline void datagram_port_keeps_its_promise(const std::function<std::unique_ptr<snmp::DatagramPort>()>& make) {
  const auto port = make();
  Responder device;
  device.answer = [](const Octets& octets) { return std::vector<Octets>{octets}; };  // echo

  SUBCASE("what is sent arrives, and the answer says who sent it") {
    const Octets hello{1, 2, 3};
    CHECK(port->send(std::vector<snmp::OutDatagram>{{device.peer(), hello}}) == 1);
    const auto heard = listen(*port, &device, at_least(1));
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].from == device.peer());
    CHECK(heard[0].octets == hello);
    CHECK_FALSE(heard[0].unreachable);
  }
  SUBCASE("a datagram of 65,507 octets comes whole") {
    Octets big(65'507);
    for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<std::uint8_t>(i * 7);
    send_all(*port, {{device.peer(), big}});
    const auto heard = listen(*port, &device, at_least(1));
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].octets == big);
  }
  SUBCASE("three hundred at once: each arrives once, none is mixed with another") {
    std::vector<Octets> all;
    for (std::uint8_t i = 0; i < 100; ++i) {
      for (std::uint8_t j = 0; j < 3; ++j) all.push_back({i, j, static_cast<std::uint8_t>(i ^ j)});
    }
    std::vector<snmp::OutDatagram> out;
    for (const Octets& octets : all) out.push_back({device.peer(), octets});
    std::map<Octets, int> seen;
    for (std::size_t begin = 0; begin < out.size(); begin += 100) {  // no more than any receive buffer holds
      send_all(*port, {out.begin() + static_cast<std::ptrdiff_t>(begin),
                       out.begin() + static_cast<std::ptrdiff_t>(begin + 100)});
      for (const Heard& one : listen(*port, &device, at_least(100))) ++seen[one.octets];
    }
    CHECK(seen.size() == all.size());
    CHECK(std::ranges::all_of(seen, [](const auto& entry) { return entry.second == 1; }));
  }
  SUBCASE("what cannot be sent says so and holds up nobody") {
    const snmp::Peer broadcast{IpAddress::v4(0xFFFFFFFF), 161};
    const Octets one{1};
    const Octets huge(65'508);
    send_all(*port, {{device.peer(), one}, {broadcast, one}, {device.peer(), huge}, {device.peer(), one}});
    const auto heard = listen(*port, &device, at_least(4));
    REQUIRE(heard.size() == 4);
    CHECK(std::ranges::count(heard, one, &Heard::octets) == 2);
    for (const Heard& failure : heard) {
      if (!failure.octets.empty()) continue;
      CHECK_FALSE(failure.send_failure.empty());
      CHECK((failure.from == broadcast || failure.from == device.peer()));
    }
  }
  SUBCASE("IPv4 and IPv6 side by side, in the order given") {
    if (!has_ipv6_loopback()) return;  // this machine has none
    Responder six(IpAddress::parse("::1").value());
    six.answer = [](const Octets& octets) { return std::vector<Octets>{octets}; };
    const Octets one{1};
    const Octets two{2};
    send_all(*port, {{device.peer(), one}, {six.peer(), two}, {device.peer(), one}});
    REQUIRE(was_asked(six));
    const auto heard = listen(*port, &device, at_least(3));
    REQUIRE(heard.size() == 3);
    for (const Heard& each : heard) CHECK(each.from == (each.octets == two ? six.peer() : device.peer()));
    CHECK(std::ranges::count(heard, two, &Heard::octets) == 1);
  }
  SUBCASE("nothing there: receive is empty, wait comes back") {
    CHECK(port->receive().empty());
    const auto start = std::chrono::steady_clock::now();
    port->wait(std::chrono::milliseconds(20), false);
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(19));
    port->wait(std::chrono::seconds(10), true);  // it can send: returns at once
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  }
  SUBCASE("wait ends when something arrives") {
    CHECK(port->send(std::vector<snmp::OutDatagram>{{device.peer(), Octets{1}}}) == 1);
    REQUIRE(was_asked(device));
    const auto start = std::chrono::steady_clock::now();
    port->wait(std::chrono::seconds(10), false);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    CHECK(port->receive().size() == 1);
  }
  SUBCASE("it knows its receive buffer") { CHECK(port->receive_buffer() >= 64 * 1024); }
}

}  // namespace platen::test
