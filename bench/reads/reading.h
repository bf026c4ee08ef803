// Reading a whole fleet with one engine, and what that costs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "snmp/discover/scanner.h"

namespace platen::bench {

struct Cost {
  double cpu = 0, wall = 0;  // seconds: CPU of this process, kernel included
  std::uint64_t sent = 0;    // datagrams
  std::uint64_t lost = 0;    // datagrams that the kernel dropped for want of room, as our sockets were told
  std::size_t complete = 0;  // printers
};

using Fleet = std::vector<snmp::Scanner::Known>;  // in the order of their addresses
using OnOutcome = std::function<void(const snmp::Outcome&)>;

[[nodiscard]] const snmp::Profiles& profiles();
// `octets` of receive buffer as the kernel counts them: it doubles what it is asked for.
[[nodiscard]] std::unique_ptr<snmp::DatagramPort> port_with(std::size_t octets);
[[nodiscard]] std::unique_ptr<snmp::Engine> engine_on(std::unique_ptr<snmp::DatagramPort> port);
[[nodiscard]] std::unique_ptr<snmp::Engine> engine();  // with the buffer that the product wishes for

// Printers of which nothing is known but where they are and what opens them.
[[nodiscard]] Fleet strangers(std::uint32_t count, std::uint16_t port, const snmp::Credential& credential);

// Reads all of them in full. Afterwards `fleet` knows what was read, and every row is due to be asked for again.
Cost read_all(snmp::Engine& engine, Fleet& fleet, const OnOutcome& on_outcome = {});

// What `run` costs this process.
Cost cost_of(snmp::Engine& engine, const std::function<void(Cost&)>& run);

}  // namespace platen::bench
