#include "snmp/mib/targets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using platen::Code;
using platen::IpAddress;
using platen::snmp::expand_targets;
using platen::snmp::looks_like_address;
using platen::snmp::Reach;
using platen::snmp::TargetOptions;
using Texts = std::vector<std::string>;

namespace {

// The addresses as text, or the error's text in the only element.
Texts expanded(const Texts& targets, const Texts& excluded = {}, const TargetOptions& options = {}) {
  const auto all = expand_targets(targets, excluded, options);
  if (!all) return {all.error().text};
  Texts texts;
  for (const IpAddress& address : *all) texts.push_back(address.text());
  return texts;
}

}  // namespace

TEST_CASE("targets are written in five ways") {
  struct Row {
    const char* name;
    Texts targets;
    Texts want;
  };
  const Row rows[] = {
      {"one address", {"192.0.2.7"}, {"192.0.2.7"}},
      {"range", {"192.0.2.254-192.0.3.1"}, {"192.0.2.254", "192.0.3.0", "192.0.2.255", "192.0.3.1"}},
      {"range of the last octet", {"192.0.2.1-3"}, {"192.0.2.1", "192.0.2.2", "192.0.2.3"}},
      {"range of one", {"192.0.2.9-9"}, {"192.0.2.9"}},
      {"/30 leaves out network and broadcast", {"192.0.2.0/30"}, {"192.0.2.1", "192.0.2.2"}},
      {"/31 has neither", {"192.0.2.0/31"}, {"192.0.2.0", "192.0.2.1"}},
      {"/32", {"192.0.2.5/32"}, {"192.0.2.5"}},
      {"host bits in a CIDR do not matter", {"192.0.2.6/30"}, {"192.0.2.5", "192.0.2.6"}},
      {"the highest address that may be asked", {"223.255.255.255"}, {"223.255.255.255"}},
      {"IPv6, one address", {"2001:db8::7"}, {"2001:db8::7"}},
      {"overlap and repetition are asked once",
       {"192.0.2.1-3", "192.0.2.2-4", "192.0.2.1", "2001:db8::7", "2001:DB8::7"},
       {"192.0.2.1", "2001:db8::7", "192.0.2.2", "192.0.2.3", "192.0.2.4"}},
      {"round the targets", {"10.0.0.1-3", "10.0.1.1-2"}, {"10.0.0.1", "10.0.1.1", "10.0.0.2", "10.0.1.2", "10.0.0.3"}},
      {"two targets in one subnet take one turn",
       {"10.0.0.1", "10.0.0.9", "10.0.1.1"},
       {"10.0.0.1", "10.0.1.1", "10.0.0.9"}},
      {"IPv6 subnets take turns, too",
       {"2001:db8::1", "2001:db8::2", "2001:db8:1::1"},
       {"2001:db8::1", "2001:db8:1::1", "2001:db8::2"}},
      {"nothing", {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(expanded(row.targets) == row.want);
  }
}

TEST_CASE("no subnet gets a burst: whatever the target, its neighbours in a row lie in other subnets") {
  const auto all = expand_targets(Texts{"10.1.0.0/16"}, {}, {}).value();
  REQUIRE(all.size() == 65'534);
  std::size_t burst = 1, longest = 1;
  for (std::size_t i = 1; i < all.size(); ++i) {
    burst = all[i].to_v4() >> 8U == all[i - 1].to_v4() >> 8U ? burst + 1 : 1;
    longest = std::max(longest, burst);
  }
  CHECK(longest == 1);
  CHECK(std::set<IpAddress>(all.begin(), all.end()).size() == all.size());
}

TEST_CASE("a link-local address is one address on one link") {
  CHECK(expanded({"fe80::7%lo", "fe80::7%1"}) == Texts{"fe80::7%lo"});  // loopback is interface 1 on Linux
  CHECK(expanded({"fe80::7%lo", "fe80::8%lo"}, {"fe80::7"}) == Texts{"fe80::8%lo"});
  CHECK(expanded({"fe80::7%lo"}, {"fe80::/10"}).front().starts_with("nothing is left to ask"));
}

TEST_CASE("exclusions cut") {
  CHECK(expanded({"192.0.2.1-6"}, {"192.0.2.2", "192.0.2.4-5"}) == Texts{"192.0.2.1", "192.0.2.3", "192.0.2.6"});
  CHECK(expanded({"192.0.2.0-9"}, {"192.0.2.0/29"}) == Texts{"192.0.2.8", "192.0.2.9"});  // all of the block
  CHECK(expanded({"2001:db8::1", "2001:db8::2"}, {"2001:db8::1"}) == Texts{"2001:db8::2"});
  CHECK(expanded({"2001:db8::1", "2001:db9::1"}, {"2001:db8::/32"}) == Texts{"2001:db9::1"});
  CHECK(expanded({"2001:db8::1"}, {"2001:db8::/129"}).front().find("from 0 to 128") != std::string::npos);
  CHECK(expanded({"192.0.2.1"}, {"10.0.0.0/8", "224.0.0.0/4"}) == Texts{"192.0.2.1"});  // wide ones are welcome
  CHECK(expanded({"192.0.2.1-3"}, {"0.0.0.0/0"}).front().starts_with("nothing is left to ask"));
  CHECK(expanded({"192.0.2.1-3"}, {"10.0.0.0/33"}).front().starts_with("excluded: target '10.0.0.0/33': "));
}

TEST_CASE("a bad target is refused in one sentence that names it and the way out") {
  struct Row {
    const char* target;
    const char* why;
  };
  const Row rows[] = {
      {"10.0.0.0/0", "wider than /12"},
      {"10.0.0.0/11", "wider than /12"},
      {"10.0.0.0/33", "prefix length from 12 to 32"},
      {"10.0.0.0/", "prefix length"},
      {"10.0.0.0/2x", "prefix length"},
      {"10.0.0.0/-1", "prefix length"},
      {"10.0.0/24", "'10.0.0' is no IPv4 address"},
      {"::/0", "IPv6 ranges are too large"},
      {"2001:db8::1-2001:db8::9", "IPv6 ranges are too large"},
      {"2001:db8::1%lo", "only a link-local address"},
      {"fe80::1%no-such-one", "no network interface 'no-such-one'"},
      {"fe80::1%", "no network interface ''"},
      {"fe80::1%0", "no network interface '0'"},
      {"192.0.2.7:161", "give a plain address or name, without http:// and without a port"},
      {"http://192.0.2.7/", "give a plain address or name, without http:// and without a port"},
      {"https://192.0.2.7:443/hp/device", "without http:// and without a port"},
      {"http://[2001:db8::1]/", "without http:// and without a port"},
      {"printer.example:161", "without http:// and without a port"},
      {"192.0.2.0/24:161", "without http:// and without a port"},
      {"[2001:db8::1]:161", "without port or brackets"},
      {"[2001:db8::1]", "without port or brackets"},
      {"fe80::1", "fe80::7%eth0"},
      {"::ffff:192.0.2.7", "as IPv4"},
      {"ff02::1", "multicast"},
      {"::", "is no host"},
      {"::1", "loopback"},
      {"192.0.2.9-192.0.2.1", "runs backwards"},
      {"192.0.2.9-1", "runs backwards"},
      {"192.0.2.1-256", "'256' is no IPv4 address"},
      {"192.0.2.1-", "'' is no IPv4 address"},
      {"-192.0.2.1", "'' is no IPv4 address"},
      {"192.0.2.1-2-3", "is no IPv4 address"},
      {"192.0.2.300", "is no IPv4 address"},
      {"192.0.2.07", "is no IPv4 address"},
      {" 192.0.2.7", "is no IPv4 address"},
      {"", "empty"},
      {"239.1.2.3", "multicast"},
      {"223.255.255.250-224.0.0.1", "multicast"},
      {"255.255.255.255", "broadcast"},
      {"240.0.0.1", "reserved"},
      {"0.0.0.0", "0.0.0.0/8"},
      {"127.0.0.1", "loopback"},
      {"126.255.255.250-127.0.0.1", "loopback"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    const auto all = expand_targets(Texts{row.target}, {}, {});
    REQUIRE_FALSE(all);
    CAPTURE(all.error().text);
    CHECK(all.error().code == Code::invalid);
    CHECK(all.error().text.starts_with("target '" + std::string(row.target) + "': "));
    CHECK(all.error().text.find(row.why) != std::string::npos);
    CHECK(all.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("loopback may be asked when it is allowed") {
  const TargetOptions allowed{.allow_loopback = true};
  CHECK(expanded({"127.0.0.1-2", "::1"}, {}, allowed) == Texts{"127.0.0.1", "::1", "127.0.0.2"});
}

TEST_CASE("the number of addresses is capped before they are made") {
  const TargetOptions few{.max_addresses = 4};
  CHECK(expanded({"10.0.0.1-4", "10.0.0.2-3"}, {}, few).size() == 4);
  CHECK(expanded({"10.0.0.1-4", "10.0.0.5"}, {}, few).front().find("more than 4 addresses") != std::string::npos);
  CHECK(expanded({"0.0.0.0-255.255.255.255"}).size() == 1);
  const auto widest = expand_targets(Texts{"10.16.0.0/12"}, {}, {});
  REQUIRE(widest);
  CHECK(widest->size() == (1U << 20U) - 2);
  CHECK(std::set<IpAddress>(widest->begin(), widest->end()).size() == widest->size());
  CHECK_FALSE(expand_targets(Texts{"10.16.0.0/12", "10.0.0.0-10.0.0.2"}, {}, {}));
}

TEST_CASE("reach: what others may name is within the targets and what was allowed, and nothing else") {
  const auto reach = [](Texts targets, Texts within, Texts excluded, const TargetOptions& options = {}) {
    return Reach::of(targets, within, excluded, options).value();
  };
  struct Row {
    const char* address;
    bool held;
  };
  const Reach some =
      reach({"192.0.2.0/24", "2001:db8::7"}, {"10.0.0.0/8", "2001:db8:5::/48", "fe80::/10", "224.0.0.0/3"},
            {"192.0.2.9", "10.9.0.0/16", "2001:db8:5::1"});
  for (const Row& row : {Row{"192.0.2.1", true},
                         {"192.0.2.9", false},
                         {"192.0.2.255", false},
                         {"10.8.0.1", true},
                         {"10.9.0.1", false},
                         {"8.8.8.8", false},
                         {"127.0.0.1", false},
                         {"224.0.0.251", false},
                         {"255.255.255.255", false},
                         {"2001:db8::7", true},
                         {"2001:db8::8", false},
                         {"2001:db8:5::2", true},
                         {"2001:db8:5::1", false},
                         {"fe80::1%lo", true},
                         {"fe80::1", false},
                         {"::1", false},
                         {"::ffff:192.0.2.1", false},
                         {"ff02::1", false}}) {
    CAPTURE(row.address);
    CHECK(some.holds(IpAddress::parse_scoped(row.address).value()) == row.held);
  }
  CHECK_FALSE(Reach().holds(IpAddress::v4(0xC0000201)));
  const Reach everything = reach({}, {"0.0.0.0/0", "::/0"}, {});
  CHECK(everything.holds(IpAddress::parse("8.8.8.8").value()));
  CHECK_FALSE(everything.holds(IpAddress::parse("127.0.0.1").value()));
  CHECK(reach({}, {"127.0.0.0/8"}, {}, {.allow_loopback = true}).holds(IpAddress::parse("127.0.0.1").value()));
  CHECK_FALSE(Reach::of({}, Texts{"10.0.0.0/33"}, {}, {}));
}

TEST_CASE("addresses are told from names") {
  for (const char* address :
       {"192.0.2.7", "192.0.2.0/24", "10.0.0.1-9", "2001:db8::7", "::/0", "300.1.1.1", "12", "host/24"}) {
    CAPTURE(address);
    CHECK(looks_like_address(address));
  }
  for (const char* name : {"printer", "printer-1.example.org", "hp4250", "10.0.0.x", "-", ""}) {
    CAPTURE(name);
    CHECK_FALSE(looks_like_address(name));
  }
}
