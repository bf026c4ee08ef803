#include <doctest/doctest.h>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/secret.h"

using namespace platen;

TEST_CASE("times are written and read back in UTC") {
  const WallTime time = from_rfc3339("2026-11-21T02:10:45.123Z").value();
  CHECK(to_rfc3339(time) == "2026-11-21T02:10:45.123Z");
  CHECK(to_rfc3339(from_rfc3339("2024-02-29T23:59:59Z").value()) == "2024-02-29T23:59:59.000Z");
  for (const char* bad : {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T02:10:45+01:00",
                          "2026-1--21T02:10:45Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_rfc3339(bad));
  }
}

TEST_CASE("addresses are values") {
  CHECK(IpAddress::parse("192.0.2.7").value().text() == "192.0.2.7");
  CHECK(IpAddress::parse("192.0.2.7").value().to_v4() == 0xC0000207U);
  CHECK(IpAddress::parse("2001:DB8::7").value().text() == "2001:db8::7");
  CHECK(IpAddress::parse("127.9.9.9").value().is_loopback());
  CHECK(IpAddress::parse("::1").value().is_loopback());
  CHECK(IpAddress::parse("239.1.1.1").value().is_multicast());
  for (const char* bad : {"", "1.2.3", "1.2.3.256", "example", "fe80::1%eth0", "[::1]"})
    CHECK_FALSE(IpAddress::parse(bad));
}

TEST_CASE("a secret does not print, and does not stay behind when it is moved") {
  Secret secret("hunter2hunter2");
  CHECK(to_text(secret) == "<secret>");
  const Secret moved = std::move(secret);
  CHECK(moved.reveal() == "hunter2hunter2");
  CHECK(secret.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
}
