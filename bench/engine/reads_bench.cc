// What full reads of a simulated fleet cost the engine: SNMPv2c beside SNMPv3 authPriv, many printers of one latency on
// Debian's default receive buffer, and a fleet with liars in it. Prints a table; no test.
//
//   reads-bench [PRINTERS]     (default 1000; ten times as many for the losses; traffic stays on 127.0.0.0/8)
//
// The printers live in a child process, so the CPU is that of engine, plans and decoding in this one.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "snmp/discover/scanner.h"
#include "tests/zoo/fleets.h"

using namespace platen;
using namespace platen::snmp;

namespace {

constexpr std::size_t debian_default = 212'992 / 2;  // net.core.rmem_default; the kernel doubles what it is asked for
constexpr std::uint32_t base = 0x7F3C0001;           // 127.60.0.1

Credential user() {
  return {.version = Version::v3,
          .user = "bench",
          .auth = Auth::sha1,
          .auth_pass = Secret("long enough to pass"),
          .priv = Priv::aes128,
          .priv_pass = Secret("and long enough too")};
}

// `liars` of every hundred printers misbehave.
zoo::Fleet fleet_of(std::uint32_t count, const std::string& manners, std::uint32_t liars) {
  zoo::FleetOptions options;
  options.name = "printers";
  options.base = IpAddress::v4(base);
  options.count = count;
  options.manners = zoo::parse_manners(manners).value();
  auto fleet = zoo::make_fleet(options).value();
  auto access = std::make_shared<zoo::Access>();
  access->users = {std::make_shared<const zoo::UsmUser>(user())};
  constexpr std::array lies = {"endless", "repeat", "wrong-types", "wrong-id:2", "drop-above:484"};
  for (std::size_t i = 0; i < fleet.devices.size(); ++i) {
    fleet.devices[i].access = access;
    if (i % 100 < liars) fleet.devices[i].manners = zoo::parse_manners(lies[i % lies.size()]).value();
  }
  return fleet;
}

class Printers {
 public:
  explicit Printers(const zoo::Fleet& fleet) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) std::abort();
    child_ = ::fork();
    if (child_ == 0) serve(fleet, pipe[1]);
    ::close(pipe[1]);
    if (::read(pipe[0], &port_, sizeof(port_)) != sizeof(port_)) std::abort();
    ::close(pipe[0]);
  }
  Printers(const Printers&) = delete;
  Printers& operator=(const Printers&) = delete;
  ~Printers() { ::kill(child_, SIGKILL), ::waitpid(child_, nullptr, 0); }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  [[noreturn]] static void serve(const zoo::Fleet& fleet, int out) {
    const auto zoo = zoo::Zoo::start(fleet, {}).value();
    const std::uint16_t port = zoo->port();
    if (::write(out, &port, sizeof(port)) != sizeof(port)) std::abort();
    while (true) ::pause();
  }
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

struct Cost {
  double cpu = 0, wall = 0, honest_wall = 0;  // seconds
  double sent = 0;                            // datagrams a printer
  std::size_t complete = 0;
  std::uint64_t lost = 0;
};

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Cost read_all(Engine& engine, const Printers& printers, std::uint32_t count, const Credential& credential,
              std::uint32_t liars) {
  static const Profiles profiles = Profiles::built_in();
  std::vector<Scanner::Known> known(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    known[i].peer = {IpAddress::v4(base + i), printers.port()};
    known[i].credential = credential;
  }
  ScanOptions options;
  options.credentials = {credential};
  options.reads_at_once = count;
  options.subnet_budget = 100'000;
  Cost cost;
  const auto began = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  const double cpu = cpu_seconds();
  const auto before = engine.counts();
  Scanner scanner(engine, profiles, system_clock());
  scanner.read(known, Reading::Kind::full, options,
               [&](Outcome&& outcome) {
                 cost.complete += outcome.reading && outcome.reading->complete ? 1U : 0U;
                 if ((outcome.peer.address.to_v4() - base) % 100 >= liars) cost.honest_wall = elapsed();
               },
               {}, {});
  cost.cpu = cpu_seconds() - cpu;
  cost.wall = elapsed();
  cost.sent = static_cast<double>(engine.counts().sent - before.sent) / count;
  cost.lost = engine.counts().dropped_by_kernel - before.dropped_by_kernel;
  return cost;
}

std::unique_ptr<Engine> engine_on(std::size_t buffer) {
  return Engine::open(open_batched_port(buffer).value(), {}, system_clock()).value();
}

void show(const char* what, std::uint32_t count, const Cost& cost) {
  std::printf("%-34s %6u printers %6zu complete %7.3f ms CPU each %6.2f s wall %6.2f datagrams each %6llu lost here\n",
              what, count, cost.complete, cost.cpu / count * 1e3, cost.wall, cost.sent,
              static_cast<unsigned long long>(cost.lost));
}

void versions(std::uint32_t count) {
  const Printers printers(fleet_of(count, "latency:5+10", 0));
  const Cost community = read_all(*engine_on(wanted_receive_buffer), printers, count, Credential{}, 0);
  show("SNMPv2c", count, community);
  const auto engine = engine_on(wanted_receive_buffer);
  const Credential secret = user();
  const Cost cold = read_all(*engine, printers, count, secret, 0);
  show("SNMPv3 SHA/AES, engines unknown", count, cold);
  const Cost warm = read_all(*engine, printers, count, secret, 0);
  show("SNMPv3 SHA/AES, engines known", count, warm);
  std::printf("SNMPv3 takes %.2f x the CPU, %+.2f datagrams a printer cold, %+.2f warm (goals 2.5, +1, +0)\n\n",
              cold.cpu / community.cpu, cold.sent - community.sent, warm.sent - community.sent);
}

void losses(std::uint32_t count) {
  const Printers printers(fleet_of(count, "latency:20", 0));
  show("one latency, default buffer", count, read_all(*engine_on(debian_default), printers, count, Credential{}, 0));
}

void liars(std::uint32_t count) {
  constexpr std::uint32_t share = 5;
  Cost clean, mixed;
  {
    const Printers printers(fleet_of(count, "latency:5+10", 0));
    clean = read_all(*engine_on(wanted_receive_buffer), printers, count, Credential{}, share);
  }
  {
    const Printers printers(fleet_of(count, "latency:5+10", share));
    mixed = read_all(*engine_on(wanted_receive_buffer), printers, count, Credential{}, share);
  }
  show("all honest", count, clean);
  show("5 % liars", count, mixed);
  std::printf("honest printers were done after %.0f %% of a clean cycle (goal 110)\n",
              mixed.honest_wall / clean.honest_wall * 100);
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = static_cast<std::uint32_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000);
  versions(count);
  losses(count * 10);
  liars(count);
  return 0;
}
