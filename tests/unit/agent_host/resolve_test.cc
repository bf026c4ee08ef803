#include "agent/host/resolve.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

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

TEST_CASE("a thread that has just asked takes no signal") {
  ::sigset_t hang_up, before;
  ::sigemptyset(&hang_up);
  ::sigaddset(&hang_up, SIGHUP);
  const std::vector<std::string> names(8, "localhost");
  for (int round = 0; round < 300; ++round) {
    REQUIRE(host::resolve_all(names, 10s, {}).size() == names.size());
    ::pthread_sigmask(SIG_BLOCK, &hang_up, &before);
    ::kill(::getpid(), SIGHUP);  // with a thread that has not blocked it, this is the end
    const ::timespec deadline = {10, 0};
    REQUIRE(::sigtimedwait(&hang_up, nullptr, &deadline) == SIGHUP);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
}
