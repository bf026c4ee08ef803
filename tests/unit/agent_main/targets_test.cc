#include "agent/main/targets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace platen;  // NOLINT: a test

namespace {

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

const std::map<std::string, std::vector<IpAddress>> names = {
    {"laser.example", {address("192.0.2.9"), address("2001:db8::9")}},
    {"boss.example", {address("192.0.2.1")}},
    {"here.example", {address("127.0.0.1")}},
};

schedule::Targets targets(std::vector<std::string> wanted, std::vector<std::string> excluded) {
  config::Scan scan;
  scan.targets = std::move(wanted);
  scan.exclude = std::move(excluded);
  auto found = agent::targets_of(
      scan,
      [](const std::string& name, const std::stop_token&) -> Expected<std::vector<IpAddress>> {
        const auto known = names.find(name);
        if (known == names.end()) return fail(Code::not_found, "no such name");
        return known->second;
      },
      std::stop_token());
  std::sort(found.addresses.begin(), found.addresses.end());
  return found;
}

}  // namespace

TEST_CASE("names count as their addresses, on both sides") {
  const auto found = targets({"192.0.2.0/30", "laser.example"}, {"boss.example"});
  CHECK(found.complete);
  auto expected = std::vector{address("192.0.2.2"), address("192.0.2.9"), address("2001:db8::9")};
  std::sort(expected.begin(), expected.end());
  CHECK(found.addresses == expected);
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
