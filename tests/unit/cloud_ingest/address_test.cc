#include "cloud/ingest/address.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace platen;

TEST_CASE("an address is usable, or the error says what to do") {
  CHECK(cloud::usable_address("127.0.0.1:0"));
  CHECK(cloud::usable_address("localhost:0"));
  for (const char* bad : {"", "443", ":443", "127.0.0.1:https-or-so", "no such host:1", "192.0.2.1:0"}) {
    CAPTURE(bad);
    const auto used = cloud::usable_address(bad);
    REQUIRE_FALSE(used);
    CHECK(used.error().code == Code::invalid);
    CHECK(used.error().text.find(bad) != std::string::npos);
  }
}

TEST_CASE("a port in use is a conflict") {
  const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  REQUIRE(::bind(other, reinterpret_cast<sockaddr*>(&place), size) == 0);
  REQUIRE(::listen(other, 1) == 0);
  REQUIRE(::getsockname(other, reinterpret_cast<sockaddr*>(&place), &size) == 0);
  const auto used = cloud::usable_address("127.0.0.1:" + std::to_string(ntohs(place.sin_port)));
  ::close(other);
  REQUIRE_FALSE(used);
  CHECK(used.error().code == Code::conflict);
}
