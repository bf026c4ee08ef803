// Paths tried on real servers that are not what they should be.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "agent/network/check.h"
#include "tests/unit/transport_command/mosquitto.h"
#include "tests/unit/transport_egress/child.h"

using namespace platen;
using namespace std::chrono_literals;
using network::Use;

namespace {

std::string content(const std::string& file) {
  std::ifstream in(certificates() + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string verdict(Use use, const std::string& port, const std::string& client = "") {
  const egress::Door door(egress::Settings{.allowed = {"localhost"}});
  network::Path path{};
  path.use = use;
  path.address = "localhost:" + port, path.target = "/mqtt", path.signs_in = true;
  egress::Tls tls{.roots_pem = content("ca.crt")};
  if (!client.empty()) tls.certificate_pem = content(client + ".crt"), tls.key_pem = Secret(content(client + ".key"));
  const auto seen = network::try_path(door, path, tls, 20s, {});
  return std::string(network::judge(use, seen).code);
}

// Answers each connection with these octets, after it has read a little.
std::vector<std::string> answering(const std::string& octets) {
  return {"python3", "-c",
          "import socket,sys\ns=socket.create_server(('127.0.0.1',0))\nprint('PORT %d'%s.getsockname()[1],flush=True)\n"
          "while True:\n c,_=s.accept()\n try:\n  c.recv(4096)\n  c.sendall(sys.argv[1].encode())\n  c.shutdown(1)\n"
          "  while c.recv(4096): pass\n except OSError: pass\n c.close()",
          octets};
}

}  // namespace

TEST_CASE("a captive portal, something that is no cloud, and a server that knows no WebSocket") {
  struct Row {
    const char *octets, *code;
  };
  const Row rows[] = {
      {"HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n", "portal"},
      {"HTTP/1.1 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n", "portal"},
      {"HTTP/1.1 302 Found\r\nLocation: https://localhost/\r\nContent-Length: 0\r\n\r\n", "tls.none"},
      {"HTTP/1.1 400 Bad Request\r\n\r\n", "tls.none"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "tls.none"},
  };
  for (const Row& row : rows) {
    Child server(answering(row.octets));
    CHECK_MESSAGE(verdict(Use::uplink, server.line("PORT ")) == row.code, row.octets);
  }
  Child tls({"openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificates() + "/good.crt", "-key",
             certificates() + "/good.key"});
  const std::string port = tls.line("ACCEPT 127.0.0.1:");
  CHECK(verdict(Use::command, port) == "websocket.refused");
  CHECK(verdict(Use::time, port) == "clock.unknown");
  CHECK(verdict(Use::update, port) == "ok");
  CHECK(verdict(Use::enrolment, port) == "ok");
  CHECK(verdict(Use::uplink, port) == "http2.missing");
}

TEST_CASE("a broker says whether it would let the agent in, and the agent that is in stays in") {
  const Mosquitto broker;
  const std::string port = std::to_string(broker.wss);
  CHECK(verdict(Use::command, port, "client") == "ok");
  CHECK(verdict(Use::command, port, "stranger") == "tls.own-certificate");
  CHECK(verdict(Use::command, port) == "tls.own-certificate");  // an agent without one
}
