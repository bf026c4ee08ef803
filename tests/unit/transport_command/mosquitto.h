// A real broker for a test: plain MQTT for the test itself, WebSocket with TLS and client certificates for who is tested.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "tests/unit/transport_egress/child.h"

namespace platen {

// A port that nobody uses now. mosquitto cannot pick one itself.
inline std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  ::close(fd);
  return ntohs(at.sin_port);
}

inline std::string content_of(const std::string& file) {
  std::ifstream in(certificates() + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Mosquitto {
 public:
  // `certificate`: what it shows. `knows_clients`: by their certificates; otherwise everybody is let in. mosquitto needs a plain listener beside the WebSocket's, and listens with the latter on every
  // address whatever it is told.
  explicit Mosquitto(const std::string& certificate = "good", bool knows_clients = true)
      : file_(certificates() + "/mosquitto.conf") {
    for (int tries = 0; tries < 20 && !child_; ++tries) {
      plain = free_port(), wss = free_port();
      std::ofstream(file_) << "user root\nlog_dest stdout\nlog_timestamp false\nlog_type information\nlog_type "
                              "error\nconnection_messages false\nset_tcp_nodelay true\n"
                           << "allow_anonymous true\nmax_queued_messages 20000\nlistener " << plain
                           << " 127.0.0.1\nlistener " << wss << "\nprotocol websockets\ncafile " << certificates()
                           << "/ca.crt\ncertfile " << certificates() << "/" << certificate << ".crt\nkeyfile "
                           << certificates() << "/" << certificate << ".key\nrequire_certificate "
                           << (knows_clients ? "true\nuse_identity_as_username true\n" : "false\n");
      start();
    }
    REQUIRE(child_);
  }
  // Others than the one that is tested: mosquitto's own programs.
  void publish(const std::string& topic, const std::string& payload, const std::vector<std::string>& more = {}) const {
    const std::string file = certificates() + "/payload";
    std::ofstream(file, std::ios::binary) << payload;
    std::string command = "mosquitto_pub -q 1 -p " + std::to_string(plain) + " -t '" + topic + "' -f " + file;
    for (const std::string& word : more) command += " " + word;
    Child done({"sh", "-c", command + " && echo done."});
    REQUIRE(done.line("done") == ".");
  }
  // It has subscribed. Each message is a line of its output: the topic, a blank, the payload.
  [[nodiscard]] std::unique_ptr<Child> listen(const std::string& filter) const {
    auto child = std::make_unique<Child>(std::vector<std::string>{"stdbuf", "-oL", "mosquitto_sub", "-d", "-v", "-q",
                                                                  "1", "-p", std::to_string(plain), "-t", filter});
    REQUIRE_FALSE(child->line("Subscribed (").empty());
    return child;
  }
  // Ends a client's connection and keeps its session: another one signs in under its name. That one may be thrown out in turn.
  void throw_out(const std::string& client) const {
    Child done({"sh", "-c",
                "timeout 5 mosquitto_sub -E -c -q 1 -i " + client + " -p " + std::to_string(plain) +
                    " -t nothing; echo done."});
    REQUIRE(done.line("done") == ".");
  }
  void stop() { child_.reset(); }
  void start() {
    child_ = std::make_unique<Child>(std::vector<std::string>{"stdbuf", "-oL", "mosquitto", "-c", file_});
    if (child_->line("mosquitto version 2.0.").empty() || child_->line("Opening websockets listen socket").empty() ||
        child_->line("mosquitto version 2.0.").find("running") == std::string::npos)
      child_.reset();
  }
  std::uint16_t plain = 0, wss = 0;

 private:
  const std::string file_;
  std::unique_ptr<Child> child_;
};

}  // namespace platen
