#include "snmp/sources/own_networks.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace platen;
using snmp::OwnNetwork;

namespace {

OwnNetwork network(const char* interface, const char* address, int prefix) {
  return {interface, 2, IpAddress::parse(address).value(), prefix};
}

}  // namespace

TEST_CASE("a proposal: the own IPv4 networks, each once, none that cannot be swept") {
  const OwnNetwork all[] = {
      network("lo", "127.0.0.1", 8),      network("eth0", "192.168.1.17", 24), network("eth0", "192.168.1.18", 24),
      network("wlan0", "10.20.30.40", 8), network("wg0", "10.9.0.1", 32),      network("eth1", "172.16.5.1", 20),
      network("eth1", "169.254.3.4", 16), network("eth0", "2001:db8::17", 64), network("ppp0", "198.51.100.2", 31)};
  CHECK(snmp::proposal(all) == std::vector<std::string>{"192.168.1.0/24", "10.20.30.0/24", "172.16.0.0/20"});
  CHECK(snmp::proposal({}).empty());
}

TEST_CASE("a network is written as a target") {
  CHECK(snmp::target_text(network("eth0", "192.168.1.17", 24)) == "192.168.1.0/24");
  CHECK(snmp::target_text(network("eth0", "10.255.255.255", 9)) == "10.128.0.0/9");
  CHECK(snmp::target_text(network("eth0", "10.1.2.3", 0)) == "0.0.0.0/0");
  CHECK(snmp::target_text(network("eth0", "2001:db8:1:2:3::4", 60)) == "2001:db8:1::/60");
  CHECK(snmp::target_text(network("eth0", "fe80::1", 64)) == "fe80::/64");
}

TEST_CASE("this machine has loopback, when it is asked for") {
  const auto with = snmp::own_networks(true), without = snmp::own_networks(false);
  const auto is_loopback = [](const OwnNetwork& one) { return one.address.is_loopback(); };
  const auto found = std::find_if(with.begin(), with.end(), is_loopback);
  REQUIRE(found != with.end());
  CHECK(found->prefix == (found->address.is_v4() ? 8 : 128));
  CHECK(found->index != 0);
  CHECK(std::none_of(without.begin(), without.end(), is_loopback));
}
