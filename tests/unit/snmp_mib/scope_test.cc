#include "snmp/mib/scope.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace platen::snmp;

namespace {

bool holds(const Scope& scope, std::string_view address) { return scope.holds(IpAddress::parse(address).value()); }

}  // namespace

TEST_CASE("a scope holds what was written, to the last address of a block") {
  struct Row {
    std::vector<std::string> ranges;
    std::vector<std::string> inside, outside;
  };
  const Row rows[] = {
      {{}, {"192.0.2.7", "2001:db8::7"}, {}},
      {{"192.0.2.7"}, {"192.0.2.7"}, {"192.0.2.6", "192.0.2.8", "2001:db8::7"}},
      {{"192.0.2.9-192.0.3.1"}, {"192.0.2.9", "192.0.2.255", "192.0.3.1"}, {"192.0.2.8", "192.0.3.2"}},
      {{"192.0.2.9-12"}, {"192.0.2.9", "192.0.2.12"}, {"192.0.2.8", "192.0.2.13"}},
      {{"10.0.0.0/8"}, {"10.0.0.0", "10.255.255.255"}, {"9.255.255.255", "11.0.0.0"}},
      {{"192.0.2.77/26"}, {"192.0.2.64", "192.0.2.127"}, {"192.0.2.63", "192.0.2.128"}},
      {{"0.0.0.0/0"}, {"0.0.0.0", "255.255.255.255"}, {"2001:db8::7"}},
      {{"192.0.2.7/32"}, {"192.0.2.7"}, {"192.0.2.6"}},
      {{"2001:db8::/48"}, {"2001:db8::", "2001:db8:0:ffff::1"}, {"2001:db8:1::", "10.0.0.1"}},
      {{"2001:db8::1-2001:db8::9"}, {"2001:db8::5"}, {"2001:db8::a"}},
      {{"192.0.2.0/25", "192.0.2.64-192.0.2.200", "198.51.100.1"},
       {"192.0.2.0", "192.0.2.150", "192.0.2.200", "198.51.100.1"},
       {"192.0.2.201", "198.51.100.0"}},
  };
  for (const Row& row : rows) {
    const Scope scope = Scope::of(row.ranges).value();
    CHECK(scope.is_everywhere() == row.ranges.empty());
    for (const std::string& address : row.inside) {
      CAPTURE(address);
      CHECK(holds(scope, address));
    }
    for (const std::string& address : row.outside) {
      CAPTURE(address);
      CHECK_FALSE(holds(scope, address));
    }
  }
}

TEST_CASE("what is no range is refused with the way out") {
  struct Row {
    std::string range, says;
  };
  const Row rows[] = {
      {"", "no address, range or network"},
      {"printer.example", "host names have no place here"},
      {"192.0.2.0/33", "prefix length up to 32"},
      {"192.0.2.0/", "prefix length up to 32"},
      {"2001:db8::/129", "prefix length up to 128"},
      {"x/24", "is no address"},
      {"192.0.2.9-192.0.2.3", "runs backwards"},
      {"192.0.2.9-3", "runs backwards"},
      {"192.0.2.9-2001:db8::1", "no address like the first"},
      {"192.0.2.9-256", "no address like the first"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.range);
    const std::vector<std::string> one{row.range};
    const auto refused = Scope::of(one);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find(row.says) != std::string::npos);
    CHECK(refused.error().text.find("'" + row.range + "'") != std::string::npos);
  }
}
