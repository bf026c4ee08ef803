#include "snmpd.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "wire.h"

namespace platen::test {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "snmpd: %s (Debian package snmpd)\n", why.c_str());
  std::abort();
}

bool answers(const snmp::Peer& peer) {
  auto engine = snmp::Engine::open(snmp::open_plain_port().value(), {}, system_clock()).value();
  bool alive = false;
  engine->discover(peer, {std::chrono::milliseconds(100), 0},
                   [&](const snmp::Answer& answer) { alive = answer.is == snmp::Answer::Is::report; });
  return settle(*engine) && alive;
}

}  // namespace

Snmpd::Snmpd(const std::string& configuration, int host, std::uint16_t port)
    : peer_{IpAddress::v4(0x7F000000U + static_cast<std::uint32_t>(host)), port} {
  std::string pattern = (std::filesystem::temp_directory_path() / "platen-snmpd-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) give_up("no temporary folder");
  folder_ = pattern;
  configuration_ = configuration;
  start();
}

Snmpd::~Snmpd() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Snmpd::start_again(int boots) {
  stop();
  boots_ = boots;
  start();
}

void Snmpd::configure(const std::string& configuration) {
  stop();
  configuration_ = configuration;
  std::error_code ignored;
  std::filesystem::remove_all(folder_ / "state", ignored);
  start();
}

void Snmpd::replace() {
  stop();
  ++engine_;
  boots_ = 1;
  start();
}

void Snmpd::start() {
  if (peer_.port == 0) peer_.port = free_port();
  const std::string engine = "0x80001f880400010203" + std::to_string(engine_);
  std::ofstream(folder_ / "snmpd.conf") << configuration_ << "exactEngineID " << engine << "\noldEngineID " << engine
                                        << "\nengineBoots " << boots_ - 1 << '\n';
  const std::string conf = (folder_ / "snmpd.conf").string();
  const std::string log = (folder_ / "log").string();
  const std::string address = "udp:" + peer_.address.text() + ":" + std::to_string(peer_.port);
  const std::string state = "SNMP_PERSISTENT_DIR=" + (folder_ / "state").string();
  const std::array<std::string, 8> words{"snmpd", "-f", "-C", "-c", conf, "-Lf", log, address};
  std::array<char*, words.size() + 1> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = const_cast<char*>(words[i].c_str());
  std::array<char*, 3> environment{const_cast<char*>(state.c_str()), const_cast<char*>("MIBS="), nullptr};
  if (::posix_spawn(&pid_, "/usr/sbin/snmpd", nullptr, nullptr, arguments.data(), environment.data()) != 0) {
    give_up("cannot be started");
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!answers(peer_)) {
    if (std::chrono::steady_clock::now() > end) give_up("does not answer");
  }
}

void Snmpd::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace platen::test
