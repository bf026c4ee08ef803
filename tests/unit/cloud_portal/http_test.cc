// The portal over real sockets: what is served, and what hostile clients get.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "cloud/portal/assets.h"
#include "cloud/portal/http_server.h"
#include "cloud/portal/portal.h"
#include "proto/reading_codec.h"
#include "tests/unit/cloud_portal/fleet_fixture.h"

using namespace platen;
using namespace platen::portal;

namespace {

using Ticks = std::chrono::steady_clock;

class Client {
 public:
  enum class Room {
    usual,
    small
  };  // small: what the server may have under way is a hundredth of loopback's usual 4 MB
  explicit Client(const std::string& bound, Room room = Room::usual)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET, to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(bound.substr(bound.rfind(':') + 1))));
    const int window = 4096, segment = 536;  // the server's own buffer goes by the segment
    if (room == Room::small) {
      REQUIRE(::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window) == 0);
      REQUIRE(::setsockopt(socket_, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment) == 0);
    }
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(std::string_view octets) const {
    return ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size());
  }
  // Until the server closes; fails when it takes longer than the patience.
  [[nodiscard]] std::string rest() const {
    std::string all;
    char some[65536];
    ssize_t got = 0;
    while ((got = ::recv(socket_, some, sizeof some, 0)) > 0) all.append(some, static_cast<std::size_t>(got));
    const bool closed = got == 0 || errno == ECONNRESET;
    CHECK(closed);
    return all;
  }
  // One answer of a connection that stays open.
  [[nodiscard]] std::string one() const {
    std::string all;
    char octet = 0;
    while (all.find("\r\n\r\n") == std::string::npos && ::recv(socket_, &octet, 1, 0) == 1) all += octet;
    const std::size_t at = all.find("Content-Length: ");
    for (auto left = at == std::string::npos ? 0 : std::stoul(all.substr(at + 16));
         left > 0 && ::recv(socket_, &octet, 1, 0) == 1; --left)
      all += octet;
    return all;
  }
  [[nodiscard]] bool closed_within(int milliseconds) const {
    pollfd waiting{socket_, POLLIN, 0};
    char octet = 0;
    return ::poll(&waiting, 1, milliseconds) == 1 && ::recv(socket_, &octet, 1, 0) <= 0;
  }

 private:
  int socket_;
};

