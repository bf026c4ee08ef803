// What one exchange costs the SNMP engine, and what a full window of silent devices weighs. Prints a table; no test.
//
//   engine-bench [EXCHANGES]     (default 100000 for each row; traffic stays on 127.0.0.0/8)
//   engine-bench in-flight       the megabytes resident with 10,000 asks in flight, as JSON for bench/snmp
//
// A child process answers every GETBULK with the same rows, so the figures are the engine's own: CPU of this process,
// kernel included.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include "bench/cpu_seconds.h"
#include "snmp/engine/ber_peek.h"
#include "snmp/engine/engine.h"
#include "snmp/engine/udp_socket.h"

using namespace platen;
using namespace platen::snmp;
using namespace std::chrono_literals;

namespace {

using Octets = std::vector<std::uint8_t>;

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

Octets wrapped(std::uint8_t tag, const Octets& content) {
  Octets out{tag, 0x82, static_cast<std::uint8_t>(content.size() >> 8U), static_cast<std::uint8_t>(content.size())};
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

void append(Octets& to, const Octets& more) { to.insert(to.end(), more.begin(), more.end()); }

// A v2c Response with `rows` rows of prtMarkerSuppliesLevel; its id is stamped in place.
Octets response(std::size_t rows) {
  Octets list;
  for (std::size_t i = 0; i < rows; ++i) {
    append(list, {0x30, 0x12, 0x06, 0x0C, 0x2B, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, static_cast<std::uint8_t>(i + 1),
                  0x02, 0x02, 0x13, 0x88});
  }
  Octets pdu{0x02, 0x04, 0x40, 0, 0, 0, 0x02, 0x01, 0, 0x02, 0x01, 0};
  append(pdu, wrapped(0x30, list));
  Octets message{0x02, 0x01, 0x01, 0x04, 0x06, 'p', 'u', 'b', 'l', 'i', 'c'};
  append(message, wrapped(0xA2, pdu));
  return wrapped(0x30, message);
}

// Bound to `host`; a port that the kernel picks.
int open_socket(std::uint32_t host, std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  constexpr int buffer = 16 << 20;
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)));
  SocketAddress address{};
  socklen_t length = to_socket_address({IpAddress::v4(host), 0}, address);
  if (::bind(fd, &address.any, length) != 0 || ::getsockname(fd, &address.any, &length) != 0) std::abort();
  port = to_peer(address).port;
  return fd;
}

[[noreturn]] void answer_for_ever(int fd, std::size_t rows) {
  Octets reply = response(rows);
  const std::size_t id_at = peek(reply).value().id_at;
  std::array<std::uint8_t, 2048> question{};
  while (true) {
    SocketAddress from{};
    socklen_t length = sizeof(from);
    const ssize_t octets = ::recvfrom(fd, question.data(), question.size(), 0, &from.any, &length);
    const auto seen = octets > 0 ? peek({question.data(), static_cast<std::size_t>(octets)}) : std::nullopt;
    if (!seen) continue;
    for (std::size_t i = 0; i < 4; ++i) reply[id_at + i] = static_cast<std::uint8_t>(seen->id >> (24 - 8 * i));
    static_cast<void>(::sendto(fd, reply.data(), reply.size(), 0, &from.any, length));
  }
}

// Many loopback ports stand for many devices, so that the window is full.
constexpr std::size_t devices = 64;

struct Farm {
  explicit Farm(std::size_t rows) {
    for (std::size_t i = 0; i < devices; ++i) fds.push_back(open_socket(0x7F000001, ports.emplace_back()));
    for (const int fd : fds) {
      children.push_back(::fork());
      if (children.back() == 0) answer_for_ever(fd, rows);
    }
    for (const int fd : fds) ::close(fd);
  }
  ~Farm() {
    for (const pid_t child : children) ::kill(child, SIGKILL), ::waitpid(child, nullptr, 0);
  }
  std::vector<std::uint16_t> ports;
  std::vector<int> fds;
  std::vector<pid_t> children;
};

void exchanges(std::size_t rows, std::size_t count) {
  const Farm farm(rows);
  auto engine = Engine::open(open_batched_port().value(), {}, system_clock()).value();
  const Credential credential;
  const Ask bulk{PduType::get_bulk, {Oid{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9}}, 0, static_cast<std::int32_t>(rows)};
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::function<void(std::size_t)> next = [&](std::size_t device) {
    if (asked++ >= count) return;
    engine->ask({IpAddress::v4(0x7F000001), farm.ports[device]}, credential, bulk, {},
                [&, device](const Answer& answer) {
                  if (answer.is == Answer::Is::response) answered += answer.varbinds.size() == rows ? 1U : 0U;
                  next(device);
                });
  };
  const double before = bench::cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < devices; ++i) next(i);
  while (engine->step(100ms)) {
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  std::printf("GETBULK, %2zu rows   %8zu answered   %6.2f us CPU each   %8.0f a second\n", rows, answered,
              (bench::cpu_seconds() - before) / static_cast<double>(count) * 1e6,
              static_cast<double>(count) / wall.count());
}

struct Weight {  // megabytes resident: the program alone, with an open engine, with all asks in flight
  double program, opened, full;
};

Weight weigh(std::uint32_t count) {
  std::uint16_t port = 0;
  const int deaf = open_socket(0, port);  // takes what is sent to any 127.x.y.z, reads nothing
  Weight weight{};
  weight.program = resident_megabytes();
  auto engine = Engine::open(open_batched_port().value(), {count}, system_clock()).value();
  weight.opened = resident_megabytes();
  const Credential credential;
  for (std::uint32_t i = 0; i < count; ++i) {
    engine->ask({IpAddress::v4(0x7F010000 + i), port}, credential,
                {PduType::get_bulk, {Oid{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9}}, 0, 20}, {60s, 0}, [](const Answer&) {});
  }
  while (engine->counts().sent < count) static_cast<void>(engine->step(1ms));
  weight.full = resident_megabytes();
  ::close(deaf);
  return weight;
}

void silent_devices(std::uint32_t count) {
  const Weight weight = weigh(count);
  std::printf("%u asks in flight   %.1f MB resident: %.1f program, %.1f engine and library, %.1f asks\n", count,
              weight.full, weight.program, weight.opened - weight.program, weight.full - weight.opened);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "in-flight")
    return std::printf("{\"megabytes\":%.2f}\n", weigh(10'000).full) < 0 ? 1 : 0;
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  silent_devices(10'000);
  for (const std::size_t rows : {1U, 10U, 25U, 50U}) exchanges(rows, count);
  return 0;
}
