#include "agent/host/resolve.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;

TEST_CASE("localhost and what ends so is this host, asked for or not") {
  for (const char* name : {"localhost", "LocalHost", "localhost.", "cloud.localhost"}) {
    CAPTURE(name);
    const auto found = host::resolve(name, 10s, {});
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK(found->front() == IpAddress::parse("127.0.0.1"));
    CHECK(found->back() == IpAddress::parse("::1"));
  }
}

TEST_CASE("what only looks like it is a name like any other") {
  for (const char* name : {"localhost.invalid", "notlocalhost"}) {
    CAPTURE(name);
    const auto found = host::resolve(name, 1s, {});
    if (found) CHECK(std::find(found->begin(), found->end(), *IpAddress::parse("127.0.0.1")) == found->end());
  }
}
