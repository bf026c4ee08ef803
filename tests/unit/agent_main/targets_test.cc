#include "agent/main/targets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <thread>

using namespace platen;  // NOLINT: a test

namespace {

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

const std::map<std::string, std::vector<IpAddress>> names = {
    {"laser.example", {address("192.0.2.9"), address("2001:db8::9")}},
    {"boss.example", {address("192.0.2.1")}},
    {"six.example", {address("2001:db8::6")}},
    {"here.example", {address("127.0.0.1")}},
};

std::vector<Expected<std::vector<IpAddress>>> resolve(std::span<const std::string> wanted, const std::stop_token&) {
  std::vector<Expected<std::vector<IpAddress>>> out;
  for (const std::string& name : wanted) {
    const auto known = names.find(name);
    if (known != names.end()) out.push_back(known->second);
    if (known == names.end()) out.push_back(fail(Code::not_found, "no such name"));
  }
  return out;
}

Expected<snmp::Candidates> nobody(const snmp::Sources&, const snmp::Surroundings&, const std::stop_token&) {
  return snmp::Candidates{};
}

schedule::Targets targets(std::vector<std::string> wanted, std::vector<std::string> excluded) {
  config::Scan scan;
  scan.targets = std::move(wanted);
  scan.exclude = std::move(excluded);
  auto found = agent::targets_of(scan, {}, {.resolve = resolve, .candidates = nobody}, std::stop_token());
  std::sort(found.addresses.begin(), found.addresses.end());
  return found;
}

}  // namespace

TEST_CASE("names count as their addresses, on both sides") {
  const auto found = targets({"192.0.2.0/30", "laser.example"}, {"boss.example"});
  CHECK(found.complete);
  CHECK(found.addresses == std::vector{address("192.0.2.2"), address("192.0.2.9")});
  CHECK(targets({"six.example"}, {}).addresses == std::vector{address("2001:db8::6")});
  CHECK(targets({"2001:db8::9", "192.0.2.1"}, {"laser.example"}).addresses == std::vector{address("192.0.2.1")});
}

TEST_CASE("a name without address leaves the rest, but says that it is not all") {
  const auto found = targets({"192.0.2.1", "gone.example"}, {});
  CHECK_FALSE(found.complete);
  CHECK(found.addresses == std::vector{address("192.0.2.1")});
}

TEST_CASE("nothing is asked while an exclusion cannot be resolved") {
  const auto found = targets({"192.0.2.1"}, {"gone.example"});
  CHECK_FALSE(found.complete);
  CHECK(found.addresses.empty());
}

TEST_CASE("a name cannot smuggle in an address that may not be asked") {
  CHECK(targets({"here.example", "192.0.2.1"}, {}).addresses == std::vector{address("192.0.2.1")});
}

TEST_CASE("candidates come first, each address once, and known printers may stay where candidates may lie") {
  config::Scan scan;
  scan.targets = {"192.0.2.1-2"};
  scan.exclude = {"10.0.0.9"};
  config::Discovery discovery;
  discovery.wsd = true;
  discovery.within = {"10.0.0.0/24"};
  const auto some = [](const snmp::Sources& sources, const snmp::Surroundings& around,
                       const std::stop_token&) -> Expected<snmp::Candidates> {
    CHECK((sources.wsd && !sources.mdns && !sources.slp));
    CHECK(around.targets == std::vector<std::string>{"192.0.2.1-2"});
    CHECK(around.within == std::vector<std::string>{"10.0.0.0/24"});
    return snmp::Candidates{{address("10.0.0.7"), address("192.0.2.2")}, 2, 0};
  };
  const auto found = agent::targets_of(scan, discovery, {.resolve = resolve, .candidates = some}, std::stop_token());
  CHECK(found.addresses == std::vector{address("10.0.0.7"), address("192.0.2.1"), address("192.0.2.2")});
  REQUIRE(found.allowed);
  CHECK(found.allowed(address("10.0.0.8")));
  CHECK_FALSE(found.allowed(address("10.0.0.9")));
  CHECK_FALSE(found.allowed(address("10.0.1.1")));
}

TEST_CASE("looking up waits for nobody: nothing until it is found, then anew") {
  std::promise<void> answer;
  std::atomic<int> asked = 0;
  config::Scan scan;
  scan.targets = {"laser.example"};
  agent::TargetFinder finder(scan, {},
                             {.resolve =
                                  [&](std::span<const std::string> wanted, const std::stop_token& stop) {
                                    if (++asked == 1) answer.get_future().wait();
                                    return resolve(wanted, stop);
                                  },
                              .candidates = nobody});
  CHECK_FALSE(finder.take());
  CHECK_FALSE(finder.take());
  answer.set_value();
  const auto wait = [&] {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      if (auto found = finder.take()) return *found;
      std::this_thread::yield();
    }
    return schedule::Targets{};
  };
  CHECK(wait().addresses == std::vector{address("192.0.2.9")});
  CHECK(wait().addresses == std::vector{address("192.0.2.9")});
  CHECK(asked == 2);
}

TEST_CASE("a finder that is given up stops what it waits for") {
  std::promise<void> asked;
  std::atomic<bool> told = false;
  config::Scan scan;
  scan.targets = {"laser.example"};
  {
    agent::TargetFinder finder(scan, {},
                               {.resolve =
                                    [&](std::span<const std::string> wanted, const std::stop_token& stop) {
                                      asked.set_value();
                                      std::promise<void> stopped;
                                      const std::stop_callback on_stop(stop, [&] { stopped.set_value(); });
                                      stopped.get_future().wait();
                                      told = true;
                                      return resolve(wanted, stop);
                                    },
                                .candidates = nobody});
    CHECK_FALSE(finder.take());
    asked.get_future().wait();
  }
  CHECK(told);
}
