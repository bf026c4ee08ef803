// The zoo on its socket.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/zoo/talk.h"

using namespace platen;
using namespace platen::zoo;

namespace {

struct Heard {
  std::string from;
  Said said;
};

class Asker {
 public:
  Asker() : fd_(socket(AF_INET, SOCK_DGRAM, 0)) {}
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker() { close(fd_); }

  void send(const std::string& address, std::uint16_t port, const Question& question) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    const std::string datagram = datagram_of(question);
    REQUIRE(sendto(fd_, datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) > 0);
  }

  [[nodiscard]] std::optional<Heard> hear() const {
    pollfd watched{fd_, POLLIN, 0};
    if (poll(&watched, 1, 5000) != 1) return std::nullopt;
    std::string datagram(65536, '\0');
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    const ssize_t got = recvfrom(fd_, datagram.data(), datagram.size(), 0, reinterpret_cast<sockaddr*>(&peer), &length);
    if (got <= 0) return std::nullopt;
    datagram.resize(static_cast<std::size_t>(got));
    std::string from(INET_ADDRSTRLEN, '\0');
    from = inet_ntop(AF_INET, &peer.sin_addr, from.data(), INET_ADDRSTRLEN);
    return Heard{from, said_in(datagram).value()};
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("every device answers at its own address, and only devices do") {
  const auto zoo = Zoo::start(make_fleet({.name = "printers"}).value(), {}).value();
  const Asker asker;
  asker.send("127.50.99.99", zoo->port(), {.names = {sys_name}});
  asker.send("127.49.255.255", zoo->port(), {.names = {sys_name}});
  for (const char* address : {"127.50.0.1", "127.50.0.3", "127.50.0.60"}) {
    asker.send(address, zoo->port(), {.names = {sys_name}});
    const auto heard = asker.hear();
    REQUIRE(heard);
    CHECK(heard->from == address);
  }
  CHECK(zoo->requests() == 3);
  CHECK(zoo->counters(IpAddress::parse("127.50.0.3").value()).answers == 1);
  CHECK(zoo->counters(IpAddress::parse("127.50.0.4").value()).requests == 0);
}

TEST_CASE("many requests at once, late answers, and a foreign source") {
  auto fleet = make_fleet({.name = "printers", .count = 500, .manners = parse_manners("latency:5+5").value()}).value();
  REQUIRE(set_manners(fleet, fleet.devices[7].address, "wrong-source:1"));
  const auto zoo = Zoo::start(std::move(fleet), {}).value();
  const Asker asker;
  std::size_t foreign = 0;
  for (int round = 0; round < 5; ++round) {
    for (std::uint32_t i = 0; i < 100; ++i)
      asker.send(IpAddress::v4(0x7F320001 + i).text(), zoo->port(), {.names = {sys_name}});
    for (int i = 0; i < 100; ++i) {
      const auto heard = asker.hear();
      REQUIRE(heard);
      if (heard->from == "127.255.255.1") ++foreign;
    }
  }
  CHECK(foreign == 5);
}

TEST_CASE("a port in use is named with the way out") {
  const auto first = Zoo::start(make_fleet({}).value(), {}).value();
  const auto second = Zoo::start(make_fleet({}).value(), {.port = first->port()});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::conflict);
  CHECK(second.error().text.find("is in use: choose another --port") != std::string::npos);
}
