#include "bench/reads/printers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>

namespace platen::bench {
namespace {

[[noreturn]] void serve(const zoo::Fleet& fleet, int out) {
  const auto zoo = zoo::Zoo::start(fleet, {}).value();
  const std::uint16_t port = zoo->port();
  if (::write(out, &port, sizeof(port)) != sizeof(port)) std::abort();
  while (true) ::pause();
}

}  // namespace

snmp::Credential the_user() {
  return {.version = snmp::Version::v3,
          .user = "bench",
          .auth = snmp::Auth::sha1,
          .auth_pass = Secret("long enough to pass"),
          .priv = snmp::Priv::aes128,
          .priv_pass = Secret("and long enough too")};
}

zoo::Fleet printers(std::uint32_t count, const std::string& manners) {
  zoo::FleetOptions options;
  options.name = "printers";
  options.base = IpAddress::v4(first_address);
  options.count = count;
  options.manners = zoo::parse_manners(manners).value();
  auto fleet = zoo::make_fleet(options).value();
  auto access = std::make_shared<zoo::Access>();
  access->users = {std::make_shared<const zoo::UsmUser>(the_user())};
  for (auto& device : fleet.devices) device.access = access;
  return fleet;
}

Child::Child(const zoo::Fleet& fleet) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) std::abort();
  process_ = ::fork();
  if (process_ == 0) serve(fleet, pipe[1]);
  ::close(pipe[1]);
  if (::read(pipe[0], &port_, sizeof(port_)) != sizeof(port_)) std::abort();
  ::close(pipe[0]);
}

Child::~Child() { ::kill(process_, SIGKILL), ::waitpid(process_, nullptr, 0); }

}  // namespace platen::bench
