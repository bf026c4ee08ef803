// Connections made by hand: real sockets, and proxies that answer as some do.
#include "transport/egress/dialler.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "transport/egress/door.h"

using namespace platen;
using namespace platen::egress;

namespace {

constexpr std::chrono::seconds deadline{20};

Patience patient(const std::stop_token& stop) { return {std::chrono::steady_clock::now() + deadline, stop}; }

struct Listener {
  explicit Listener(std::uint32_t address = INADDR_LOOPBACK, std::uint16_t wanted = 0)
      : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::sockaddr_in at = {};
    at.sin_family = AF_INET;
    at.sin_port = htons(wanted);
    at.sin_addr.s_addr = htonl(address);
    ::socklen_t size = sizeof at;
    REQUIRE(::bind(fd, reinterpret_cast<::sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(fd, 8) == 0);
    REQUIRE(::getsockname(fd, reinterpret_cast<::sockaddr*>(&at), &size) == 0);
    port = ntohs(at.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { ::close(fd); }
  int fd;
  std::uint16_t port = 0;
};

// Takes one connection, reads a question up to its blank line, and answers in these pieces; then it closes.
class Answerer {
 public:
  explicit Answerer(std::vector<std::string> pieces) : thread_([this, pieces = std::move(pieces)] { serve(pieces); }) {}
  std::uint16_t port() const { return listener_.port; }
  const std::string& asked() {
    thread_.join();
    return asked_;
  }

 private:
  void serve(const std::vector<std::string>& pieces) {
    const int peer = ::accept4(listener_.fd, nullptr, nullptr, SOCK_CLOEXEC);
    char octet = 0;
    while (!asked_.ends_with("\r\n\r\n") && ::recv(peer, &octet, 1, 0) == 1) asked_ += octet;
    for (const std::string& piece : pieces) ::send(peer, piece.data(), piece.size(), MSG_NOSIGNAL);
    ::close(peer);
  }
  Listener listener_;
  std::string asked_;
  std::jthread thread_;  // last: it uses the others
};

std::string rest_of(int fd) {
  std::string out;
  std::array<char, 64> buffer{};
  const std::stop_token never;
  while (wait_for(fd, POLLIN, patient(never))) {
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return out;
}

const Endpoint cloud{"cloud.example", 443};

}  // namespace

TEST_CASE("a proxy is asked for a tunnel; what follows its answer is the peer's, to the octet") {
  std::vector<std::string> single;
  for (const char octet : std::string("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nSSH-2.0"))
    single.emplace_back(1, octet);
  struct Row {
    const char* name;
    std::vector<std::string> pieces;
    const char* rest;
  };
  const Row rows[] = {
      {"at once", {"HTTP/1.0 200 Connection established\r\n\r\nSSH-2.0"}, "SSH-2.0"},
      {"octet by octet, with a length that does not count", single, "SSH-2.0"},
      {"nothing behind it", {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"}, ""},
      {"after a word of patience", {"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 201 OK\r\n\r", "\n12"}, "12"},
      {"a head of 10 KB", {"HTTP/1.1 200 OK\r\nX: " + std::string(10'000, 'x') + "\r\n\r\nrest"}, "rest"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Answerer answerer(row.pieces);
    const Proxy proxy{.at = {"127.0.0.1", answerer.port()}};
    Facts facts;
    const std::stop_token never;
    const auto fd = dial_by_hand(cloud, &proxy, "platen/1", patient(never), facts);
    REQUIRE(fd);
    CHECK(facts.connect_status / 100 == 2);
    CHECK(rest_of(*fd) == row.rest);
    ::close(*fd);
    CHECK(answerer.asked() ==
          "CONNECT cloud.example:443 HTTP/1.1\r\nHost: cloud.example:443\r\nUser-Agent: platen/1\r\n"
          "Proxy-Connection: Keep-Alive\r\n\r\n");
  }
}

TEST_CASE("what a proxy says instead has a name") {
  struct Row {
    const char* answer;
    Fault fault;
    int status;
    const char* offered;
  };
  const std::string flood(100'000, 'x');
  const std::string long_head = "HTTP/1.1 200 OK\r\nX: " + flood;
  const Row rows[] = {
      {"HTTP/1.1 407 Login\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate:\tBASIC realm=\"NTLM, "
       "Digest\"\r\n\r\n",
       Fault::proxy_login, 407, "Basic, Negotiate"},
      {"HTTP/1.1 407 Login\r\n\r\n", Fault::proxy_login, 407, ""},
      {"HTTP/1.1 403 No\r\n\r\n", Fault::proxy_forbids, 403, ""},
      {"HTTP/1.1 405 No\r\n\r\n", Fault::proxy_forbids, 405, ""},
      {"HTTP/1.1 502 Bad\r\n\r\n", Fault::proxy_cannot, 502, ""},
      {"HTTP/1.1 503 Bad\r\n\r\n", Fault::proxy_cannot, 503, ""},
      {"HTTP/1.1 504 Late\r\n\r\n", Fault::proxy_cannot, 504, ""},
      {"HTTP/1.1 302 Elsewhere\r\nLocation: http://x/\r\n\r\n", Fault::proxy_strange, 302, ""},
      {"HTTP/1.1 100 Continue\r\n\r\n", Fault::proxy_strange, 0, ""},
      {"HTTP/1.1 200 OK\r\nX: ", Fault::proxy_strange, 0, ""},
      {"SSH-2.0-OpenSSH\r\n\r\n", Fault::proxy_strange, 0, ""},
      {"HTTP/1.1 99 Odd\r\n\r\n", Fault::proxy_strange, 0, ""},
      {"", Fault::proxy_strange, 0, ""},
      {flood.c_str(), Fault::proxy_strange, 0, ""},
      {long_head.c_str(), Fault::proxy_strange, 0, ""},
  };
  for (const Row& row : rows) {
    Answerer answerer({row.answer});
    const Proxy proxy{.at = {"127.0.0.1", answerer.port()}};
    Facts facts;
    const std::stop_token never;
    const auto fd = dial_by_hand(cloud, &proxy, "platen/1", patient(never), facts);
    const std::string answer = std::string(row.answer).substr(0, 60);
    REQUIRE_MESSAGE(!fd, answer);
    CHECK_MESSAGE(fd.error() == row.fault, answer, ": ", word_of(fd.error()));
    CHECK_MESSAGE(facts.connect_status == row.status, answer);
    CHECK_MESSAGE(facts.offered == row.offered, answer);
  }
}

TEST_CASE("a proxy or a host that says nothing is given up in time, or when a stop is asked for") {
  const Listener mute;
  const Proxy proxy{.at = {"127.0.0.1", mute.port}};
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  Facts facts;
  const std::stop_token never;
  CHECK(dial_by_hand(cloud, &proxy, "", {soon, never}, facts).error() == Fault::proxy_silent);
  std::stop_source stop;
  const std::stop_token token = stop.get_token();
  stop.request_stop();
  CHECK(dial_by_hand(cloud, &proxy, "", patient(token), facts).error() == Fault::stopped);
  CHECK(dial_by_hand({"localhost", mute.port}, nullptr, "", patient(token), facts).error() == Fault::stopped);
  CHECK(connect_to_first({}, 1, {soon, never}).error() == ETIMEDOUT);
}

TEST_CASE("the first address that answers is taken; the first reason is told when none does") {
  const Listener second(INADDR_LOOPBACK + 1);  // 127.0.0.2 only
  const IpAddress refuses = IpAddress::v4(0x7F000003), answers = IpAddress::v4(0x7F000002),
                  no_way = IpAddress::v4(0xFFFFFFFF);
  const std::stop_token never;
  for (const auto& addresses :
       {std::vector{answers}, std::vector{refuses, answers}, std::vector{no_way, refuses, answers}}) {
    const auto fd = connect_to_first(addresses, second.port, patient(never));
    REQUIRE(fd);
    int delay = 0;
    ::socklen_t size = sizeof delay;
    ::getsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &delay, &size);
    CHECK(delay == 1);
    ::close(*fd);
  }
  CHECK(connect_to_first(std::vector{refuses, refuses}, second.port, patient(never)).error() == ECONNREFUSED);
}

TEST_CASE("names that do not exist, for hosts and for proxies") {
  const std::stop_token never;
  Facts facts;
  const Proxy proxy{.at = {"nobody.invalid", 3128}};
  CHECK(dial_by_hand({"nobody.invalid", 443}, nullptr, "", patient(never), facts).error() == Fault::name);
  CHECK(facts.detail.find("nobody.invalid") != std::string::npos);
  CHECK(dial_by_hand(cloud, &proxy, "", patient(never), facts).error() == Fault::proxy_name);
}

TEST_CASE("libcurl is asked only where there is something to sign in with") {
  const Endpoint at{"proxy.example", 3128};
  CHECK_FALSE(Proxy{.at = at}.wants_login());
  CHECK_FALSE(Proxy{.at = at, .user = "u", .auth = Auth::none}.wants_login());
  for (const Auth auth : {Auth::any, Auth::basic, Auth::digest, Auth::ntlm, Auth::negotiate})
    CHECK(Proxy{.at = at, .user = "u", .auth = auth}.wants_login());
  CHECK_FALSE(Proxy{.at = at, .auth = Auth::basic}.wants_login());
  CHECK(Proxy{.at = at, .auth = Auth::negotiate}.wants_login());  // the ticket's user
}
