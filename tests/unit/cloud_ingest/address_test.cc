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

TEST_CASE("a port is a number up to 65535, and what is none is named") {
  for (const char* port : {"abc", "", "65536", "-1", "80x", " 80", "4294967376", "99999999999999999999", "https"}) {
    const auto used = cloud::usable_address(std::string("127.0.0.1:") + port);
    CAPTURE(port);
    REQUIRE_FALSE(used);
    CHECK(used.error().code == Code::invalid);
    CHECK(used.error().text.find("'" + std::string(port) + "' is no port") != std::string::npos);
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