unsigned status_of(const std::string& answer) {
  return answer.size() > 12 ? static_cast<unsigned>(std::stoul(answer.substr(9, 3))) : 0;
}
std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// A portal over a store in a folder of its own.
class Running {
 public:
  explicit Running(ServerOptions options = {}) {
    std::string name = (std::filesystem::temp_directory_path() / "platen-portal.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    store_ = cloud::open_sqlite_store(folder_ + "/cloud.db").value();
    fill();
    portal_ = std::make_unique<Portal>(*store_, system_clock(), std::vector<std::string>{"cloud.example"});
    options.address = "127.0.0.1:0";
    server_ = HttpServer::start(
                  options, [this](const Request& request) { return portal_->answer(request); }, Portal::refuse)
                  .value();
  }
  ~Running() {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] const std::string& bound() const { return server_->bound(); }
  [[nodiscard]] std::string ask(const std::string& raw) const {
    const Client client(bound());
    client.send(raw);
    return client.rest();
  }
  [[nodiscard]] std::string get(const std::string& target) const {
    return ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

 private:
  void fill() {
    std::vector<cloud::StoredRecord> batch;
    for (unsigned i = 0; i < 3; ++i) {
      const Reading reading = i == 2 ? fixture::hostile_printer() : fixture::printer(i, fixture::noon);
      batch.push_back({i + 1, "reading", wire::encode_reading(reading), reading});
    }
    REQUIRE(store_->put("site-7", "e1", batch, system_clock().wall()));
  }

  std::string folder_;
  std::unique_ptr<cloud::Store> store_;
  std::unique_ptr<Portal> portal_;
  std::unique_ptr<HttpServer> server_;
};

// Asks until there is room for one more connection.
bool served_within(const Running& portal, std::chrono::seconds patience) {
  const auto start = Ticks::now();
  while (Ticks::now() - start < patience) {
    const Client client(portal.bound());
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    if (status_of(client.one()) == 200) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("pages are where they should be, and nothing else is") {
  const Running portal;
  struct Row {
    std::string target;
    unsigned status;
    std::string shows;
  };
  const Row rows[] = {
      {"/", 200, "<h1>Fleet</h1>"},
      {"/?sort=total&order=desc&q=SN", 200, "aria-sort"},
      {"/?sort=weight", 400, "“sort” that is none of: state, printer, "},
      {"/printers/s-SN100000", 200, "SN100000"},
      {"/agents", 200, "site-7"},
      {"/healthz", 200, "ok\n"},
      {"/printers/s-NOBODY", 404, "Nothing is here"},
      {"/printers/", 404, "404"},
      {"/printers/a/b", 404, "404"},
      {"/assets/portal.css", 404, "404"},
      {"/assets/../../etc/passwd", 400, "400"},
      {"/assets/%2e%2e/secret", 400, "400"},
      {"/..%2f..%2fetc/passwd", 400, "400"},
      {"/wp-admin", 404, "404"},
      {"http://evil.example/", 400, "400"},
      {"/%00", 400, "400"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    const std::string answer = portal.get(row.target);
    CHECK(status_of(answer) == row.status);
    CHECK(has(body_of(answer), row.shows));
  }
}

TEST_CASE("every answer has exactly the security headers") {
  const Running portal;
  const std::string answers[] = {portal.get("/"), portal.get("/none"), portal.get("/healthz"),
                                 portal.ask("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                 portal.ask("rubbish\r\n\r\n")};
  for (const std::string& answer : answers) {
    CAPTURE(answer.substr(0, 40));
    CHECK(has(answer,
              "\r\nContent-Security-Policy: default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; "
              "font-src 'self'; connect-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'\r\n"));
    CHECK(has(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
    CHECK(has(answer, "\r\nReferrer-Policy: same-origin\r\n"));
    CHECK(has(answer, "\r\nCross-Origin-Opener-Policy: same-origin\r\n"));
    CHECK(has(answer, "\r\nCross-Origin-Resource-Policy: same-origin\r\n"));
    CHECK(has(answer, "\r\nStrict-Transport-Security: max-age=31536000\r\n"));
    CHECK(has(answer, "\r\nPermissions-Policy: camera=(), "));
    CHECK(has(answer, "\r\nCache-Control: no-store\r\n"));
    CHECK_FALSE(has(answer, "\r\nServer:"));
  }
}

TEST_CASE("assets carry their hash and may be kept for good") {
  const Running portal;
  for (const Asset& asset : assets()) {
    const std::string answer = portal.get("/assets/" + std::string(asset.served_as));
    CHECK(status_of(answer) == 200);
    CHECK(has(answer, "\r\nCache-Control: public, max-age=31536000, immutable\r\n"));
    CHECK(has(answer, "\r\nContent-Type: " + std::string(asset.content_type) + "\r\n"));
    CHECK(body_of(answer) == asset.octets);
  }
  CHECK(has(portal.get("/"), std::string(asset("portal.css").served_as)));
}

TEST_CASE("requests that are damaged, too large or of another kind are refused, and the next one is served") {
  const Running portal;
  const std::string host = "Host: localhost\r\n";
  struct Row {
    const char* name;
    std::string raw;
    unsigned status;
  };
  const Row rows[] = {
      {"a header of 9 KB", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'a') + "\r\n\r\n", 431},
      {"a header without end", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(20000, 'a'), 431},
      {"a target of 9 KB", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 431},
      {"a target of 3 KB", "GET /" + std::string(3000, 'a') + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
       400},
      {"a body", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello", 413},
      {"a body with GET", "GET / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello", 413},
      {"a huge body announced", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 99999999999\r\n\r\n", 413},
      {"a chunked body", "GET / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
       413},
      {"another method", "DELETE / HTTP/1.1\r\n" + host + "\r\n", 405},
      {"an unknown method", "BREW / HTTP/1.1\r\n" + host + "\r\n", 405},
      {"both lengths", "GET / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a negative length", "GET / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
      {"another host", "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421},
      {"our name", "GET /healthz HTTP/1.1\r\nHost: cloud.example:443\r\nConnection: close\r\n\r\n", 200},
      {"HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 200},
      {"HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"a folded header", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\nConnection: close\r\n\r\n", 200},
      {"octets", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(status_of(portal.ask(row.raw)) == row.status);
    CHECK(status_of(portal.get("/healthz")) == 200);
  }
}

TEST_CASE("HEAD says what GET would, without the body; a connection may be used again") {
  const Running portal;
  const std::string head = portal.ask("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(status_of(head) == 200);
  CHECK(has(head, "\r\nContent-Length: 3\r\n"));
  CHECK(body_of(head).empty());
  const Client client(portal.bound());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(body_of(client.one()) == "ok\n");
  }
}

TEST_CASE("a client that sends a byte now and then is dropped at the deadline") {
  const Running portal({.deadline = std::chrono::milliseconds(300)});
  const Client client(portal.bound());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
  const auto start = Ticks::now();
  bool closed = false;
  while (!closed && Ticks::now() - start < std::chrono::seconds(8)) {
    closed = !client.send("a") || client.closed_within(20);
  }
  CHECK(closed);
  CHECK(Ticks::now() - start >= std::chrono::milliseconds(250));
  CHECK(Ticks::now() - start < std::chrono::seconds(5));
  CHECK(status_of(portal.get("/healthz")) == 200);
}

TEST_CASE("a client that never reads its answers is dropped") {
  const Running portal({.most_connections = 1, .deadline = std::chrono::milliseconds(300)});
  const Client deaf(portal.bound(), Client::Room::small);
  std::string many;
  for (int i = 0; i < 3000; ++i)
    many += "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";  // more answers than any buffer holds
  deaf.send(many);
  CHECK(served_within(portal, std::chrono::seconds(8)));
}

TEST_CASE("connections above the cap are turned away, and there is room again when one has gone") {
  const Running portal({.most_connections = 2});
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  auto first = std::make_unique<Client>(portal.bound());
  const Client second(portal.bound());
  for (const Client* client : {static_cast<const Client*>(first.get()), &second}) {
    client->send(request);
    REQUIRE(status_of(client->one()) == 200);
  }
  const Client third(portal.bound());
  third.send(request);
  CHECK(third.rest().empty());
  first.reset();
  CHECK(served_within(portal, std::chrono::seconds(8)));
}

TEST_CASE("addresses that cannot be are refused with a way out") {
  const auto handler = [](const Request&) { return Response{}; };
  const Running portal;
  struct Row {
    std::string address;
    Code want;
  };
  const Row rows[] = {{"", Code::invalid},
                      {"8080", Code::invalid},
                      {"localhost:80", Code::invalid},
                      {"127.0.0.1:65536", Code::invalid},
                      {"127.0.0.1:", Code::invalid},
                      {"127.0.0.1:8o", Code::invalid},
                      {"192.0.2.1:0", Code::invalid},
                      {portal.bound(), Code::conflict}};
  for (const Row& row : rows) {
    CAPTURE(row.address);
    const auto server = HttpServer::start({.address = row.address}, handler, Portal::refuse);
    REQUIRE_FALSE(server);
    CHECK(server.error().code == row.want);
    CHECK(server.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("after a form another page is shown") {
  const auto server = HttpServer::start(
                          {.address = "127.0.0.1:0", .most_body = 10},
                          [](const Request& request) {
                            Response response;
                            response.status = request.method == "POST" ? 303 : 200;
                            response.location = request.method == "POST" ? "/there" : "";
                            return response;
                          },
                          Portal::refuse)
                          .value();
  const Client client(server->bound());
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
  const std::string answer = client.one();
  CHECK(status_of(answer) == 303);
  CHECK(has(answer, "\r\nLocation: /there\r\n"));
}

TEST_CASE("a handler that throws answers 500 and goes on") {
  const auto server =
      HttpServer::start(
          {.address = "127.0.0.1:0"},
          [](const Request&) -> Response { throw std::runtime_error("secret of the house"); }, Portal::refuse)
          .value();
  for (int i = 0; i < 2; ++i) {
    const Client client(server->bound());
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const std::string answer = client.rest();
    CHECK(status_of(answer) == 500);
    CHECK_FALSE(has(answer, "secret"));
  }
}

namespace {

class BrokenStore final : public cloud::Store {
 public:
  Expected<cloud::Standing> standing(const std::string&, const std::string&) override { return away(); }
  Expected<std::optional<std::string>> octets(const std::string&, const std::string&, std::uint64_t) override {
    return away();
  }
  Expected<void> trouble(const std::string&, const std::string&, WallTime) override { return away(); }
  Expected<std::vector<cloud::EpochProof>> verify() override { return away(); }
  Expected<cloud::PutResult> put(const std::string&, const std::string&, std::span<const cloud::StoredRecord>,
                                 WallTime) override {
    return away();
  }
  Expected<void> preview(const std::string&, const std::string&, std::span<const cloud::StoredRecord>,
                         WallTime) override {
    return away();
  }
  Expected<void> saw(const std::string&, const cloud::Greeting&, WallTime) override { return away(); }
  Expected<std::vector<cloud::AgentRow>> agents() override { return away(); }
  Expected<std::vector<cloud::PrinterRow>> printers() override { return away(); }
  Expected<std::optional<cloud::PrinterRow>> printer(const std::string&) override { return away(); }
  Expected<std::vector<cloud::ReadingRow>> readings(const std::string&, std::size_t) override { return away(); }
  Expected<std::vector<cloud::FeedRow>> feed(std::int64_t, std::size_t) override { return away(); }
  Expected<std::vector<cloud::FeedRow>> task_results(std::int64_t, std::size_t) override { return away(); }
  Expected<std::int64_t> tasks_seen() override { return away(); }
  Expected<void> saw_tasks(std::int64_t) override { return away(); }

 private:
  static tl::unexpected<Error> away() { return fail(Code::unavailable, "disk of secret name is gone"); }
};

}  // namespace

TEST_CASE("a store that does not answer is said, not shown") {
  BrokenStore store;
  Portal portal(store, system_clock(), {});
  for (const char* target : {"/", "/agents", "/printers/x", "/healthz"}) {
    const Response response = portal.answer({.target = target, .host = "localhost"});
    CHECK(response.status == 503);
    CHECK_FALSE(has(response.body, "secret"));
  }
}
